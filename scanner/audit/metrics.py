"""Figures of the last runs for Prometheus, as a file that node_exporter's textfile collector reads.

https://github.com/prometheus/node_exporter#textfile-collector; the text format is that of
https://prometheus.io/docs/instrumenting/exposition_formats/. :func:`scanner.formats.write.write_report` replaces the
file at once, so that it is never read half written.
How old a run is follows in Prometheus: ``time() - bulkhead_audit_last_recorded_timestamp_seconds``. A file that tells
its own age would keep telling it after the audit has stopped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.audit.store import Run, Status, Store, StoredFinding
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict


class Sample(NamedTuple):
    """One value of one metric."""

    labels: tuple[tuple[str, str], ...]
    value: float


def metrics(store: Store) -> Iterator[str]:
    """Yield the lines of the file."""
    last = next(iter(store.runs(1)), None)
    recorded = next(iter(store.runs(1, recorded=True)), None)
    yield from _metric("last_run_status", "Whether the last run that was begun has this status.", _status(last))
    if last is not None:
        started = [Sample((), _seconds(last.started))]
        yield from _metric("last_run_started_timestamp_seconds", "When the last run was begun.", started)
    if recorded is not None:
        yield from _of_run(store, recorded)


def _of_run(store: Store, run: Run) -> Iterator[str]:
    findings = store.findings(run.id)
    finished = [Sample((), _seconds(run.finished or run.started))]
    yield from _metric("last_recorded_timestamp_seconds", "When the last recorded run ended.", finished)
    yield from _metric("duration_seconds", "How long the last recorded run took.", [Sample((), run.elapsed_s)])
    yield from _metric("resources", "Resources the last recorded run judged.", [Sample((), run.resources)])
    yield from _metric("inputs_not_read", "Entries of its ledger that make it incomplete.", [Sample((), run.not_read)])
    scopes = [Sample((), len(store.run(run.id).scopes))]
    yield from _metric("scopes", "Clusters and subscriptions it set out to read.", scopes)
    failing = [one for one in findings if one.verdict is Verdict.FAIL and one.exemption is None]
    severities = Counter(one.severity for one in failing)
    samples = [Sample((("severity", one.label),), severities[one]) for one in reversed(Severity)]
    yield from _metric("findings", "Failing findings that are not exempted, by severity.", samples)
    yield from _metric("tenant_findings", "The same by tenant and severity.", _by_tenant(failing))
    yield from _metric("rule_findings", "The same by rule.", _by_rule(failing))
    unknown = sum(one.verdict is not Verdict.FAIL and one.exemption is None for one in findings)
    yield from _metric("findings_unknown", "Findings that could not be decided.", [Sample((), unknown)])
    yield from _metric("findings_exempted", "Findings that are accepted.", [Sample((), run.exempted)])


def _status(run: Run | None) -> Iterator[Sample]:
    for status in Status:
        yield Sample((("status", status.value),), run is not None and run.status is status)


def _by_tenant(findings: Iterable[StoredFinding]) -> Iterator[Sample]:
    numbers = Counter((one.tenant, one.severity.label) for one in findings)
    for (tenant, severity), number in sorted(numbers.items()):
        yield Sample((("tenant", tenant or "-"), ("severity", severity)), number)


def _by_rule(findings: Iterable[StoredFinding]) -> Iterator[Sample]:
    for (rule, severity), number in sorted(Counter((one.rule, one.severity.label) for one in findings).items()):
        yield Sample((("rule", rule), ("severity", severity)), number)


def _metric(name: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP bulkhead_audit_{name} {about}\n# TYPE bulkhead_audit_{name} gauge\n"
    for labels, value in samples:
        written = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        yield f"bulkhead_audit_{name}{f'{{{written}}}' if written else ''} {float(value):.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _seconds(time: str) -> float:
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
