"""A Report as a comment: the verdict first, a table of what is wrong, everything else folded away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from scanner.formats.interface import Comparison, Format, Presentation
from scanner.formats.links import source_address
from scanner.formats.markdown.escaping import code, linked, prose, text
from scanner.formats.markdown.fitting import Part, fitted
from scanner.formats.shown import (
    Shown,
    by_severity,
    change_of,
    clipped,
    comparison_words,
    inputs,
    introduced_among,
    not_read,
    rules_of,
    scope,
    shown,
    worst_first,
)
from scanner.formats.text.summary import outcome
from scanner.formats.titles import finding_title, owner
from scanner.formats.wording import effort, plural
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.location import Location
from scanner.report import Report

MARK = "<!-- bulkhead-report -->"
"""First line, by which a bot finds its own comment to renew it."""
COMMENT_CHARACTERS = 65_536
"""Longest comment that GitHub takes; GitLab and Azure Repos take more."""
SUMMARY_BYTES = 1_048_576
"""Largest job summary of one step that GitHub takes, in UTF-8."""
LONGEST = 500
"""Characters of one message."""
MOST_ROWS = 50
"""Rows of the table in a comment: nobody reads more of them beside a change."""
MOST_ENTRIES = 30
"""Rows of a folded list in a comment."""


class MarkdownFormat(Format):
    """A comment for a pull or merge request, at most 65,536 characters."""

    name = "markdown"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the comment in pieces."""
        yield from fitted(_parts(report, presentation, MOST_ROWS, MOST_ENTRIES), COMMENT_CHARACTERS - 512, _utf16)


