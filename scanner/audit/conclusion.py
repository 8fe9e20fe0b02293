"""What an audit found, from its work file: the Report, as every format and the store take it."""

from collections.abc import Iterable, Iterator

from scanner.audit.summary import Tally
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.engine.wide import NOTHING
from scanner.engine.workers import Workshop
from scanner.model.ledger import LedgerEntry
from scanner.report import Report
from scanner.report.collect import Collected
from scanner.scan import Standards, concluded


def conclude(
    work: WorkFile, workshop: Workshop, standards: Standards, expected: Iterable[LedgerEntry], started: float
) -> Report:
    """Return the Report of a run whose two phases are over; ``expected`` is said of what was no page."""
    tally = Tally()
    collected = Collected(_verdicts(work, tally))
    return concluded(
        collected.findings(NOTHING, workshop.selection.rules),
        collected,
        workshop,
        standards,
        counted=tally.counted(work.resources()),
        expected=(*expected, *(entry for entries in work.finished_sources().values() for entry in entries)),
        started=started,
    )


def _verdicts(work: WorkFile, tally: Tally) -> Iterator[PageVerdicts]:
    for _, outcome in work.outcomes():
        tally.add(outcome.numbers)
        yield outcome.verdicts
