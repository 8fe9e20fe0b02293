"""Annotations of GitHub Actions: workflow commands that put the worst Findings beside the changed lines.

GitHub shows ten errors, ten warnings and ten notices of one step and drops the rest without a word, so the worst come
first and a last notice says how many there are beside them.
"""

from collections import Counter
from collections.abc import Iterator

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import Shown, clipped, exemptions_beyond, not_read, shown, unknown_gate, worst_first
from scanner.formats.titles import addresses, finding_title
from scanner.formats.wording import listed, plural
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.location import Location
from scanner.model.severity import Severity
from scanner.report import Report

MOST = 10
"""Annotations of one kind that GitHub shows for one step."""
UNREAD_FIRST = 2
"""Inputs not read in full that come before the Findings; the others take what room is left."""
LONGEST = 4_000
"""Characters of a message; GitHub cuts annotations at 64 KiB."""
KINDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


class GithubFormat(Format):
    """The worst Findings as annotations; for standard output of a step of GitHub Actions."""

    name = "github"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield one workflow command a line; nothing where there is nothing to say."""
        found = shown(report, presentation.comparison)
        unread = list(_unread(report))
        commands = [*_exemptions(report), *unread[:UNREAD_FIRST], *_findings(report, found), *unread[UNREAD_FIRST:]]
        numbers = Counter(kind for kind, _ in commands)
        cut = sum(max(0, number - MOST) for number in numbers.values())
        room = dict.fromkeys(numbers, MOST)
        if cut and numbers["notice"] >= MOST:  # the note about the others takes a place of its own
            room["notice"], cut = MOST - 1, cut + 1
        for kind, command in commands:
            if room[kind]:
                room[kind] -= 1
                yield command
        if cut:
            yield _command(
                "notice",
                None,
                "Bulkhead has more to say",
                f"{plural(cut, 'more annotation')} left out: GitHub shows {MOST} errors, {MOST} warnings and {MOST} "
                "notices of one step. The text, SARIF and JSON reports have all of them.",
            )


def _findings(report: Report, found: Shown) -> Iterator[tuple[str, str]]:
    for finding in worst_first(found.failing):
        yield _annotation(report, finding, KINDS[finding.severity], finding.severity.label)
    gate = unknown_gate(report)
    for finding in worst_first(found.unknown) if gate != "ignore" else ():
        kind = "error" if gate == "fail" else "notice"
        yield _annotation(report, finding, kind, "unknown")


def _annotation(report: Report, finding: Finding, kind: str, label: str) -> tuple[str, str]:
    rule = report.rules.get(finding.rule)
    title = f"{finding.rule} ({label})" + (f": {rule.title}" if rule is not None else "")
    lines = [f"{finding_title(finding)}: {printable(finding.message)}"]
    if len(finding.occurrences) > 1:
        lines.append(f"In: {listed(addresses(finding), most=5)}")
    if rule is not None and rule.fix:
        lines.append(f"Fix: {printable(rule.fix)}")
    return kind, _command(kind, finding.location, title, "\n".join(lines))


def _exemptions(report: Report) -> Iterator[tuple[str, str]]:
    if beyond := exemptions_beyond(report):
        yield "error", _command("error", None, "Too many exemptions", beyond)


def _unread(report: Report) -> Iterator[tuple[str, str]]:
    kind = "error" if report.gate.incomplete == "fail" else "warning"
    for entry in not_read(report):
        yield (kind, _entry(kind, entry)) if entry.incomplete else ("notice", _entry("notice", entry))


def _entry(kind: str, entry: LedgerEntry) -> str:
    title = "A rule could not be evaluated" if entry.rule else f"Not read in full ({entry.state.value})"
    line = f",line={entry.line}" + (f",col={entry.column}" if entry.column else "") if entry.line else ""
    file = f"file={escaped_property(printable(entry.input))}" if entry.input != "-" else ""
    place = f"{file}{line}," if file else ""
    reason = printable(entry.reason or entry.state.value)
    return f"::{kind} {place}title={escaped_property(title)}::{escaped(clipped(reason, LONGEST))}\n"


def _command(kind: str, location: Location | None, title: str, message: str) -> str:
    properties = [*_place(location), f"title={escaped_property(clipped(printable(title), 255))}"]
    return f"::{kind} {','.join(properties)}::{escaped(clipped(message, LONGEST))}\n"


def _place(location: Location | None) -> Iterator[str]:
    if location is None or location.file == "-":
        return
    yield f"file={escaped_property(printable(location.file))}"
    region = location.region
    if region is not None:
        yield f"line={region.line},endLine={region.end_line}"
        if region.line == region.end_line:  # GitHub takes columns only within one line
            yield f"col={region.column},endColumn={region.end_column}"


def escaped(text: str) -> str:
    """Return ``text`` as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Return ``text`` as the value of a property of a workflow command."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
