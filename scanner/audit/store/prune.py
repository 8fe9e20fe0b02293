"""Retention: old runs go, with everything that only they knew."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, exists, or_, select
from sqlalchemy import func as sql

from scanner.audit.store import tables
from scanner.audit.store.reading import RECORDED
from scanner.audit.store.values import Status


def prune(connection: Connection, keep: int | None, before: datetime | None) -> tuple[int, ...]:
    """Delete runs beyond the last ``keep`` recorded ones and runs begun before ``before``; return their numbers.

    The last recorded run always stays, and so does a run that is under way, unless it began before ``before``: then
    its process is gone. A Finding goes with the last run that has it. The history of what is left stays as it is.
    """
    table = tables.run
    recorded = select(table.c.id).where(table.c.status.in_(RECORDED)).order_by(table.c.id.desc())
    numbers = list(connection.scalars(recorded))
    conditions = []
    if keep is not None and len(numbers) > max(keep, 1):
        oldest = numbers[max(keep, 1) - 1]
        conditions.append((table.c.id < oldest) & (table.c.status != Status.RUNNING.value))
    if before is not None:
        conditions.append(table.c.started < stamp(before))
    if not conditions:
        return ()
    chosen = select(table.c.id).where(or_(*conditions)).order_by(table.c.id)
    gone = tuple(number for number in connection.scalars(chosen) if number not in numbers[:1])
    for number in gone:
        connection.execute(delete(table).where(table.c.id == number))
    if gone:
        seen = exists().where(tables.sighting.c.finding_id == tables.finding.c.id)
        connection.execute(delete(tables.finding).where(~seen))
        connection.execute(
            delete(tables.moment).where(tables.moment.c.resource.not_in(select(tables.finding.c.resource)))
        )
    return gone


def prune_writes(connection: Connection, before: datetime | None) -> None:
    """Delete what is remembered of writes and was needed last before ``before``, or before all runs that are left."""
    table = tables.write
    oldest = connection.scalar(select(sql.min(tables.run.c.started)).where(tables.run.c.status.in_(RECORDED)))
    for time in filter(None, (oldest, stamp(before) if before is not None else None)):
        connection.execute(delete(table).where(table.c.needed < time))


def stamp(moment: datetime) -> str:
    """Return ``moment`` as the store writes times; it must have a time zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
