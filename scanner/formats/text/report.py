"""The text report as a whole. The end of the output is what stays on the screen, so the outcome comes last."""

from collections import Counter
from collections.abc import Iterator

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import shown
from scanner.formats.text.findings import FindingList
from scanner.formats.text.frame import INDENT
from scanner.formats.text.layout import shorten
from scanner.formats.text.lists import Lists
from scanner.formats.text.paint import Paint
from scanner.formats.text.summary import Summary
from scanner.formats.wording import plural
from scanner.model.finding import Finding
from scanner.model.verdict import Verdict
from scanner.report import Report

MOST_FINDINGS = 200
"""Findings that are shown in full unless the user wants all (``--verbose``): nobody reads more in one go."""
NARROWEST = 40
"""Columns below which the layout no longer adapts."""
MOST_RULES = 10
SHORTEST_TITLE = 24
"""Columns below which the beginning of a title says nothing."""


class TextFormat(Format):
    """A Report for people: grouped by file, with the lines concerned, the figures and the outcome."""

    name = "text"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the text line by line."""
        for line in _lines(report, presentation):
            yield f"{line}\n"


def _lines(report: Report, presentation: Presentation) -> Iterator[str]:
    paint = Paint(presentation.color)
    width = max(NARROWEST, presentation.width)
    verbose = presentation.verbose
    found = shown(report, presentation.comparison)
    failing = list(found.failing)
    listed = failing if verbose else _worst(failing)
    yield from FindingList(report.rules, paint, width, verbose).lines(listed)
    if len(listed) < len(failing):
        yield from _more(failing, report, len(failing) - len(listed), paint, width)
    if verbose and found.unchanged:
        yield paint("bold", "Unchanged") + paint("dim", f" · {plural(len(found.unchanged), 'finding')} as in the base")
        yield ""
        yield from FindingList(report.rules, paint, width, verbose).lines(found.unchanged)
    yield from Lists(report, paint, width, verbose, presentation.comparison).lines()
    if presentation.include_passes:
        yield from _verdicts(report, paint, width)
    yield from Summary(report, paint, width, presentation.comparison).lines()


def _worst(findings: list[Finding]) -> list[Finding]:
    """Return the worst Findings, in the order of the Report."""
    if len(findings) <= MOST_FINDINGS:
        return findings
    ranked = sorted(range(len(findings)), key=lambda index: -findings[index].severity)  # stable: first ones first
    return [findings[index] for index in sorted(ranked[:MOST_FINDINGS])]


def _more(failing: list[Finding], report: Report, number: int, paint: Paint, width: int) -> Iterator[str]:
    yield paint("bold", f"{plural(number, 'more finding')} not shown") + paint(
        "dim", f" · the {MOST_FINDINGS} worst are"
    )
    yield f"{INDENT}--report json=report.json has all of them, --verbose prints them. Most frequent rules:"
    yield ""
    ranked = sorted(Counter(finding.rule for finding in failing).items(), key=lambda item: (-item[1], item[0]))[
        :MOST_RULES
    ]
    digits = len(f"{ranked[0][1]:,}")
    for rule, count in ranked:
        line = f"{INDENT}{count:>{digits},}  {rule}  {_title(report, rule)}"
        yield shorten(line, width)
    yield ""


def _verdicts(report: Report, paint: Paint, width: int) -> Iterator[str]:
    """Yield one line per Rule with its verdicts: what ``--include-passes`` means for a reader."""
    yield paint("bold", "Verdicts by rule")
    yield ""
    digits = max(5, len(f"{report.resources:,}"))
    columns = tuple(Verdict)
    names = "  ".join(f"{verdict.value:>{max(digits, len(verdict.value))}}" for verdict in columns)
    tallies = report.tallies()
    longest = max((len(rule) for rule in tallies), default=0)
    yield INDENT + paint("dim", f"{'':<{longest}}  {names}")
    for rule, tally in tallies.items():
        numbers = "  ".join(
            f"{tally.verdicts.get(verdict, 0) or '–':>{max(digits, len(verdict.value))}}" for verdict in columns
        )
        row = f"{INDENT}{rule:<{longest}}  {numbers}"
        yield shorten(f"{row}  {_title(report, rule)}", width) if len(row) + SHORTEST_TITLE <= width else row
    yield ""


def _title(report: Report, rule: str) -> str:
    found = report.rules.get(rule)
    return printable(found.title) if found is not None else ""
