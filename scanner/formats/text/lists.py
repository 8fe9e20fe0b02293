"""The parts of the text report beside the Findings: unknown, exempted, notes, what was not read. All compact.

A cause is told once, however many Rules and Resources it concerns: a namespace that the Estate does not know makes
every tenant Rule unknown for everything in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from scanner.formats.interface import Comparison
from scanner.formats.printable import display_width, printable
from scanner.formats.shown import QUIET, shown
from scanner.formats.text.findings import position
from scanner.formats.text.frame import INDENT
from scanner.formats.text.layout import wrap
from scanner.formats.text.paint import Paint
from scanner.formats.titles import finding_title
from scanner.formats.wording import listed, plural
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.report import Report

T = TypeVar("T")

MOST = 20
"""Entries of a list that are shown unless the user wants all (``--verbose``)."""


class Lists:
    """Writes the lists of one Report."""

    def __init__(
        self, report: Report, paint: Paint, width: int, verbose: bool, comparison: Comparison | None = None
    ) -> None:
        self._report = report
        self._shown = shown(report, comparison)
        self._new_only = comparison is not None and report.gate.new_only
        self._paint = paint
        self._width = width
        self._most = len(report.findings) + len(report.ledger) + len(report.notes) if verbose else MOST
        self._verbose = verbose

    def lines(self) -> Iterator[str]:
        """Yield the lines of every list that has entries."""
        yield from self._unknown()
        yield from self._fixed()
        yield from self._exempted()
        yield from self._notes()
        yield from self._entries("Not read, or not in full", self._problems())
        if self._verbose:
            others = (entry for entry in self._report.ledger if entry.state in (State.EXCLUDED, State.UNSUPPORTED))
            yield from self._entries("Left out", tuple(others))

    def _problems(self) -> tuple[LedgerEntry, ...]:
        return tuple(entry for entry in self._report.ledger if entry.incomplete or entry.state not in QUIET)

    def _unknown(self) -> Iterator[str]:
        findings = self._shown.unknown
        causes: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            causes[finding.message].append(finding)
        number = plural(len(findings), "verdict")
        title, said = (
            ("Newly unknown", f"{number} could not be decided, other than in the base")
            if self._new_only
            else ("Unknown", f"{number} could not be decided")
        )
        yield from self._section(title, said, list(causes.items()), self._cause)

    def _cause(self, cause: tuple[str, list[Finding]]) -> Iterator[str]:
        message, findings = cause
        yield from self._wrapped(printable(message), INDENT)
        yield from self._wrapped(f"{_who(findings)}, {position(findings[0].location)}", INDENT * 2, dim=True)

    def _fixed(self) -> Iterator[str]:
        fixed = self._shown.fixed
        yield from self._section("Fixed", f"{plural(len(fixed), 'finding')} of the base", fixed, self._gone)

    def _gone(self, finding: Finding) -> Iterator[str]:
        about = f"{finding.severity.label} {finding.rule} on {finding_title(finding)}, {position(finding.location)}"
        yield from self._wrapped(about, INDENT, dim=True)

    def _exempted(self) -> Iterator[str]:
        accepted: defaultdict[str, list[Finding]] = defaultdict(list)
        total = 0
        for finding in self._report.findings:
            if finding.exemption is not None:
                accepted[finding.exemption.id].append(finding)
                total += 1
        head = f"{plural(total, 'finding')} accepted"
        yield from self._section("Exempted", head, list(accepted.values()), self._acceptance)

    def _acceptance(self, findings: list[Finding]) -> Iterator[str]:
        exemption = findings[0].exemption
        assert exemption is not None, "only exempted findings are listed here"
        name = "in the file itself" if exemption.source == "inline" else exemption.id  # its id is only its place
        yield from self._wrapped(printable(f"{name}: {exemption.reason}"), INDENT)
        yield from self._wrapped(f"{_who(findings)}; {_terms(exemption)}", INDENT * 2, dim=True)

    def _notes(self) -> Iterator[str]:
        notes = self._report.notes
        yield from self._section("Notes", "about exemptions and declarations", notes, self._note)

    def _note(self, note: LedgerEntry) -> Iterator[str]:
        place = _place(note)
        room = self._width - len(INDENT) - display_width(place) - 2
        if display_width(printable(note.reason)) <= room:
            yield f"{INDENT}{self._paint('dim', place)}  {printable(note.reason)}"
            return
        yield INDENT + self._paint("dim", place)
        yield from self._wrapped(printable(note.reason), INDENT * 2)

    def _entries(self, title: str, entries: Sequence[LedgerEntry]) -> Iterator[str]:
        yield from self._section(title, plural(len(entries), "entry"), entries, self._entry)

    def _entry(self, entry: LedgerEntry) -> Iterator[str]:
        reason = printable(entry.reason) or entry.state.value
        style = "bad" if entry.incomplete else "dim"
        yield f"{INDENT}{self._paint(style, f'{entry.state.value:<11}')}  {_place(entry)}"
        yield from self._wrapped(reason, INDENT + " " * 13)

    def _section(
        self, title: str, detail: str, entries: Sequence[T], write: Callable[[T], Iterable[str]]
    ) -> Iterator[str]:
        if not entries:
            return
        yield f"{self._paint('bold', title)} {self._paint('dim', f'· {detail}')}"
        yield ""
        for entry in entries[: self._most]:
            yield from write(entry)
        if len(entries) > self._most:
            rest = f"… and {len(entries) - self._most:,} more; --report json=report.json has all"
            yield INDENT + self._paint("dim", rest)
        yield ""

    def _wrapped(self, text: str, indent: str, *, dim: bool = False) -> Iterator[str]:
        for line in wrap(text, self._width - len(indent)):
            yield indent + (self._paint("dim", line) if dim else line)


def _place(entry: LedgerEntry) -> str:
    place = "<stdin>" if entry.input == "-" else printable(entry.input)
    if entry.line is None:
        return place
    return f"{place}:{entry.line}" if entry.column is None else f"{place}:{entry.line}:{entry.column}"


def _who(findings: Sequence[Finding]) -> str:
    """Return ``ISO-031 on Deployment shop/web and 4 more``."""
    rules = sorted({finding.rule for finding in findings})
    titles = dict.fromkeys(map(finding_title, findings))
    return f"{listed(rules)} on {listed(list(titles), most=2)}"


def _terms(exemption: Exemption) -> str:
    """Return who accepted it, under which ticket and until when, as far as it is said, and where."""
    facts = [exemption.owner, exemption.ticket, f"until {exemption.expires}" if exemption.expires else "no expiry"]
    place = f"{exemption.file}:{exemption.line}"
    return printable(", ".join([*(fact for fact in facts if fact), place]))