class GithubSummaryFormat(Format):
    """The summary of a job, at most 1 MiB: the comment with longer lists."""

    name = "github-summary"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the summary in pieces; it is appended to the file that ``$GITHUB_STEP_SUMMARY`` names."""
        yield from fitted(_parts(report, presentation, 2_000, 500), SUMMARY_BYTES - 4_096, _utf8)


def _utf8(piece: str) -> int:
    return len(piece.encode("utf-8", "replace"))


def _utf16(piece: str) -> int:
    """Return the length as services count characters that are written in UTF-16: the larger of the usual two."""
    return len(piece) if piece.isascii() else len(piece.encode("utf-16-le", "replace")) // 2


def _parts(report: Report, presentation: Presentation, most: int, entries: int) -> list[Part]:
    found = shown(report, presentation.comparison)
    link = presentation.source_link
    fixed, unchanged, exempted = len(found.fixed), len(found.unchanged), len(found.exempted)
    return [
        Part(_verdict(report, presentation.comparison)),
        *_table(worst_first(found.failing), link, most, introduced_among(report, presentation.comparison)),
        *_unread(report, entries),
        *_differences(found, entries),
        *_fixes(report, found, entries),
        *_unknown(found.unknown, link, entries, report.gate.new_only),
        *_folded(f"{plural(fixed, 'finding')} fixed", _plain(found.fixed, ""), entries, fixed),
        *_folded(f"{unchanged:,} unchanged", _plain(found.unchanged, link), entries, unchanged),
        *_exempted(found, link, entries, f"{plural(exempted, 'finding')} exempted"),
        *_folded(plural(len(report.notes), "note"), map(_note, report.notes), entries, len(report.notes)),
        Part(_footer(report, presentation.comparison)),
    ]


def _verdict(report: Report, comparison: Comparison | None) -> str:
    head, _, rest = outcome(report, report.counts(), comparison)[1].partition(":")
    lines = [MARK, f"## Bulkhead: {head.lower()}", "", f"**{text(rest.strip())}**", ""]
    if comparison is not None:
        lines += [f"Compared with {code(comparison.base)}: {', '.join(comparison_words(comparison))}.", ""]
    return "\n".join(lines) + "\n"


def _table(findings: list[Finding], link: str, most: int, known: Mapping[Any, str]) -> Iterator[Part]:
    if not findings:
        return
    rows = [_row(finding, link, change_of(finding, known) == "introduced") for finding in findings[:most]]

    def more(number: int) -> str:
        rest = by_severity(findings[len(findings) - number :])
        return f"\n… and {plural(number, 'more finding')} ({rest}): the text, HTML and JSON reports have all of them.\n"

    head = "| Severity | Rule | Where | What |\n|---|---|---|---|\n"
    yield Part(head, rows, len(findings), "\n", more, share=0.6)


def _row(finding: Finding, link: str, new: bool) -> str:
    whose = owner(finding.tenancy)
    about = f"**{text(finding_title(finding))}**" + (f" ({text(whose)})" if whose else "")
    what = f"{about}: {text(clipped(finding.message, LONGEST))}"
    severity = f"{finding.severity.label}, introduced" if new else finding.severity.label
    return f"| {severity} | {code(finding.rule)} | {_place(finding.location, link)} | {what} |\n"


def _place(location: Location, link: str) -> str:
    file = "standard input" if location.file == "-" else location.file
    shown_ = f"{file}:{location.region.line}" if location.region else file
    return linked(code(shown_), source_address(link, location))


def _differences(found: Shown, most: int) -> Iterator[Part]:
    """Yield what drifted: both sides, who did it, and what would restore what is declared."""
    drifted = [finding for finding in worst_first(found.failing) if finding.difference is not None]
    yield from _folded(f"What drifted: {plural(len(drifted), 'place')}", map(_drifted, drifted), most, len(drifted))


def _drifted(finding: Finding) -> str:
    difference = finding.difference
    assert difference is not None, "only what drifted is asked for"
    about = f" {code(difference.attribute)}" if difference.attribute else ""
    head = f"- **{text(finding_title(finding))}**{about}"
    sides = [
        f"  - {name}: {code(clipped(' '.join(value.split()), LONGEST)) if value else 'nothing'}"
        for name, value in (("declared", difference.declared), ("live", difference.live))
    ]
    facts = [
        f"  - {name}: {prose(value)}"
        for name, value in (
            ("stands", difference.standing), ("cause", difference.cause), ("fix", difference.remedy),
            ("compared", difference.method),
        )
        if value
    ]  # fmt: skip
    return "\n".join((head, *sides, *facts)) + "\n"


def _fixes(report: Report, found: Shown, most: int) -> Iterator[Part]:
    rules = rules_of(found.failing)
    rows = []
    for id_ in rules:
        rule = report.rules.get(id_)
        if rule is not None:
            severity = rule.severity.label
            rows.append(f"- {code(id_)} ({severity}) **{text(rule.title)}** {prose(rule.fix)}".rstrip() + "\n")
    # the page of a rule is Markdown, and its fix is a sentence of it
    yield from _folded(f"How to fix: {plural(len(rows), 'rule')}", rows, most, len(rows))


def _unknown(findings: tuple[Finding, ...], link: str, most: int, new_only: bool) -> Iterator[Part]:
    causes: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        causes[finding.message].append(finding)
    rows = (_cause(message, alike, link) for message, alike in causes.items())
    number = plural(len(findings), "verdict")
    yield from _folded(f"{number} newly unknown" if new_only else f"{number} unknown", rows, most, len(causes))


def _cause(message: str, findings: list[Finding], link: str) -> str:
    return f"- {_who(findings, link)}: {text(clipped(message, LONGEST))}\n"


def _plain(findings: Iterable[Finding], link: str) -> Iterator[str]:
    for finding in worst_first(findings):
        where = f"{finding.severity.label} {code(finding.rule)}"
        title = text(finding_title(finding))
        yield f"- {where} {title}, {_place(finding.location, link)}: {text(clipped(finding.message, LONGEST))}\n"


def _exempted(found: Shown, link: str, most: int, title: str) -> Iterator[Part]:
    accepted: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in found.exempted:
        if finding.exemption is not None:
            accepted[finding.exemption.id].append(finding)
    rows = (_acceptance(findings, link) for findings in accepted.values())
    yield from _folded(title, rows, most, len(accepted))


def _acceptance(findings: list[Finding], link: str) -> str:
    exemption = findings[0].exemption
    assert exemption is not None, "only exempted findings are listed here"
    until = f"until {exemption.expires}" if exemption.expires else "no expiry"
    facts = ", ".join(fact for fact in (exemption.owner, exemption.ticket, until) if fact)
    return f"- {_who(findings, link)}: {text(clipped(exemption.reason, LONGEST))} ({text(facts)})\n"


def _who(findings: list[Finding], link: str) -> str:
    rules = ", ".join(code(rule) for rule in sorted({finding.rule for finding in findings}))
    more = f" and {len(findings) - 1:,} more" if len(findings) > 1 else ""
    return f"{rules} on {text(finding_title(findings[0]))}{more}, {_place(findings[0].location, link)}"


def _unread(report: Report, most: int) -> Iterator[Part]:
    """Yield what was not read: never folded where it makes the run incomplete."""
    entries = not_read(report)
    if not entries:
        return
    title = f"{plural(len(entries), 'input')} not read, or not in full"
    rows = [_entry(entry) for entry in entries]
    if report.incomplete():
        yield Part(f"**{title}**\n\n", rows[:most], len(rows), "\n", share=0.5)
    else:
        yield from _folded(title, rows, most, len(rows))


def _entry(entry: LedgerEntry) -> str:
    place = "standard input" if entry.input == "-" else entry.input
    where = f"{place}:{entry.line}" if entry.line else place
    return f"- {entry.state.value} {code(where)}: {text(clipped(entry.reason or entry.state.value, LONGEST))}\n"


def _note(note: LedgerEntry) -> str:
    return (
        f"- {code(f'{note.input}:{note.line}' if note.line else note.input)}: {text(clipped(note.reason, LONGEST))}\n"
    )


def _folded(title: str, rows: Iterable[str], most: int, total: int) -> Iterator[Part]:
    listed = list(islice(rows, most))
    if listed:
        head = f"<details><summary>{title}</summary>\n\n"
        more = "- … and {:,} more\n".format
        yield Part(head, listed, total, "\n</details>\n\n", more, share=0.4)


def _footer(report: Report, comparison: Comparison | None) -> str:
    about = [scope(report), f"inputs: {inputs(report)}"]
    if comparison is not None and comparison.elapsed_s:
        about.append(f"base judged in {effort(comparison.elapsed_s, comparison.peak_bytes)}")
    if report.estate_name:
        about.append(f"estate {text(report.estate_name)}")
    return f"<sub>{' · '.join([*about, f'Bulkhead {text(report.tool_version)}'])}</sub>\n"
