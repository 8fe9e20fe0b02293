"""The engine: Resources and Rules in, verdicts out. It does no I/O of its own, and no rule can."""
