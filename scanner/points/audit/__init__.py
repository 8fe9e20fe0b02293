"""The audit as an enforcement point: what the user asked for, the sources it means, the run, its reports."""
