"""Who wrote to what, kept longer than control planes keep it: no values, only which attributes were written."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from scanner.audit.store import tables
from scanner.audit.store.chunks import chunks, storable
from scanner.drift.events import Event, Verb


def add_writes(connection: Connection, events: Iterable[Event], needed: str) -> None:
    """Keep ``events``, needed at the time ``needed``; one that is there already is kept for longer, and once."""
    table = tables.write
    for chunk in chunks({_digest(event): event for event in events}.items()):
        query = select(table.c.digest, table.c.principal).where(table.c.digest.in_([digest for digest, _ in chunk]))
        known: dict[str, str] = {row.digest: row.principal for row in connection.execute(query)}
        if new := [_row(event, digest, needed) for digest, event in chunk if digest not in known]:
            connection.execute(insert(table), new)
        if known:
            there = update(table).where(table.c.digest.in_(known), table.c.needed < needed)
            connection.execute(there.values(needed=needed))
        _name(connection, [(digest, event) for digest, event in chunk if known.get(digest) == "" and event.by])


def writes(connection: Connection, targets: Collection[str]) -> Iterator[Event]:
    """Yield what is kept of writes to ``targets``."""
    table = tables.write
    for chunk in chunks(targets):
        for row in connection.execute(select(table).where(table.c.target.in_(chunk)).order_by(table.c.id)):
            yield _event(row)


def _name(connection: Connection, found: Sequence[tuple[str, Event]]) -> None:
    """Write down who it was where only now a record names somebody."""
    if found:
        table = tables.write
        change = update(table).where(table.c.digest == bindparam("key"))
        names = [{"key": digest, "by": storable(one.by), "with": storable(one.client)} for digest, one in found]
        connection.execute(change.values(principal=bindparam("by"), client=bindparam("with")), names)


def _row(event: Event, digest: str, needed: str) -> dict[str, Any]:
    texts = {
        "target": event.target,
        "time": event.time,
        "principal": event.by,
        "client": event.client,
        "operation": event.operation,
        "correlation": event.correlation,
        "manager": event.manager,
    }
    attributes = None if event.values is None else json.dumps(sorted(event.values), ensure_ascii=False)
    return {
        **{name: storable(text) for name, text in texts.items()},
        "digest": digest,
        "verb": event.verb.value,
        "attributes": storable(attributes) if attributes is not None else None,
        "needed": needed,
    }


def _event(row: Row[Any]) -> Event:
    paths = None if row.attributes is None else dict.fromkeys(map(tuple, json.loads(row.attributes)))
    return Event(
        row.target, Verb(row.verb), row.time, row.principal, row.client, row.operation, row.correlation, paths,
        row.manager,
    )  # fmt: skip


def _digest(event: Event) -> str:
    text = "\0".join(event.key).encode("utf-8", "backslashreplace")
    return blake2b(text, digest_size=16).hexdigest()
