"""Logging commands of Azure Pipelines: Findings as issues of the run, and Markdown reports as its summary tab.

The agent acts on such a command wherever it stands in a line of standard output, so nothing of an input may end one or
begin another.
"""

from collections.abc import Iterator

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import (
    by_severity,
    clipped,
    exemptions_beyond,
    not_read,
    shown,
    unknown_gate,
    worst_first,
)
from scanner.formats.titles import finding_title
from scanner.formats.wording import plural
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report

MOST = 200
"""Issues of one run; the list of a run is not made for more."""
LONGEST = 4_000
"""Characters of one message."""

_ESCAPES = str.maketrans({"%": "%AZP25", ";": "%3B", "\r": "%0D", "\n": "%0A", "]": "%5D"})


class AzurePipelinesFormat(Format):
    """The worst Findings as issues; for standard output of a step of Azure Pipelines."""

    name = "azure-pipelines"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield one logging command a line: what was not read, Findings worst first, and the files to attach."""
        if beyond := exemptions_beyond(report):
            yield _issue("error", beyond)
        entries = not_read(report)
        for entry in entries[:MOST]:
            yield _entry(report, entry)
        found = shown(report, presentation.comparison)
        unknown = [] if unknown_gate(report) == "ignore" else worst_first(found.unknown)
        findings = [*worst_first(found.failing), *unknown]
        room = max(0, MOST - len(entries))
        for finding in findings[:room]:
            yield _finding(report, finding)
        left = findings[room:]
        if left or len(entries) > MOST:
            parts = [f"{plural(len(left), 'more finding')} ({by_severity(left)})"] if left else []
            if len(entries) > MOST:
                parts.append(plural(len(entries) - MOST, "more input") + " not read in full")
            yield _issue("warning", f"{' and '.join(parts)}: the text, SARIF and JSON reports have all of them")
        for path in presentation.summaries:
            yield f"##vso[task.uploadsummary]{escaped(printable(path))}\n"


def _finding(report: Report, finding: Finding) -> str:
    unknown = finding.verdict is Verdict.UNKNOWN
    error = unknown_gate(report) == "fail" if unknown else finding.severity >= Severity.HIGH
    rule = report.rules.get(finding.rule)
    label = "unknown" if unknown else finding.severity.label
    fix = f". Fix: {printable(rule.fix)}" if rule is not None and rule.fix else ""
    message = f"{finding.rule} ({label}) {finding_title(finding)}: {printable(finding.message)}{fix}"
    region = finding.location.region
    place = [("sourcepath", finding.location.file)] if finding.location.file != "-" else []
    lines = [("linenumber", str(region.line)), ("columnnumber", str(region.column))] if region and place else []
    return _issue("error" if error else "warning", message, *place, *lines, ("code", finding.rule))


def _entry(report: Report, entry: LedgerEntry) -> str:
    kind = "error" if entry.incomplete and report.gate.incomplete == "fail" else "warning"
    place = [("sourcepath", entry.input)] if entry.input != "-" else []
    if place and entry.line:
        place += [("linenumber", str(entry.line)), ("columnnumber", str(entry.column or 1))]
    return _issue(kind, f"{entry.state.value}: {printable(entry.reason) or printable(entry.input)}", *place)


def _issue(kind: str, message: str, *properties: tuple[str, str]) -> str:
    named = "".join(f"{name}={escaped(printable(value))};" for name, value in (("type", kind), *properties))
    return f"##vso[task.logissue {named}]{escaped(clipped(message, LONGEST))}\n"


def escaped(text: str) -> str:
    """Return ``text`` as a property or the message of a logging command; the agent turns all of it back."""
    return text.translate(_ESCAPES)
