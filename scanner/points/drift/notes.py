"""What a comparison has found that is no Finding and yet to be known."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.drift import Drift, DriftClass
from scanner.drift.model import Method
from scanner.model.ledger import LedgerEntry, State

if TYPE_CHECKING:
    pass


def notes_of(drifts: Iterable[Drift]) -> Iterator[LedgerEntry]:
    """Yield what is no Finding and yet to be known: how much is expected to differ, how much cannot be compared."""
    counted: Counter[tuple[DriftClass, str]] = Counter()
    for one in drifts:
        if one.class_ is DriftClass.EXPECTED and not one.changes:
            counted[DriftClass.EXPECTED, one.reason] += 1
        for change in one.changes:
            if change.class_ is not DriftClass.CHANGED:
                counted[change.class_, change.reason] += 1
    for (class_, reason), number in sorted(counted.items()):
        what = "differ as expected" if class_ is DriftClass.EXPECTED else "cannot be compared"
        noun = "1 attribute" if number == 1 else f"{number} attributes"
        yield LedgerEntry("drift", State.SCANNED, f"{noun} {what}: {reason}")
    if number := _approximate(drifts):
        told = "1 difference" if number == 1 else f"{number} differences"
        yield LedgerEntry("drift", State.SCANNED, f"{told} in clusters found by an approximate comparison: {_EXACT}")


def _approximate(drifts: Iterable[Drift]) -> int:
    """Return how many Findings the API server was not asked about."""
    changes = (change for drift in drifts for change in drift.changes if change.class_ is DriftClass.CHANGED)
    return sum(change.method is Method.APPROXIMATE for change in changes)


_EXACT = "--dry-run-apply asks the API server instead"


def beside(number: int, base: str) -> str:
    """Return what is to be said of Resources that drifted where the change from ``base`` touches nothing."""
    noun = "1 resource has" if number == 1 else f"{number} resources have"
    return f"only what the change from {base} touches is told; {noun} drifted beside it"


def outdated(number: int) -> Iterator[LedgerEntry]:
    """Yield what is to be known where what was recorded is neither declared nor there any more."""
    if number:
        noun = "1 attribute is" if number == 1 else f"{number} attributes are"
        reason = f"{noun} live as declared, and another in the state: it is out of date (terraform apply -refresh-only)"
        yield LedgerEntry("drift", State.SCANNED, reason)


def left_out(number: int) -> Iterator[LedgerEntry]:
    """Yield what is to be known where only a part of what is declared was to be looked at."""
    if number:
        noun = "1 declared resource is" if number == 1 else f"{number} declared resources are"
        yield LedgerEntry("drift", State.SCANNED, f"{noun} where this run was not to look")
