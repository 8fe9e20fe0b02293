"""Writes one run, in one transaction.

When Findings were first and last seen and by which run they were resolved follows from the numbers of the runs alone,
not from the order in which they are recorded: two audits that overlap may end in either order.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy import func as sql

from scanner.audit.store import tables
from scanner.audit.store.chunks import chunks
from scanner.audit.store.differences import add_differences
from scanner.audit.store.rows import Identity, Row, SeenFinding
from scanner.audit.store.sight import Place, Sight, parts_of_text, scopes_of_run

_FACTS = ("rule", "severity", "concern", "type", "resource", "environment", "input", "path", "message", "own_message")
_KEPT = (*_FACTS, "parts")


def add_rows(connection: Connection, table: Table, run: int, rows: Iterable[Row]) -> None:
    """Insert ``rows`` as those of ``run``."""
    for chunk in chunks({**row, "run_id": run} for row in rows):
        connection.execute(insert(table), chunk)


def add_findings(connection: Connection, run: int, time: str, found: Mapping[Identity, SeenFinding]) -> None:
    """Write what ``run``, begun at ``time``, has found, and bring first seen, last seen and resolved up to date."""
    numbers = _upserted(connection, run, time, found)
    sightings = (
        {"finding_id": numbers[identity], "verdict": seen.verdict.code, "exemption": seen.exemption}
        for identity, seen in found.items()
    )
    add_rows(connection, tables.sighting, run, sightings)
    _stretch(connection, run, time)
    add_differences(connection, run, {numbers[key]: one.difference for key, one in found.items() if one.difference})


def _upserted(
    connection: Connection, run: int, time: str, found: Mapping[Identity, SeenFinding]
) -> dict[Identity, int]:
    """Insert what is new, rewrite what reads differently; return identity → number of the row.

    There is one writer at a time, so the next numbers are free.
    """
    table = tables.finding
    columns = (table.c.id, table.c.fingerprint, table.c.tenant, table.c.last_run, *(table.c[name] for name in _KEPT))
    numbers: dict[Identity, int] = {}
    changed: list[Row] = []
    for number, fingerprint, tenant, last, *facts in connection.execute(select(*columns)):
        seen = found.get((fingerprint, tenant))
        if seen is None:
            continue
        numbers[(fingerprint, tenant)] = number
        if last < run and facts != [seen.facts[name] for name in _KEPT]:
            changed.append({"key": number, **{name: seen.facts[name] for name in _KEPT}})
    following = (connection.scalar(select(sql.max(table.c.id))) or 0) + 1
    new = [identity for identity in found if identity not in numbers]
    numbers.update(zip(new, range(following, following + len(new)), strict=True))
    span = {"first_run": run, "first_seen": time, "last_run": run, "last_seen": time}
    for chunk in chunks({"id": numbers[identity], **found[identity].facts, **span} for identity in new):
        connection.execute(insert(table), chunk)
    for chunk in chunks(changed):
        connection.execute(
            update(table).where(table.c.id == bindparam("key")).values({name: bindparam(name) for name in _KEPT}), chunk
        )
    return numbers


def _stretch(connection: Connection, run: int, time: str) -> None:
    table, sighting = tables.finding, tables.sighting
    seen = table.c.id.in_(select(sighting.c.finding_id).where(sighting.c.run_id == run))
    connection.execute(update(table).where(seen, table.c.first_run > run).values(first_run=run, first_seen=time))
    later = {"last_run": run, "last_seen": time, "resolved_run": None, "resolved": None}
    connection.execute(update(table).where(seen, table.c.last_run < run).values(later))
    before = (table.c.last_run < run) & (table.c.resolved_run.is_(None) | (table.c.resolved_run > run))
    _resolve(connection, run, time, _places(connection, before))
    # a run that began later may have been recorded already, and have looked in vain for what this one has
    for other, other_time in _recorded_after(connection, run):
        open_ = (table.c.last_run == run) & table.c.resolved_run.is_(None)
        _resolve(connection, other, other_time, _places(connection, open_))


def _resolve(connection: Connection, run: int, time: str, places: Mapping[int, Place]) -> None:
    """Mark as resolved by ``run`` those of ``places`` that it would have seen."""
    if not places:
        return
    sight = Sight.of(connection, run)
    then = {last: scopes_of_run(connection, last) for last in {place.last_run for place in places.values()}}
    table = tables.finding
    gone = [number for number, place in places.items() if sight.covers(place, then[place.last_run])]
    for chunk in chunks(gone):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(resolved_run=run, resolved=time))


def _places(connection: Connection, condition: Any) -> dict[int, Place]:
    table = tables.finding
    rows = connection.execute(
        select(table.c.id, table.c.rule, table.c.resource, table.c.parts, table.c.last_run).where(condition)
    )
    return {number: Place(rule, resource, parts_of_text(parts), last) for number, rule, resource, parts, last in rows}


def _recorded_after(connection: Connection, run: int) -> Sequence[tuple[int, str]]:
    table = tables.run
    rows = connection.execute(
        select(table.c.id, table.c.started)
        .where(table.c.id > run, table.c.status.in_(("complete", "incomplete")))
        .order_by(table.c.id)
    )
    return [(number, started) for number, started in rows]
