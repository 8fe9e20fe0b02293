"""The straight line: Sources in, Report out.

Every enforcement point is a choice of sources, of what blocks and of output around :func:`scan`; none of them judges.
"""

import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scanner import __version__
from scanner.config import ExemptionPolicy
from scanner.engine.findings import FindingMaker
from scanner.engine.pages import PageVerdicts
from scanner.engine.programs import Context
from scanner.engine.selection import Selection, select
from scanner.engine.wide import NOTHING, WideVerdicts, asked_about, settled
from scanner.engine.wide_workers import judge_asked
from scanner.engine.workers import Workshop, judge_pages, suitable_jobs
from scanner.exemptions import Sight, apply, reminders
from scanner.model.exemption import Exemption, current_day
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, in_order
from scanner.model.location import Origin
from scanner.model.rule import Rule
from scanner.packs.loader import Pack
from scanner.report import Counted, Gate, PackStamp, Report
from scanner.report.collect import Collected, Found, in_place
from scanner.report.inputs import completed
from scanner.report.occurrences import together
from scanner.report.unread import unread_notes
from scanner.sources.interface import Page, Source

if TYPE_CHECKING:
    from scanner.estate import Estate

Progress: TypeAlias = Callable[[Iterator[PageVerdicts], int], Iterator[PageVerdicts]]
"""Wraps the stream of judged pages (and their number) to show how far it is."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may choose beside its inputs."""

    point: str = "gate"
    """Enforcement point: ``gate``, ``admission`` or ``audit``."""
    gate: Gate = field(default_factory=Gate)
    policy: ExemptionPolicy = field(default_factory=ExemptionPolicy)
    jobs: int = 0
    """Processes; 0 chooses by the size of the input."""
    rego_engine: str = "auto"
    """``auto``, ``native``, ``opa`` or ``opa=URL``."""
    deadline_s: float = 5.0
    """For all Rego rules of one Resource together."""
    today: date = field(default_factory=current_day)
    """The clock: exemptions are compared with it; a day of UTC."""
    is_whole: Callable[[str], bool] = lambda file: True
    """Whether the sources hold everything that a file of Exemptions, as reports print it, could be for."""
    now: datetime | None = None
    """The instant, for Rules that need the clock; see :attr:`instant`."""

    @property
    def instant(self) -> datetime:
        """The instant of the run, in UTC: :attr:`now`; else the real one, or the start of ``today`` if that differs."""
        if self.now is not None:
            return self.now.astimezone(UTC)
        if self.today == current_day():
            return datetime.now(UTC)
        return datetime.combine(self.today, clock_time(), UTC)


def scan(
    sources: Sequence[Source],
    packs: Sequence[Pack],
    rules: Iterable[Rule],
    estate: "Estate | None" = None,
    exemptions: Sequence[Exemption] = (),
    options: Options | None = None,
    progress: Progress | None = None,
) -> Report:
    """Collect, index, evaluate, apply exemptions: the whole of Bulkhead.

    ``rules`` are those of ``packs`` that were chosen. A fault of an input or a Rule is in the Report, never an
    exception.
    """
    options = options or Options()
    started = time.perf_counter()
    selection = select(rules, point=options.point, estate=estate is not None)
    workshop = Workshop(selection, tuple(packs), options.rego_engine, options.deadline_s)

    pages = [page for source in sources for page in source.pages()]
    judged = judge_pages(pages, workshop, options.jobs)
    collected = Collected(progress(judged, len(pages)) if progress else judged)
    expected = [entry for source in sources for entry in source.entries()]
    inventory = collected.inventory(estate, expected)
    context = Context(inventory, estate, options.instant)
    wide = _judge_wide(context, workshop, pages, collected.beside, options.jobs)

    return concluded(
        collected.findings(wide, selection.rules),
        collected,
        workshop,
        Standards(estate, tuple(exemptions), options),
        judged=tuple(collected.verdicts(wide.verdicts)),
        expected=expected,
        started=started,
    )


class Standards(NamedTuple):
    """What Findings are measured by once the Rules have spoken."""

    estate: "Estate | None"
    exemptions: tuple[Exemption, ...]
    options: Options


def concluded(
    found: Found,
    collected: Collected,
    workshop: Workshop,
    standards: Standards,
    *,
    judged: tuple[Judged, ...] = (),
    counted: Counted | None = None,
    expected: Iterable[LedgerEntry] = (),
    apart: Sequence[Finding] = (),
    started: float,
) -> Report:
    """Apply Exemptions and return the Report; ``expected`` is what Sources say of inputs that were no page.

    Findings that are ``apart`` stay one for each Resource, also where they say the same of one declaration.
    ``started`` is the reading of ``time.perf_counter`` when the run began.
    """
    estate, exemptions, options = standards
    rules = workshop.selection.rules
    applied = apply(
        (*found.findings, *apart), (*exemptions, *collected.exemptions), options.today, options.policy, found.labels_of
    )
    joint = len(found.findings)
    ledger = in_order(completed(collected.entries, expected))
    applied = applied.seen_by(_sight(workshop.packs, workshop.selection, options, ledger))
    return Report(
        tool_version=__version__,
        packs=tuple(PackStamp(pack.name, pack.version, pack.digest, len(pack.rules)) for pack in workshop.packs),
        rules=rules,
        judged=judged,
        findings=in_place((*together(applied.findings[:joint]), *applied.findings[joint:]))
        if apart
        else together(applied.findings),
        ledger=ledger,
        notes=in_order(
            (
                *collected.notes,
                *applied.notes,
                *reminders(applied),
                *unread_notes(applied.findings, rules, ledger),
            )
        ),
        exemptions_used=tuple(applied.used),
        exemptions_expired=tuple(applied.expired),
        exemptions_unused=tuple(applied.unused),
        exemptions_unseen=tuple(applied.unseen),
        gate=options.gate,
        estate_name=estate.metadata.name if estate is not None else "",
        estate_digest=estate.digest if estate is not None else "",
        rego_engine=workshop.rego_engine_name(),
        today=options.today,
        elapsed_s=time.perf_counter() - started,
        counted=counted,
    )


def _sight(packs: Sequence[Pack], selection: Selection, options: Options, ledger: Iterable[LedgerEntry]) -> Sight:
    """Return what a run has looked at; what could not be read may hold what any Exemption is for."""
    withheld = {rule for asked in selection.by_type.values() for rule in asked.withheld}
    known = {rule.id for pack in packs for rule in pack.rules}
    unread = any(entry.incomplete for entry in ledger)
    return Sight(known, selection.rules.keys() - withheld, (lambda file: False) if unread else options.is_whole)


def _judge_wide(
    context: Context, workshop: Workshop, pages: Sequence[Page], beside: Container[Origin], jobs: int
) -> WideVerdicts:
    if not workshop.selection.has_wide:
        return NOTHING
    assert context.inventory is not None
    workshop = replace(workshop, data=context.data())
    named = {page.name: page for page in pages}
    asked = list(asked_about(context.inventory, workshop.selection, beside))
    judgements = judge_asked(asked, context, workshop, jobs or suitable_jobs(pages))
    return settled(asked, judgements, named, FindingMaker())
