"""The end of the text report: figures, and the one line that says what the gate does and what to do next."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TypeAlias, TypeVar

from scanner.formats.interface import Comparison
from scanner.formats.printable import display_width, printable
from scanner.formats.shown import comparison_words, exemptions_beyond
from scanner.formats.text.frame import INDENT
from scanner.formats.text.layout import pad, shorten, wrap
from scanner.formats.text.paint import Paint
from scanner.formats.wording import effort, elapsed, plural
from scanner.model.ledger import State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Counts, Report

MOST_ROWS = 8
"""Rows of one table; the rest is added up in the last one."""
_GAP = "     "

Rows: TypeAlias = Sequence[tuple[str, int]]
K = TypeVar("K", State, Verdict)


class Summary:
    """Writes the figures and the outcome of one Report."""

    def __init__(self, report: Report, paint: Paint, width: int, comparison: Comparison | None = None) -> None:
        self._report = report
        self._comparison = comparison
        self._counts = report.counts()
        self._paint = paint
        self._width = width

    def lines(self) -> Iterator[str]:
        """Yield tables, counts, and the outcome last."""
        yield self._paint("bold", "Summary")
        yield ""
        if self._counts.findings:
            yield from self._tables()
        yield from self._figures()
        yield ""
        yield from self._outcome()

    def _tables(self) -> Iterator[str]:
        counts = self._counts
        severities = [(severity.label, counts.by_severity.get(severity, 0)) for severity in reversed(Severity)]
        tables = [
            _table("severity", severities),
            _table("concern", _worst(counts.by_concern, lambda name: name.replace("_", " "))),
            _table("tenant", _worst(counts.by_tenant, _tenant_names(self._report).__getitem__)),
        ]
        beside = len(INDENT) + sum(display_width(table[0]) for table in tables) + len(_GAP) * (len(tables) - 1)
        groups = [tables] if beside <= self._width else [[table] for table in tables]
        for group in groups:
            widths = [display_width(table[0]) for table in group]
            for number, cells in enumerate(zip_longest(*group, fillvalue="")):
                line = _GAP.join(pad(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()
                yield INDENT + (self._paint("dim", line) if number == 0 else self._colored(line))
            yield ""

    def _colored(self, line: str) -> str:
        for severity in Severity:
            if line.startswith(f"{severity.label} "):
                return self._paint.severity(severity, severity.label) + line[len(severity.label) :]
        return line

    def _figures(self) -> Iterator[str]:
        report, counts = self._report, self._counts
        rules = f"{plural(len(report.rules), 'rule')} of {plural(len(report.packs), 'pack')}"
        compared = self._comparison
        since = [f"with {printable(compared.base)}", *comparison_words(compared)] if compared is not None else []
        figures = [
            ("compared", since),
            ("inputs", [f"{number:,} {state.value}" for state, number in _ordered(counts.ledger, State)]),
            ("resources", [f"{counts.resources:,} judged by {rules}"]),
            ("verdicts", [f"{number:,} {verdict.value}" for verdict, number in _ordered(counts.by_verdict, Verdict)]),
            ("exempted", [plural(counts.exempted, "finding")] if counts.exempted else []),
            ("elapsed", [elapsed(report.elapsed_s), *_base_effort(compared)]),
        ]
        for name, parts in figures:
            if not parts:
                continue
            lines = list(wrap(" · ".join(parts), self._width - len(INDENT) - 11))
            yield f"{INDENT}{self._paint('dim', f'{name:<9}')}  {lines[0]}"
            for line in lines[1:]:
                yield f"{INDENT}{'':<11}{line}"

    def _outcome(self) -> Iterator[str]:
        style, verdict, next_step = outcome(self._report, self._counts, self._comparison)
        head, _, rest = verdict.partition(":")
        lines = list(wrap(verdict, self._width))
        lines[0] = self._paint(style, lines[0][: len(head) + bool(rest)]) + lines[0][len(head) + bool(rest) :]
        yield from lines
        for line in wrap(next_step, self._width - len(INDENT)) if next_step else ():
            yield INDENT + line


def outcome(report: Report, counts: Counts, comparison: Comparison | None = None) -> tuple[str, str, str]:
    """Return (style, what the gate does and why, next step); the next step may be empty."""
    blocking = report.blocking()
    gap = _gap(report)
    if blocking:
        numbers = Counter(finding.severity for finding in blocking)
        parts = ", ".join(
            f"{numbers[severity]:,} {severity.label}" for severity in reversed(Severity) if numbers[severity]
        )
        also = f"; the run is also incomplete: {gap}" if gap else ""
        worst = max(blocking, key=lambda finding: finding.severity)  # the first of the worst
        return (
            "bad",
            f"GATE FAILED: {plural(len(blocking), 'blocking finding')} ({parts}){also}",
            f"Next: bulkhead explain {worst.rule}",
        )
    if beyond := exemptions_beyond(report):
        return "bad", f"GATE FAILED: {beyond}", "Next: bulkhead exemptions list"
    if report.exit_code() != 0:
        return (
            "warn",
            f"INCOMPLETE: {gap}",
            "Next: mend or exclude what is listed above, or accept it: --incomplete=warn",
        )
    return "good", f"GATE PASSED: {_remainder(report, counts, gap, comparison)}", _next_after_pass(report, counts)


def _base_effort(comparison: Comparison | None) -> list[str]:
    if comparison is None or not comparison.elapsed_s:
        return []
    return [f"for the base {effort(comparison.elapsed_s, comparison.peak_bytes)}"]


def _remainder(report: Report, counts: Counts, gap: str, comparison: Comparison | None) -> str:
    if not counts.resources:
        return "there was no resource to judge"
    parts = []
    if comparison is not None:
        parts.append(", ".join(comparison_words(comparison)))
    if counts.findings and not report.gate.new_only:
        parts.append(f"{plural(counts.findings, 'finding')} below {report.gate.fail_on.label}")
    if counts.unknown and not report.gate.new_only:
        parts.append(f"{plural(counts.unknown, 'verdict')} unknown")
    if gap:
        parts.append(gap)
    return "no blocking findings" + (f" ({', '.join(parts)})" if parts else "")


def _next_after_pass(report: Report, counts: Counts) -> str:
    if not counts.resources:
        return "Next: name the files or folders to scan: bulkhead scan PATH"
    return (
        "Next: --unknown=fail makes unknown verdicts block" if counts.unknown and report.gate.unknown == "warn" else ""
    )


def _gap(report: Report) -> str:
    """Return what makes the run incomplete, in words; empty where nothing does."""
    entries = report.incomplete()
    rules = len({entry.rule for entry in entries if entry.rule})
    inputs = sum(not entry.rule for entry in entries)
    parts = [
        f"{plural(inputs, 'input')} could not be read in full" if inputs else "",
        f"{plural(rules, 'rule')} could not be evaluated on every resource" if rules else "",
    ]
    return ", ".join(part for part in parts if part)


def _table(name: str, rows: Rows) -> list[str]:
    """Return the lines of a table with two columns, all equally wide; the name of the first is its head."""
    label = max(display_width(text) for text in (name, *(text for text, _ in rows)))
    numbers = [f"{value:,}" if value else "–" for _, value in rows]
    digits = max(len(number) for number in numbers)
    lines = [f"{pad(text, label)}  {number:>{digits}}" for (text, _), number in zip(rows, numbers, strict=True)]
    return [pad(name, label + 2 + digits), *lines]


def _worst(numbers: Mapping[str, int], name: Callable[[str], str]) -> Rows:
    """Return the rows with the highest numbers, the rest added up."""
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    rows = [(shorten(printable(name(key)), 28), number) for key, number in ordered[:MOST_ROWS]]
    rest = ordered[MOST_ROWS:]
    if rest:
        rows.append((f"{len(rest):,} more", sum(number for _, number in rest)))
    return rows


def _tenant_names(report: Report) -> Mapping[str, str]:
    """Return tenant id → what a person calls it, for every tenant with Findings."""
    names = {"-": "no tenant"}
    for finding in report.findings:
        for tenancy in (finding.tenancy, *(occurrence.tenancy for occurrence in finding.occurrences)):
            if tenancy.tenant:
                names[tenancy.tenant] = tenancy.tenant_name or tenancy.tenant
    return names


def _ordered(numbers: Mapping[K, int], names: Iterable[K]) -> Iterable[tuple[K, int]]:
    """Return the numbers that are not zero, in the order of ``names``."""
    return [(name, numbers[name]) for name in names if numbers.get(name)]
