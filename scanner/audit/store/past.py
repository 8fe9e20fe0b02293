"""What became of drift over time: writes that were known, and which runs saw it, saw it no longer, saw it again.

That a run does not have a Finding says that it is mended only where the run looked there: see
:class:`scanner.audit.store.sight.Sight`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from scanner.audit.store import tables
from scanner.audit.store.chunks import chunks, storable
from scanner.audit.store.differences import COLUMNS, difference_of
from scanner.audit.store.sight import DRIFT, Place, Sight, parts_of_text, scopes_of_run
from scanner.model.moment import Moment, in_time
from scanner.model.verdict import Verdict

RUNS = 100
"""Recorded runs that a timeline looks back at."""
_WORDS: Mapping[str, str] = {
    "DRIFT-001": "not as declared",
    "DRIFT-002": "missing",
    "DRIFT-003": "there and declared nowhere",
    "DRIFT-004": "declared no longer",
}
"""Rule → what a Resource is that it objects to."""


def add_moments(connection: Connection, rows: Iterable[Mapping[str, str]]) -> None:
    """Write what happened to Resources (``resource``, ``tenant``, ``time``, ``what``, ``own``), each moment once."""
    table = tables.moment
    told = {_digest(row): row for row in rows}
    for chunk in chunks(told):
        known = set(connection.scalars(select(table.c.digest).where(table.c.digest.in_(chunk))))
        if new := [{**told[digest], "digest": digest} for digest in chunk if digest not in known]:
            connection.execute(insert(table), new)


def moment_row(resource: str, tenant: str, moment: Moment, own: str) -> dict[str, str]:
    """Return the columns of a moment; ``own`` is what the tenant may read of it."""
    texts = {"resource": resource, "tenant": tenant, "time": moment.time, "what": moment.what, "own": own}
    return {name: storable(text) for name, text in texts.items()}


def past(
    connection: Connection, resources: Collection[str], tenant: str | None, until: int | None
) -> dict[str, tuple[Moment, ...]]:
    """Return key → what happened to each of ``resources`` up to the run ``until``, or to this day."""
    wanted = frozenset(map(storable, resources))
    found: defaultdict[str, list[Moment]] = defaultdict(list)
    for resource, moment in (*_moments(connection, wanted, tenant), *_seen(connection, wanted, tenant, until)):
        found[resource].append(moment)
    return {resource: in_time(moments) for resource, moments in found.items()}


def _moments(connection: Connection, resources: Collection[str], tenant: str | None) -> Iterator[tuple[str, Moment]]:
    table = tables.moment
    for chunk in chunks(resources):
        query = select(table).where(table.c.resource.in_(chunk))
        if tenant is not None:
            query = query.where(table.c.tenant == tenant)
        for row in connection.execute(query):
            what = row.what if tenant is None else row.own
            if what:
                yield row.resource, Moment(row.time, what)


def _seen(
    connection: Connection, resources: Collection[str], tenant: str | None, until: int | None
) -> Iterator[tuple[str, Moment]]:
    rows = [row for row in _findings(connection, tenant) if row.resource in resources]
    if not rows:
        return
    runs = _runs(connection, until)
    of = _sightings(connection)
    look = cache(lambda number: Sight.of(connection, number))
    scopes = cache(lambda number: scopes_of_run(connection, number))

    def is_over(row: Row[Any], last: int, run: int) -> bool:
        place = Place(row.rule, row.resource, parts_of_text(row.parts), last)
        return look(run).covers(place, scopes(last))

    for row in rows:
        if until is None or row.first_run <= until:
            difference = difference_of(row, tenant)
            name = difference.attribute if difference is not None and difference.attribute else "it"
            for moment in _story(row, name, of[row.id], runs, is_over):
                yield row.resource, moment


def _story(
    row: Row[Any],
    name: str,
    seen: Collection[int],
    runs: Sequence[tuple[int, str]],
    is_over: Callable[[Row[Any], int, int], bool],
) -> Iterator[Moment]:
    """Yield when a Finding was seen first, when no longer, when again."""
    state = f"{name} is {_WORDS[row.rule]}"
    yield Moment(row.first_seen, f"{state}, first seen by run {row.first_run}")
    last, is_open = row.first_run, True
    for run, started in runs:
        if run <= row.first_run:
            continue
        if run in seen:
            if not is_open:
                yield Moment(started, f"{state} again, run {run}")
            last, is_open = run, True
        elif is_open and is_over(row, last, run):
            yield Moment(started, f"{name} is as declared again, run {run}" if name != "it" else f"mended, run {run}")
            is_open = False


def _findings(connection: Connection, tenant: str | None) -> Sequence[Row[Any]]:
    table = tables.finding
    query = select(
        table.c.id, table.c.rule, table.c.resource, table.c.parts, table.c.first_run, table.c.first_seen, *COLUMNS
    ).outerjoin(tables.difference, tables.difference.c.finding_id == table.c.id)
    query = query.where(table.c.rule.in_(DRIFT & _WORDS.keys()))
    return connection.execute(query if tenant is None else query.where(table.c.tenant == tenant)).all()


def _sightings(connection: Connection) -> Mapping[int, set[int]]:
    """Return number of the Finding → runs that have it, for all Findings of drift that fail."""
    sighting, finding = tables.sighting, tables.finding
    query = (
        select(sighting.c.finding_id, sighting.c.run_id)
        .join(finding, finding.c.id == sighting.c.finding_id)
        .where(finding.c.rule.in_(_WORDS), sighting.c.verdict == Verdict.FAIL.code)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for number, run in connection.execute(query):
        found[number].add(run)
    return found


def _runs(connection: Connection, until: int | None) -> Sequence[tuple[int, str]]:
    """Return (number, began) of the last recorded runs, the oldest first."""
    table = tables.run
    query = select(table.c.id, table.c.started).where(table.c.status.in_(("complete", "incomplete")))
    if until is not None:
        query = query.where(table.c.id <= until)
    rows = connection.execute(query.order_by(table.c.id.desc()).limit(RUNS)).all()
    return [(number, started) for number, started in reversed(rows)]


def _digest(row: Mapping[str, str]) -> str:
    text = "\0".join(row[name] for name in ("resource", "tenant", "time", "what"))
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
