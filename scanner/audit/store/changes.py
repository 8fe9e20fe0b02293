"""What became of Findings between two runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from scanner.audit.store.reading import findings_between, in_order, sightings, stored
from scanner.audit.store.sight import Place, Sight, parts_of_text, scopes_of_run
from scanner.audit.store.values import Run, StoredFinding
from scanner.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """The Findings of two runs side by side; each is in one of the tuples at most, the worst first.

    Verdict and Exemption of those that are over are those of the earlier run, of all others those of the later one.
    """

    before: Run
    after: Run
    introduced: tuple[StoredFinding, ...] = ()
    """They fail, and before they did not, or were unknown, or were accepted."""
    fixed: tuple[StoredFinding, ...] = ()
    """They failed, and the later run looked there and has them no more."""
    still_open: tuple[StoredFinding, ...] = ()
    """They fail in both."""
    became_unknown: tuple[StoredFinding, ...] = ()
    """The later run cannot tell, and before they failed, passed, or were not there."""
    accepted: tuple[StoredFinding, ...] = ()
    """They failed, and an Exemption covers them now."""
    out_of_sight: tuple[StoredFinding, ...] = ()
    """They failed, and the later run did not look there: neither open nor fixed, as far as it knows."""


def changes(connection: Connection, before: Run, after: Run, tenant: str | None) -> Changes:
    """Return what became of the Findings of ``before`` in ``after``; of one tenant's only, where one is given."""
    then, now = (sightings(connection, one.id, tenant) for one in (before, after))
    rows = findings_between(connection, (before.id, after.id), tenant)
    is_over = _over(connection, before, after)
    parts: dict[str, list[StoredFinding]] = {}
    for number, row in rows.items():
        name = _part(then.get(number), now.get(number), lambda row=row: is_over(row))  # type: ignore[misc]
        if name:
            verdict, exemption = now.get(number) or then[number]
            parts.setdefault(name, []).append(stored(row, verdict, exemption, tenant))
    return Changes(before, after, **{name: in_order(iter(found)) for name, found in parts.items()})


def _part(
    then: tuple[Verdict, str | None] | None, now: tuple[Verdict, str | None] | None, is_over: Callable[[], bool]
) -> str:
    """Return the name of the part of Changes a Finding belongs to; empty for what nobody needs to hear of."""
    failed = then is not None and then[0] is Verdict.FAIL and then[1] is None
    if now is None:
        return "" if not failed else "fixed" if is_over() else "out_of_sight"
    verdict, exemption = now
    if exemption is not None:
        return "accepted" if failed else ""
    if verdict is Verdict.FAIL:
        return "still_open" if failed else "introduced"
    return "became_unknown" if then is None or then[0] is Verdict.FAIL else ""


def _over(connection: Connection, before: Run, after: Run) -> "Callable[[Row[Any]], bool]":
    """Return what tells whether a Finding that ``after`` does not have is mended: somebody has looked since."""
    sight = Sight.of(connection, after.id)
    scopes = scopes_of_run(connection, before.id)

    def is_over(row: Row[Any]) -> bool:
        if row.resolved_run is not None and before.id < row.resolved_run <= after.id:
            return True
        return sight.covers(Place(row.rule, row.resource, parts_of_text(row.parts), before.id), scopes)

    return is_over
