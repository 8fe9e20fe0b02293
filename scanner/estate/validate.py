"""Whether an Estate contradicts itself: the twelve consistency rules of the estate model, and one for overrides.

The rules look only at what is declared. Whether reality follows is what Rules are for.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from scanner.estate import acceptance, recovery, references, shape, uniqueness
from scanner.estate.fault import Fault, Inconsistency

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

__all__ = ["Inconsistency", "consistency"]


def consistency(estate: "Estate", today: date) -> tuple[Inconsistency, ...]:
    """Return every contradiction, by rule number and then in the order of the file.

    ``today`` decides which exemptions hold. Warnings are marked; all others are errors.
    """
    faults = sorted(_faults(estate, today), key=lambda fault: fault.rule)
    return tuple(
        Inconsistency(fault.rule, fault.subject, fault.message, *estate.place(fault.path), fault.warning, fault.path)
        for fault in faults
    )


def _faults(estate: "Estate", today: date) -> Iterator[Fault]:
    yield from uniqueness.uniqueness(estate)
    yield from references.references(estate)
    yield from shape.hosting(estate)
    yield from recovery.geo_redundancy(estate, today)
    yield from recovery.dr_targets(estate, today)
    yield from recovery.rpo(estate)
    yield from shape.separation(estate)
    yield from uniqueness.patterns(estate)
    yield from shape.break_glass(estate)
    yield from acceptance.exemptions(estate, today)
    yield from acceptance.residency(estate, today)
    yield from shape.complete(estate)
    yield from acceptance.overrides(estate, today)
