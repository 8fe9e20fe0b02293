"""Findings as a table for spreadsheets, one a row; what was not read follows in the same columns.

A cell that begins like a formula would be computed by the spreadsheet that opens it, with whatever an input chose to
put there, so such a cell begins with an apostrophe (OWASP, CSV injection).
"""

import re
from collections.abc import Iterator, Mapping

from scanner.formats.interface import Comparison, Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import change_of, changes, not_read
from scanner.formats.titles import addresses
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.path import format_path
from scanner.report import Report

COLUMNS = (
    "verdict",
    "severity",
    "rule",
    "title",
    "blocking",
    "change",
    "file",
    "line",
    "column",
    "resource",
    "type",
    "addresses",
    "path",
    "message",
    "tenant",
    "tenant_name",
    "environment",
    "tier",
    "fix",
    "exemption",
    "exemption_reason",
    "exemption_expires",
    "fingerprint",
)
"""Names of the columns; ``change`` is filled where the run compares with a base."""

_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a formula begins with, in the wide forms of East Asian keyboards too."""


class CsvFormat(Format):
    """A Report as CSV (RFC 4180): commas, CRLF, a head line."""

    name = "csv"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield one row at a time."""
        yield csv_row(COLUMNS)
        blocking = {id(finding) for finding in report.blocking()}
        known = changes(presentation.comparison)
        for finding in report.findings:
            yield _row_of(_finding(report, finding, id(finding) in blocking, change_of(finding, known)))
        for finding in _fixed(presentation.comparison):
            yield _row_of(_finding(report, finding, False, "fixed"))
        for entry in not_read(report):
            yield _row_of(_entry(entry))


def _fixed(comparison: Comparison | None) -> tuple[Finding, ...]:
    return comparison.fixed if comparison is not None else ()


def _finding(report: Report, finding: Finding, blocks: bool, change: str) -> dict[str, str]:
    rule = report.rules.get(finding.rule)
    region, exemption, tenancy = finding.location.region, finding.exemption, finding.tenancy
    return {
        "verdict": "fixed" if change == "fixed" else "exempted" if exemption is not None else finding.verdict.value,
        "severity": finding.severity.label,
        "rule": finding.rule,
        "title": rule.title if rule is not None else "",
        "blocking": "yes" if blocks else "no",
        "change": change,
        "file": _file(finding.location.file),
        "line": str(region.line) if region else "",
        "column": str(region.column) if region else "",
        "resource": finding.resource,
        "type": finding.type,
        "addresses": "; ".join(addresses(finding)) or finding.address,
        "path": format_path(finding.path),
        "message": finding.message,
        "tenant": "; ".join(tenant for tenant in finding.tenants if tenant),
        "tenant_name": tenancy.tenant_name or "",
        "environment": tenancy.environment or "",
        "tier": tenancy.tier or "",
        "fix": rule.fix if rule is not None else "",
        "exemption": exemption.id if exemption is not None else "",
        "exemption_reason": exemption.reason if exemption is not None else "",
        "exemption_expires": exemption.expires.isoformat() if exemption is not None and exemption.expires else "",
        "fingerprint": finding.fingerprint,
    }


def _entry(entry: LedgerEntry) -> dict[str, str]:
    return {
        "verdict": entry.state.value,
        "rule": entry.rule,
        "file": _file(entry.input),
        "line": str(entry.line or ""),
        "column": str(entry.column or ""),
        "message": entry.reason,
    }


def _file(path: str) -> str:
    return "stdin" if path == "-" else path


def _row_of(cells: Mapping[str, str]) -> str:
    return csv_row(tuple(cells.get(column, "") for column in COLUMNS))


def csv_row(cells: tuple[str, ...]) -> str:
    """Return one row of CSV, every cell harmless."""
    return ",".join(map(cell, cells)) + "\r\n"


def cell(text: str) -> str:
    """Return ``text`` as one field: harmless in a spreadsheet, in quotes where it needs them."""
    safe = printable(text)
    if _FORMULA.match(text) or _FORMULA.match(safe.lstrip(" ")):
        safe = f"'{safe}"
    return '"' + safe.replace('"', '""') + '"' if any(mark in safe for mark in ',"\r\n;') else safe
