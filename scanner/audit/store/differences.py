"""What drifted, side by side: one row beside each Finding of drift, as the last run that has it tells it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from scanner.audit.store import tables
from scanner.audit.store.chunks import chunks, storable
from scanner.model.finding import Difference

COLUMNS = tuple(tables.difference.c[name] for name in (*Difference._fields, "own"))
"""What is read of the table beside a Finding."""


def row_of(difference: Difference, own: Callable[[str], str] | None) -> dict[str, str]:
    """Return the columns of ``difference``; ``own`` gives a text as the Finding's own tenant may read it."""
    texts = {name: storable(text) for name, text in difference._asdict().items()}
    mine = [storable(own(text)) for text in difference] if own is not None else []
    return {**texts, "own": json.dumps(mine, ensure_ascii=False) if mine else ""}


def add_differences(connection: Connection, run: int, rows: Mapping[int, Mapping[str, str]]) -> None:
    """Write ``rows``, by the number of the Finding, where no later run has been recorded that has it too."""
    table, finding = tables.difference, tables.finding
    for chunk in chunks(rows):
        query = select(finding.c.id).where(finding.c.id.in_(chunk), finding.c.last_run == run)
        current = list(connection.scalars(query))
        connection.execute(delete(table).where(table.c.finding_id.in_(current)))
        if current:
            connection.execute(insert(table), [{**rows[number], "finding_id": number} for number in current])


def difference_of(row: Row[Any], tenant: str | None) -> Difference | None:
    """Return the difference beside a Finding, for a tenant as it may read it; None where there is none."""
    if row.attribute is None:
        return None
    if tenant is None:
        return Difference(*(getattr(row, name) for name in Difference._fields))
    return Difference(*json.loads(row.own)) if row.own else None
