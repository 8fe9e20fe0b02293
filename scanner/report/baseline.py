"""Findings that are known: what of a Report a baseline covers, and which of its entries cover nothing any more.

An entry holds for one Rule on one Resource as it was: it goes with the Resource where that is moved, lapses where it
changes in what the Rule reads, and never covers a second one. Files are no concern of this module.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from scanner.model.verdict import Verdict
from scanner.report.compare import Unit, narrowed, units
from scanner.report.report import Comparison, Report


class Entry(NamedTuple):
    """One known Finding on one Resource. Sorts as the file does."""

    rule: str
    resource: str
    at: str
    """Its tag."""
    fingerprint: str
    """Of this Resource alone."""
    content: str
    first_seen: date
    verdict: str = "fail"


class Coverage(NamedTuple):
    """What a baseline does for a Report."""

    known: tuple[tuple[Unit, Entry], ...]
    """What is covered, and by what."""
    others: tuple[Unit, ...]
    """Failing or unknown, neither accepted nor covered."""
    lapsed: tuple[Entry, ...]
    """They covered a Resource that has changed in what the Rule reads, and still fails."""
    stale: tuple[Entry, ...]
    """Nothing is found any more where they stand."""
    refused: tuple[Entry, ...] = ()
    """Of Rules whose Findings nothing may accept: they cover nothing."""
    protected: tuple[Unit, ...] = ()
    """Those of ``others`` that no entry may cover."""


def entry_of(unit: Unit, day: date) -> Entry:
    """Return what to write down of a Finding that is known from ``day`` on."""
    found, occurrence = unit.finding, unit.occurrence
    return Entry(
        found.rule, occurrence.resource, found.tag, unit.identity, occurrence.content, day, found.verdict.value
    )


def coverage(
    entries: Iterable[Entry], report: Report, is_protected: Callable[[str], bool] = lambda rule: False
) -> Coverage:
    """Return what ``entries`` cover of the failing and unknown Findings of ``report`` that nothing else accepts.

    ``is_protected`` tells the Rules whose Findings nothing may accept.
    """
    open_ = [
        unit
        for unit in units(report.findings)
        if not unit.accepted and unit.finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    ]
    waiting: defaultdict[str, list[Entry]] = defaultdict(list)
    refused: list[Entry] = []
    for entry in sorted(entries):
        (refused if is_protected(entry.rule) else waiting[entry.content]).append(entry)
    known: dict[int, Entry] = {}
    for same_place in (True, False):
        for number, unit in enumerate(open_):
            candidates = waiting.get(unit.occurrence.content) if number not in known else None
            index = None if is_protected(unit.finding.rule) else _first(candidates or (), unit, same_place)
            if candidates is not None and index is not None:
                known[number] = candidates.pop(index)
    others = tuple(unit for number, unit in enumerate(open_) if number not in known)
    left = sorted(entry for entries_ in waiting.values() for entry in entries_)
    found = {unit.identity for unit in others}
    return Coverage(
        tuple((open_[number], known[number]) for number in sorted(known)),
        others,
        tuple(entry for entry in left if entry.fingerprint in found),
        tuple(entry for entry in left if entry.fingerprint not in found),
        tuple(refused),
        tuple(unit for unit in others if is_protected(unit.finding.rule)),
    )


def beside(report: Report, covered: Coverage, name: str) -> Report:
    """Return ``report`` with what the baseline ``name`` covers as unchanged, beside what a base says already."""
    known = [unit for unit, _ in covered.known]
    compared = report.comparison
    if compared is None:
        accepted = [unit for unit in units(report.findings) if unit.accepted]
        compared = Comparison(name, narrowed(covered.others), unchanged=narrowed([*known, *accepted]))
        return replace(report, comparison=replace(compared, introducing=_numbers(report, covered.others)))
    covered_now = {(unit.identity, unit.occurrence.address) for unit in known}

    def is_known(unit: Unit) -> bool:
        return not unit.accepted and (unit.identity, unit.occurrence.address) in covered_now

    parts = {}
    moved: list[Unit] = []
    for part in ("introduced", "became_unknown"):
        found = list(units(getattr(compared, part)))
        parts[part] = narrowed([unit for unit in found if not is_known(unit)])
        moved.extend(unit for unit in found if is_known(unit))
    left = {part: {(unit.identity, unit.occurrence.address) for unit in units(found)} for part, found in parts.items()}

    def holding(numbers: frozenset[int], part: str) -> frozenset[int]:
        return frozenset(
            number
            for number in numbers
            if any((u.identity, u.occurrence.address) in left[part] for u in units((report.findings[number],)))
        )

    return replace(
        report,
        comparison=replace(
            compared,
            name=f"{compared.name} and {name}",
            introduced=parts["introduced"],
            became_unknown=parts["became_unknown"],
            unchanged=(*compared.unchanged, *narrowed(moved)),
            introducing=holding(compared.introducing, "introduced"),
            losing=holding(compared.losing, "became_unknown"),
        ),
    )


def _numbers(report: Report, found: Sequence[Unit]) -> frozenset[int]:
    numbers = {id(finding): number for number, finding in enumerate(report.findings)}
    return frozenset(numbers[id(unit.finding)] for unit in found)


def _first(candidates: Sequence[Entry], unit: Unit, same_place: bool) -> int | None:
    for number, entry in enumerate(candidates):
        worse = entry.verdict == Verdict.UNKNOWN.value and unit.finding.verdict is Verdict.FAIL
        # an entry must not say one Rule to its reviewer and cover another
        if entry.rule == unit.finding.rule and not worse and (not same_place or entry.fingerprint == unit.identity):
            return number
    return None
