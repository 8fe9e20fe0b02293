"""The straight line: Sources in, Report out.

Every enforcement point is a choice of sources, of what blocks and of output around :func:`scan`; none of them judges.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from scanner import __version__
from scanner.config import ExemptionPolicy
from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge
from scanner.engine.pages import PageVerdicts
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.wide import NOTHING, WideVerdicts, judge_wide
from scanner.engine.workers import Workshop, judge_pages
from scanner.exemptions import apply, reminders
from scanner.inventory import Inventory
from scanner.model.exemption import Exemption
from scanner.model.ledger import in_order
from scanner.model.rule import Rule
from scanner.packs.loader import Pack
from scanner.report import Gate, PackStamp, Report
from scanner.report.collect import Collected
from scanner.report.inputs import completed
from scanner.report.occurrences import together
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
    today: date = field(default_factory=date.today)
    """The clock: exemptions are compared with it."""


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
    inventory = collected.inventory(estate)
    wide = _judge_wide(inventory, workshop, estate, pages)

    found = collected.findings(wide, selection.rules)
    applied = apply(
        found.findings, (*exemptions, *collected.exemptions), options.today, options.policy, found.labels_of
    )
    return Report(
        tool_version=__version__,
        packs=tuple(PackStamp(pack.name, pack.version, pack.digest, len(pack.rules)) for pack in packs),
        rules=selection.rules,
        judged=tuple(collected.verdicts(wide.verdicts)),
        findings=together(applied.findings),
        ledger=in_order(completed(collected.entries, (entry for source in sources for entry in source.entries()))),
        notes=in_order((*collected.notes, *applied.notes, *reminders(applied, selection.rules))),
        exemptions_used=tuple(applied.used),
        exemptions_expired=tuple(applied.expired),
        exemptions_unused=tuple(applied.unused),
        gate=options.gate,
        estate_name=estate.metadata.name if estate is not None else "",
        estate_digest=estate.digest if estate is not None else "",
        rego_engine=workshop.rego_engine_name(),
        today=options.today,
        elapsed_s=time.perf_counter() - started,
    )


def _judge_wide(
    inventory: Inventory, workshop: Workshop, estate: "Estate | None", pages: Iterable[Page]
) -> WideVerdicts:
    if not workshop.selection.has_wide:
        return NOTHING
    data = {"estate": estate.as_data()} if estate is not None else {}
    programs = replace(workshop, data=data).programs()
    try:
        judge = Judge(programs, Context(inventory, estate))
        named = {page.name: page for page in pages}
        return judge_wide(inventory, workshop.selection, judge, named, FindingMaker())
    finally:
        programs.close()
