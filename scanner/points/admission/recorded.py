"""One recorded review, decided offline: ``bulkhead webhook review``."""

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.errors import ReviewError
from scanner.model.ledger import LedgerEntry
from scanner.model.verdict import Verdict
from scanner.points.admission.decision import Decision
from scanner.points.admission.dumped import dumped_context
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer
from scanner.points.admission.setup import setup_of

OFFLINE_BUDGET_S = 60.0
"""Nobody waits for the answer but the one who asked."""
STANDARD_INPUT = "-"


class Recorded(NamedTuple):
    """What became of a recorded review."""

    decision: Decision
    answer: bytes
    """The AdmissionReview that the API server would have been given."""
    fixes: Mapping[str, str]
    """Rule id → its one-line fix."""
    notes: tuple[LedgerEntry, ...]
    """Exemptions that do not count, and parts of the dump that could not be read."""

    def exit_code(self) -> int:
        """1: denied; 3: let through although a Rule could not be evaluated; 0: allowed."""
        if not self.decision.allowed:
            return 1
        return 3 if any(verdict is Verdict.ERROR for verdict in self.decision.verdicts.values()) else 0


def decide_recorded(path: str, flags: Mapping[str, Any]) -> Recorded:
    """Return what is decided about the AdmissionReview in a file, ``-`` for standard input.

    Raises ReviewError where it is none.
    """
    request = read_request(_read(path))
    setup, notes = setup_of(flags)
    reviewer = Reviewer(setup, None, flags["hook"])
    try:
        if flags["inventory"]:
            reviewer.context, entries = dumped_context(
                flags["inventory"], reviewer.selection, setup.estate, setup.cluster
            )
            notes = (*notes, *(entry for entry in entries if entry.incomplete))
        decision = reviewer.decide(request, OFFLINE_BUDGET_S)
        fixes = {rule.id: rule.fix for rule in reviewer.selection.rules.values()}
        return Recorded(decision, reviewer.answer(decision), fixes, notes)
    finally:
        reviewer.close()


def _read(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise ReviewError(f"cannot read review {path}: {cause}", hint="name a file, or '-'") from None
