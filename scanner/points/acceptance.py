"""The Exemptions of one place, each with what became of it: what ``bulkhead exemptions`` lists and checks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from scanner.model.exemption import Exemption, current_day
from scanner.model.ledger import LedgerEntry
from scanner.points.gate import evaluated
from scanner.report import Report

HOLDS, UNUSED, UNSEEN, EXPIRED = "holds", "unused", "unseen", "expired"
_REFUSED = (" is not applied: ", " does not cover ")


class Accepted(NamedTuple):
    """One Exemption and what became of it."""

    exemption: Exemption
    state: str
    """``holds``, ``unused``, ``expired``, or ``unseen``: not all that it could be for was looked at."""
    findings: int
    """That it accepts; those of several instances count once."""
    days: int | None
    """Left until it expires; negative where that is past, None where it never does."""


class Acceptance(NamedTuple):
    """All Exemptions of one place."""

    accepted: tuple[Accepted, ...]
    """Sorted by expiry, then id."""
    refused: tuple[LedgerEntry, ...]
    """Those that the configuration does not permit, and what protected Rules refuse."""
    owners: tuple[LedgerEntry, ...]
    """What is to be said of who may change them."""

    def expiring(self, within: int) -> tuple[Accepted, ...]:
        """Return those that hold for no more than ``within`` days from now."""
        return tuple(
            one for one in self.accepted if one.state != EXPIRED and one.days is not None and one.days <= within
        )

    def in_state(self, state: str) -> tuple[Accepted, ...]:
        """Return those that are ``holds``, ``unused``, ``unseen`` or ``expired``."""
        return tuple(one for one in self.accepted if one.state == state)


def acceptance(flags: Mapping[str, Any]) -> Acceptance:
    """Return every Exemption that a run with ``flags`` meets. Raises BulkheadError."""
    with evaluated(flags) as (request, tree, report):
        from scanner.points.base import top_of
        from scanner.points.owners import owner_notes

        owners = owner_notes(request, top_of(request.folder or "."), tree)
        return Acceptance(tuple(_all(report)), tuple(_refused(report)), owners)


def _all(report: Report) -> Iterator[Accepted]:
    numbers = Counter(_statement(f.exemption) for f in report.findings if f.exemption is not None)
    states = (
        (HOLDS, report.exemptions_used),
        (UNUSED, report.exemptions_unused),
        (UNSEEN, report.exemptions_unseen),
        (EXPIRED, report.exemptions_expired),
    )
    today = report.today or current_day()
    found = [
        Accepted(one, state, numbers[_statement(one)], (one.expires - today).days if one.expires else None)
        for state, exemptions in states
        for one in exemptions
    ]
    yield from sorted(found, key=lambda one: (one.exemption.expires or date.max, one.exemption.id))


def _refused(report: Report) -> Iterator[LedgerEntry]:
    yield from (note for note in report.notes if any(part in note.reason for part in _REFUSED))


def _statement(exemption: Exemption) -> tuple[str, str, int]:
    return (exemption.id, exemption.file, exemption.line)
