"""The code quality report of GitLab: what its merge request widget and the diff show.

GitLab compares this report with that of the target branch by fingerprint, so it always has all Findings; what was not
read is in it too, since the widget is all that many people look at.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import clipped, not_read
from scanner.formats.streamed import json_array
from scanner.formats.titles import finding_title
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report

SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}
"""GitLab knows ``info``, ``minor``, ``major``, ``critical`` and ``blocker``; an unknown verdict is ``info``."""
LONGEST = 1_000
"""Characters of a description."""


class GitlabFormat(Format):
    """A Report as GitLab's code quality JSON."""

    name = "gitlab"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield an array with one entry a line."""
        yield from json_array(_entries(report), "")
        yield "\n"


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    known: Counter[str] = Counter()
    for finding in report.findings:
        if finding.exemption is None and finding.verdict is not Verdict.ERROR:
            yield _finding(report, finding, _unique(finding.fingerprint, known))
    for entry in not_read(report):
        yield _unread(entry, known)


def _finding(report: Report, finding: Finding, fingerprint: str) -> dict[str, Any]:
    rule = report.rules.get(finding.rule)
    title = f"{printable(rule.title)}. " if rule is not None else ""
    unknown = finding.verdict is Verdict.UNKNOWN
    about = f"{'Unknown: ' if unknown else ''}{title}{finding_title(finding)}: {printable(finding.message)}"
    region = finding.location.region
    lines = {"begin": region.line, "end": region.end_line} if region else {"begin": 1}
    return {
        "description": clipped(about, LONGEST),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": "info" if unknown else SEVERITIES[finding.severity],
        "location": {"path": _path(finding.location.file), "lines": lines},
    }


def _unread(entry: LedgerEntry, known: Counter[str]) -> dict[str, Any]:
    said = "\0".join((entry.input, entry.state.value, entry.rule, entry.reason))
    return {
        "description": clipped(f"{entry.state.value}: {printable(entry.reason) or 'not read in full'}", LONGEST),
        "check_name": f"ledger/{entry.state.value}",
        "fingerprint": _unique(sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32], known),
        "severity": "major" if entry.incomplete else "info",
        "location": {"path": _path(entry.input), "lines": {"begin": entry.line or 1}},
    }


def _path(file: str) -> str:
    return "stdin" if file == "-" else printable(file).removeprefix("./")


def _unique(fingerprint: str, known: Counter[str]) -> str:
    """Return ``fingerprint``, told apart where it was used before: GitLab shows only the first of each."""
    known[fingerprint] += 1
    number = known[fingerprint]
    return fingerprint if number == 1 else sha256(f"{fingerprint}:{number}".encode()).hexdigest()[:32]
