"""What an audit found, from its work file: the Report, as every format and the store take it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import NamedTuple

from scanner.audit.summary import Tally, summary_of_page
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.engine.wide import NOTHING
from scanner.engine.workers import Workshop
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry
from scanner.model.moment import Moment
from scanner.model.rule import Rule
from scanner.report import Report
from scanner.report.collect import Collected
from scanner.scan import Standards, concluded

_NO_VERDICTS = PageVerdicts((), (), (), (), {}, (), (), ())


class Beside(NamedTuple):
    """What a stage after both phases has found: drift."""

    rules: Mapping[str, Rule]
    """Those that it reports under, by id."""
    findings: tuple[Finding, ...]
    """One for each Resource, also where several instances of one declaration have the same."""
    judged: tuple[Judged, ...]
    entries: tuple[LedgerEntry, ...]
    notes: tuple[LedgerEntry, ...]
    exemptions: tuple[Exemption, ...]
    """Those that stand beside what is declared."""
    timelines: Mapping[str, tuple[Moment, ...]]


def conclude(
    work: WorkFile,
    workshop: Workshop,
    standards: Standards,
    expected: Iterable[LedgerEntry],
    started: float,
    beside: Beside | None = None,
) -> Report:
    """Return the Report of a run whose two phases are over; ``expected`` is said of what was no page."""
    tally = Tally()
    collected = Collected(_verdicts(work, tally))
    found = collected.findings(NOTHING, workshop.selection.rules)
    said = (*expected, *(entry for entries in work.finished_sources().values() for entry in entries))
    if beside is not None:
        workshop = _with_rules(workshop, beside.rules)
        tally.add(summary_of_page(_NO_VERDICTS._replace(judged=beside.judged)).numbers())
        collected.notes.extend(beside.notes)
        collected.exemptions.extend(one for one in beside.exemptions if _covers_any(one, beside.rules))
        collected.entries.extend(_new(beside.entries, (*collected.entries, *said)))
    report = concluded(
        found,
        collected,
        workshop,
        standards,
        counted=tally.counted(work.resources()),
        expected=said,
        apart=beside.findings if beside is not None else (),
        started=started,
    )
    return replace(report, timelines=beside.timelines) if beside is not None else report


def _with_rules(workshop: Workshop, rules: Mapping[str, Rule]) -> Workshop:
    selection = workshop.selection
    return replace(workshop, selection=replace(selection, rules={**selection.rules, **rules}))


def _covers_any(exemption: Exemption, rules: Iterable[str]) -> bool:
    """Whether an Exemption that stands beside a declaration is for what is found here; the gate asks for the others."""
    return any(fnmatchcase(rule, glob.upper()) for rule in rules for glob in exemption.rules)


def _new(entries: Iterable[LedgerEntry], known: Sequence[LedgerEntry]) -> Iterator[LedgerEntry]:
    """Yield what a second reading has to add: of inputs that are known only what could not be read now."""
    said = {entry._replace(resources=0) for entry in known}
    inputs = frozenset(entry.input for entry in known)
    for entry in dict.fromkeys(entries):
        told = entry._replace(resources=0)
        if told not in said and (entry.incomplete or entry.input not in inputs):
            said.add(told)
            yield entry


def _verdicts(work: WorkFile, tally: Tally) -> Iterator[PageVerdicts]:
    for _, outcome in work.outcomes():
        tally.add(outcome.numbers)
        yield outcome.verdicts
