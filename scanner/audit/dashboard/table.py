"""The same as CSV: every Finding of either run with what became of it, one a row."""

from collections.abc import Iterator

from scanner.audit.dashboard.overview import PARTS, Overview
from scanner.audit.store import StoredFinding
from scanner.formats.csv_report import csv_row

COLUMNS = (
    "change",
    "verdict",
    "severity",
    "rule",
    "concern",
    "tenant",
    "environment",
    "type",
    "resource",
    "path",
    "message",
    "first_seen",
    "last_seen",
    "resolved",
    "exemption",
    "fingerprint",
)


def table(seen: Overview) -> Iterator[str]:
    """Yield one row at a time: parts of the changes first, then what did not change and is not failing."""
    yield csv_row(COLUMNS)
    told: set[tuple[str, str]] = set()
    for name, title in PARTS.items():
        for one in seen.part(name):
            told.add((one.fingerprint, one.tenant))
            yield _row(title, one)
    for one in seen.findings:
        if (one.fingerprint, one.tenant) not in told:
            yield _row("", one)


def _row(change: str, one: StoredFinding) -> str:
    return csv_row(
        (
            change,
            "exempted" if one.exemption is not None else one.verdict.value,
            one.severity.label,
            one.rule,
            one.concern,
            one.tenant,
            one.environment,
            one.type,
            one.resource,
            one.path,
            one.message,
            one.first_seen,
            one.last_seen,
            one.resolved or "",
            one.exemption or "",
            one.fingerprint,
        )
    )
