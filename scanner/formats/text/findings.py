"""The Findings of a Report for a reader: file, Resource, place, and at each place all that is wrong there.

Many Rules object to the same lines (a container without a security context), so the lines are shown once.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import ndiff
from itertools import groupby

from scanner.formats.printable import display_width, printable
from scanner.formats.text.frame import INDENT, frame
from scanner.formats.text.layout import pad, wrap
from scanner.formats.text.paint import Paint
from scanner.formats.text.source import SourceLines
from scanner.formats.titles import addresses, cluster_of, finding_title, owner
from scanner.formats.wording import plural
from scanner.model.finding import Difference, Finding, Related
from scanner.model.location import Location
from scanner.model.path import format_path
from scanner.model.rule import Rule

SECRET = "core/Secret"  # noqa: S105 - a resource type
WIDEST = 120
"""Columns beyond which the two ends of a head line would no longer be seen together; frames take what there is."""
MOST_ADDRESSES = 5
"""Addresses of one Finding that are listed where not everything was asked for."""
MOST_PLACES = 6
"""Places that play a part in a Finding with several occurrences that are listed, likewise."""
SEVERITY_WIDTH = 8
"""Columns of the longest severity, ``critical``."""


class FindingList:
    """Writes Findings, grouped; they come sorted by file and line."""

    def __init__(self, rules: Mapping[str, Rule], paint: Paint, width: int, verbose: bool) -> None:
        self._rules = rules
        self._paint = paint
        self._width = min(width, WIDEST)
        self._frame_width = width
        self._verbose = verbose
        self._source = SourceLines()

    def lines(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Yield the lines of all ``findings``."""
        for file, in_file in groupby(findings, key=lambda finding: finding.location.file):
            found = list(in_file)
            yield self._file_head(file, len(found))
            yield ""
            # a Resource stays together even where its lines enclose another's
            by_resource: dict[tuple[str, str, int], list[Finding]] = {}
            for finding in found:
                of = (finding.resource, finding.type, len(finding.occurrences))
                by_resource.setdefault(of, []).append(finding)
            for of_resource in by_resource.values():
                yield from self._resource(of_resource)

    def _file_head(self, file: str, number: int) -> str:
        name = "standard input" if file == "-" else printable(file)
        count = plural(number, "finding")
        rule = "─" * max(2, self._width - display_width(name) - len(count) - 2)
        return f"{self._paint('file', name)} {self._paint('dim', f'{rule} {count}')}"

    def _resource(self, findings: list[Finding]) -> Iterator[str]:
        first = findings[0]
        title = finding_title(first)
        facts = " · ".join(fact for fact in (owner(first.tenancy), cluster_of(first.resource)) if fact)
        gap = self._width - len(INDENT) - display_width(title) - display_width(facts)
        if facts and gap >= 2:
            yield INDENT + self._paint("bold", title) + " " * gap + self._paint("dim", facts)
        else:
            yield INDENT + self._paint("bold", title)
            if facts:
                yield INDENT + self._paint("dim", facts)
        places: dict[Location, list[Finding]] = {}
        for finding in findings:
            places.setdefault(finding.location._replace(path=()), []).append(finding)
        for place, here in places.items():
            yield ""
            yield from self._place(place, sorted(here, key=lambda finding: (-finding.severity, finding.rule)))
        yield ""

    def _place(self, place: Location, findings: list[Finding]) -> Iterator[str]:
        worst = findings[0]
        if place.region is not None:
            yield INDENT + self._paint("dim", f"--> {position(place)}")
        if worst.type == SECRET:
            yield INDENT + self._paint("dim", "    the text of a Secret is not shown")
        elif place.secret:
            yield INDENT + self._paint("dim", "    the text of a plan or state is not shown")
        else:
            yield from frame(self._source, place, worst.severity, self._paint, self._frame_width)
        for rule, of_rule in groupby(findings, key=lambda finding: finding.rule):
            yield from self._rule(self._rules.get(rule), list(of_rule))

    def _rule(self, rule: Rule | None, findings: list[Finding]) -> Iterator[str]:
        first = findings[0]
        severity = self._paint.severity(first.severity, pad(first.severity.label, SEVERITY_WIDTH))
        title = printable(rule.title) if rule is not None else ""
        head = f"{INDENT}{severity}  {self._paint('bold', first.rule)}  "
        indent = " " * (len(INDENT) + SEVERITY_WIDTH + 2)
        taken = len(indent) + len(first.rule) + 2
        title_lines = list(wrap(title, self._width - taken))
        yield head + self._paint("bold", title_lines[0])
        for line in title_lines[1:]:
            yield " " * taken + self._paint("bold", line)
        for _, alike in groupby(findings, key=_about):
            yield from self._messages(list(alike), indent)
        if rule is not None and rule.fix and not any(one.difference for one in findings):
            yield from self._labelled("fix", printable(rule.fix), indent)

    def _messages(self, findings: list[Finding], indent: str) -> Iterator[str]:
        """Yield what is said of the same instances, then which they are and what else plays a part."""
        for finding in findings:
            for line in wrap(printable(finding.message), self._width - len(indent)):
                yield indent + line
            if finding.difference is not None:
                yield from self._difference(finding.difference, indent)
            if self._verbose and finding.path:
                yield from self._labelled("at", printable(format_path(finding.path)), indent)
        finding = findings[0]
        if len(finding.occurrences) > 1:
            yield from self._labelled("in", self._occurrences(finding), indent)
        places = finding.related if self._verbose or not finding.occurrences else finding.related[:MOST_PLACES]
        for related in places:
            yield from self._labelled("see", f"{position(related.location)} {printable(related.message)}", indent)
        if len(places) < len(finding.related):
            yield from self._labelled("see", f"{len(finding.related) - len(places):,} more places (--verbose)", indent)

    def _difference(self, difference: Difference, indent: str) -> Iterator[str]:
        """Yield the two sides as a diff has them, and what would bring them together."""
        if difference.attribute:
            before, after = difference.declared.splitlines(), difference.live.splitlines()
            for mark, style, line in diff_of(before, after):
                text = printable(f"{mark} {line}")
                yield indent + (self._paint(style, text) if style else text)
        if difference.remedy:
            yield from self._labelled("fix", printable(difference.remedy), indent)

    def _occurrences(self, finding: Finding) -> str:
        """Return the addresses that a Finding holds for, the first few of them unless all were asked for."""
        named = addresses(finding)
        shown = named if self._verbose else named[:MOST_ADDRESSES]
        more = f" and {len(named) - len(shown):,} more" if len(named) > len(shown) else ""
        return ", ".join(shown) + more

    def _labelled(self, label: str, text: str, indent: str) -> Iterator[str]:
        lines = list(wrap(text, self._width - len(indent) - len(label) - 2))
        yield f"{indent}{self._paint('fix', f'{label}:')} {lines[0]}"
        for line in lines[1:]:
            yield f"{indent}{' ' * (len(label) + 2)}{line}"


def diff_of(before: list[str], after: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (mark, style, line) of a diff: what is declared and not live is ``-``, what is live instead ``+``."""
    styles = {"-": "bad", "+": "good", " ": ""}
    for line in ndiff(before, after):
        if line[0] in styles:
            yield line[0], styles[line[0]], line[2:]


def _about(finding: Finding) -> tuple[list[str], tuple[Related, ...]]:
    return addresses(finding), finding.related


def position(location: Location) -> str:
    """Return ``file:line:column``, as editors and terminals understand it."""
    file = "<stdin>" if location.file == "-" else printable(location.file)
    region = location.region
    return f"{file}:{region.line}:{region.column}" if region is not None else file
