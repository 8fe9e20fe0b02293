"""The Inventory of an audit's second phase: what is kept lies in the work file, and so do the indexes over it.

Its memory does not grow with the estate. An index that a Rule asks for is built by the process that asks first; the
others find it.
"""

import pickle
import sqlite3
from ast import literal_eval
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from scanner.audit.state_faults import state_told
from scanner.inventory import Index, Inventory, order_among
from scanner.model.resource import Resource

_INDEXES = """
CREATE TABLE IF NOT EXISTS made.built (number INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS made.entries (
    number INTEGER, value TEXT, kept INTEGER, PRIMARY KEY (number, value, kept)
) WITHOUT ROWID;
"""
_CACHE_KB = 32 << 10
"""Of the files, kept in memory by each process; with the 2 MB that SQLite keeps by itself a large estate is read in
ever the same pieces."""
_REMEMBERED = 2_000
"""Answers that are kept in memory: neighbours on a page mostly ask the same."""


class KeptInventory(Inventory):
    """What the first phase kept for the second. One instance serves one thread."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._made = f"{path}.indexes"
        self._path = path
        with state_told(path):
            self._db = sqlite3.connect(path, isolation_level=None, timeout=600)
            self._db.execute("ATTACH ? AS made", (self._made,))
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._db.execute("PRAGMA made.journal_mode = WAL")
            self._db.executescript(_INDEXES)
        self._remembered: OrderedDict[tuple[object, ...], tuple[Resource, ...]] = OrderedDict()
        self._grouped: dict[tuple[object, ...], Index] = {}

    def __iter__(self) -> Iterator[Resource]:
        return self._found("SELECT resource FROM kept ORDER BY key")

    def __len__(self) -> int:
        ((number,),) = self._rows("SELECT count(*) FROM kept")
        return int(number)

    def stretch(self, first: int, last: int) -> Iterator[Resource]:
        """Yield what is kept under the ids from ``first`` to ``last``, in their order."""
        return self._found("SELECT resource FROM kept WHERE id BETWEEN ? AND ? ORDER BY id", first, last)

    def of_type(self, type_: str, cluster: str | None = None, namespace: str | None = None) -> tuple[Resource, ...]:
        """See :meth:`scanner.inventory.Inventory.of_type`."""
        if cluster is None:
            return self._asked("type = ?", type_)
        if namespace is None:
            return self._asked("type = ? AND cluster = ?", type_, cluster)
        return self._asked("type = ? AND cluster = ? AND namespace = ?", type_, cluster, namespace)

    def get(self, type_: str, cluster: str, namespace: str, name: str) -> Resource | None:
        """See :meth:`scanner.inventory.Inventory.get`."""
        where = "type = ? AND cluster = ? AND namespace = ? AND name = ?"
        found = self._asked(where, type_, cluster, namespace, name)
        return found[0] if found else None

    def of_tenant(self, tenant: str, type_: str) -> tuple[Resource, ...]:
        """See :meth:`scanner.inventory.Inventory.of_tenant`."""
        return self._asked("type = ? AND tenant = ?", type_, tenant)

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        """See :meth:`scanner.inventory.Inventory.grouped`; values are texts, numbers, None and tuples of them."""
        index = self._grouped.get((key, *types))
        if index is None:
            name = "\0".join((f"{key.__module__}.{key.__qualname__}", *types))
            index = self._grouped[(key, *types)] = _KeptIndex(self, self._index(name, key, types), types)
        return index

    def indexed(self, number: int, value: Hashable, types: tuple[str, ...]) -> tuple[Resource, ...]:
        """Return the Resources that have ``value`` in the index ``number``, which is over ``types``."""
        found = self._remember(
            (number, value),
            "SELECT kept.resource FROM made.entries JOIN kept ON kept.id = entries.kept "
            "WHERE number = ? AND value = ? ORDER BY key",
            number,
            repr(value),
        )
        return found if len(found) < 2 else tuple(sorted(found, key=order_among(types)))

    def holds(self, number: int) -> bool:
        """Whether the index ``number`` has any value."""
        return bool(self._rows("SELECT 1 FROM made.entries WHERE number = ? LIMIT 1", number))

    def values_of(self, number: int) -> Iterator[Hashable]:
        """Yield every value of the index ``number``."""
        for (value,) in self._rows("SELECT DISTINCT value FROM made.entries WHERE number = ?", number):
            yield literal_eval(value)

    def close(self) -> None:
        """Close the files."""
        self._db.close()

    def _index(self, name: str, key: Callable[[Resource], Iterable[Hashable]], types: tuple[str, ...]) -> int:
        """Return the number of an index; builds it where no process has yet."""
        with state_told(self._path), closing(sqlite3.connect(self._made, isolation_level=None, timeout=600)) as made:
            made.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            made.execute("PRAGMA synchronous = OFF")  # an index that is lost is built again
            made.execute("BEGIN IMMEDIATE")
            row = made.execute("SELECT number FROM built WHERE name = ?", (name,)).fetchone()
            number = int(row[0]) if row else self._build(made, name, key, types)
            made.execute("COMMIT")
        return number

    def _build(
        self,
        made: sqlite3.Connection,
        name: str,
        key: Callable[[Resource], Iterable[Hashable]],
        types: tuple[str, ...],
    ) -> int:
        number = made.execute("INSERT INTO built (name) VALUES (?)", (name,)).lastrowid
        assert number is not None, "a row was inserted"
        marks = f"WHERE type IN ({','.join('?' * len(types))})" if types else ""
        rows = self._db.execute(f"SELECT id, resource FROM kept {marks}", types)  # noqa: S608
        made.execute("CREATE TEMP TABLE unsorted (value TEXT, kept INTEGER)")
        made.executemany(
            "INSERT INTO unsorted VALUES (?, ?)",
            ((repr(value), id_) for id_, blob in rows for value in key(pickle.loads(blob))),
        )
        # sorted on disk first: entries that come in any order would each read and write another part of a large tree
        sorted_ = "SELECT ?, value, kept FROM unsorted ORDER BY value, kept"
        made.execute(f"INSERT OR IGNORE INTO entries {sorted_}", (number,))
        return number

    def _asked(self, where: str, *values: str) -> tuple[Resource, ...]:
        query = f"SELECT resource FROM kept WHERE {where} ORDER BY key"  # noqa: S608 - one of five texts above
        return self._remember((where, *values), query, *values)

    def _remember(self, question: tuple[object, ...], query: str, *values: Any) -> tuple[Resource, ...]:
        answer = self._remembered.get(question)
        if answer is None:
            answer = self._remembered[question] = tuple(self._found(query, *values))
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return answer

    def _found(self, query: str, *values: Any) -> Iterator[Resource]:
        return (pickle.loads(blob) for (blob,) in self._rows(query, *values))

    def _rows(self, query: str, *values: Any) -> list[Any]:
        # all rows at once: an open cursor would go on seeing the indexes as they were when it was opened
        with state_told(self._path):
            return self._db.execute(query, values).fetchall()


class _KeptIndex(Mapping[Hashable, tuple[Resource, ...]]):
    """One index: value → Resources, looked up when asked."""

    def __init__(self, inventory: KeptInventory, number: int, types: tuple[str, ...]) -> None:
        self._inventory = inventory
        self._number = number
        self._types = types
        self._is_empty = not inventory.holds(number)
        """Many an index is empty, and is then asked about every Resource all the same."""

    def __getitem__(self, value: Hashable) -> tuple[Resource, ...]:
        found = () if self._is_empty else self._inventory.indexed(self._number, value, self._types)
        if not found:
            raise KeyError(value)
        return found

    def __iter__(self) -> Iterator[Hashable]:
        return self._inventory.values_of(self._number)

    def __len__(self) -> int:
        return sum(1 for _ in self)
