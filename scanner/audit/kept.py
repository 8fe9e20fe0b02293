"""The Inventory of an audit's second phase: what is kept lies in the work file, and so do the indexes over it.

Its memory does not grow with the estate. An index that a Rule asks for is built by the process that asks first; the
others find it.
"""

import pickle
import sqlite3
from ast import literal_eval
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from scanner.audit.kept_row import FIELDS, resource_of
from scanner.audit.state_faults import state_told
from scanner.inventory import Index, Inventory, order_among, order_of
from scanner.model.ledger import in_order
from scanner.model.resource import Resource

_INDEXES = """
CREATE TABLE IF NOT EXISTS made.built (number INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS made.entries (
    number INTEGER, value TEXT, kept INTEGER, PRIMARY KEY (number, value, kept)
) WITHOUT ROWID;
"""
_CACHE_KB = 8 << 10
"""Of the files, kept in memory by each process; with the 2 MB that SQLite keeps by itself a large estate is read in
ever the same pieces."""
_REMEMBERED = 2_000
"""Answers that are kept in memory: neighbours on a page mostly ask the same."""
_RECENT = 4_000
"""Resources that are kept in memory: what is looked up mostly stands near what it is looked up for."""
_AT_ONCE = 500
"""Resources that are fetched in one go."""
_FIELDS = ", ".join(FIELDS)


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
            self.unseen = in_order(pickle.loads(one) for (one,) in self._db.execute("SELECT entry FROM unseen"))
        self._remembered: OrderedDict[tuple[object, ...], tuple[Resource, ...]] = OrderedDict()
        self._recent: OrderedDict[int, Resource] = OrderedDict()
        self._grouped: dict[tuple[object, ...], Index] = {}
        self._any_declared: bool | None = None

    def __iter__(self) -> Iterator[Resource]:
        rows = self._rows(f"SELECT {_FIELDS} FROM kept")  # noqa: S608 - names of columns
        return iter(sorted(map(resource_of, rows), key=order_of))

    def __len__(self) -> int:
        ((number,),) = self._rows("SELECT count(*) FROM kept")
        return int(number)

    def stretch(self, first: int, last: int) -> Iterator[Resource]:
        """Yield what is kept under the ids from ``first`` to ``last``, in their order."""
        query = f"SELECT id, {_FIELDS} FROM kept WHERE id BETWEEN ? AND ? ORDER BY id"  # noqa: S608 - names of columns
        return iter(self._fetched(query, first, last).values())

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

    def declares(self, id_: str) -> bool:
        """See :meth:`scanner.inventory.Inventory.declares`."""
        if self._any_declared is None:
            self._any_declared = bool(self._rows("SELECT 1 FROM kept WHERE declares IS NOT NULL LIMIT 1"))
        return self._any_declared and bool(self._rows("SELECT 1 FROM kept WHERE declares = ? LIMIT 1", id_.lower()))

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        """See :meth:`scanner.inventory.Inventory.grouped`; values are texts, numbers, None and tuples of them."""
        index = self._grouped.get((key, *types))
        if index is None:
            name = "\0".join((f"{key.__module__}.{key.__qualname__}", *types))
            index = self._grouped[(key, *types)] = _KeptIndex(self, self._index(name, key, types), types)
        return index

    def first(self, key: Callable[[Resource], Iterable[Hashable]], value: Hashable, *types: str) -> Resource | None:
        """See :meth:`scanner.inventory.Inventory.first`."""
        index = self.grouped(key, *types)
        assert isinstance(index, _KeptIndex), "it was made here"
        question = (index.number, value, "first")
        if question not in self._remembered:
            query = (
                "SELECT kept.type, kept.key, kept.id FROM made.entries JOIN kept ON kept.id = entries.kept "
                "WHERE number = ? AND value = ?"
            )
            rows = self._rows(query, index.number, repr(value))
            least = min(((_rank(types, type_), key) for type_, key, _ in rows), default=None)
            ids = [id_ for type_, key, id_ in rows if (_rank(types, type_), key) == least]
            self._remembering(question, tuple(sorted(self._under(ids), key=order_among(types))[:1]))
        return next(iter(self._remembered[question]), None)

    def has_any(self, *types: str) -> bool:
        """See :meth:`scanner.inventory.Inventory.has_any`."""
        return any(self._rows("SELECT 1 FROM kept WHERE type = ? LIMIT 1", type_) for type_ in types)

    def indexed(self, number: int, value: Hashable, types: tuple[str, ...]) -> tuple[Resource, ...]:
        """Return the Resources that have ``value`` in the index ``number``, which is over ``types``."""
        query = "SELECT kept FROM made.entries WHERE number = ? AND value = ?"
        return self._remember((number, value), order_among(types), query, number, repr(value))

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
        rows = self._db.execute(f"SELECT id, {_FIELDS} FROM kept {marks}", types)  # noqa: S608
        made.execute("CREATE TEMP TABLE unsorted (value TEXT, kept INTEGER)")
        made.executemany(
            "INSERT INTO unsorted VALUES (?, ?)",
            ((repr(value), id_) for id_, *row in rows for value in key(resource_of(row))),
        )
        # sorted on disk first: entries that come in any order would each read and write another part of a large tree
        sorted_ = "SELECT ?, value, kept FROM unsorted ORDER BY value, kept"
        made.execute(f"INSERT OR IGNORE INTO entries {sorted_}", (number,))
        return number

    def _asked(self, where: str, *values: str) -> tuple[Resource, ...]:
        query = f"SELECT id FROM kept WHERE {where}"  # noqa: S608 - one of five texts above
        return self._remember((where, *values), order_of, query, *values)

    def _remember(
        self, question: tuple[object, ...], order: Callable[[Resource], Any], query: str, *values: Any
    ) -> tuple[Resource, ...]:
        """Return the Resources whose ids ``query`` gives."""
        answer = self._remembered.get(question)
        if answer is None:
            found = self._under([id_ for (id_,) in self._rows(query, *values)])
            answer = tuple(sorted(found, key=order) if len(found) > 1 else found)
            self._remembering(question, answer)
        return answer

    def _remembering(self, question: tuple[object, ...], answer: tuple[Resource, ...]) -> None:
        self._remembered[question] = answer
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)

    def _under(self, ids: Sequence[int]) -> list[Resource]:
        """Return the Resources that are kept under ``ids``, in that order."""
        found = {id_: self._recent[id_] for id_ in ids if id_ in self._recent}
        missing = [id_ for id_ in ids if id_ not in found]
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            query = f"SELECT id, {_FIELDS} FROM kept WHERE id IN ({','.join('?' * len(part))})"  # noqa: S608
            found.update(self._fetched(query, *part))
        return [found[id_] for id_ in ids]

    def _fetched(self, query: str, *values: Any) -> dict[int, Resource]:
        """Return the Resources whose id and fields ``query`` gives, by id; they are looked up soon again."""
        fetched = {id_: resource_of(row) for id_, *row in self._rows(query, *values)}
        self._recent.update(fetched)
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return fetched

    def _rows(self, query: str, *values: Any) -> list[Any]:
        # all rows at once: an open cursor would go on seeing the indexes as they were when it was opened
        with state_told(self._path):
            return self._db.execute(query, values).fetchall()


def _rank(types: tuple[str, ...], type_: str) -> int:
    return types.index(type_) if types else 0


class _KeptIndex(Mapping[Hashable, tuple[Resource, ...]]):
    """One index: value → Resources, looked up when asked."""

    def __init__(self, inventory: KeptInventory, number: int, types: tuple[str, ...]) -> None:
        self._inventory = inventory
        self.number = number
        self._types = types
        self._is_empty = not inventory.holds(number)
        """Many an index is empty, and is then asked about every Resource all the same."""

    def __getitem__(self, value: Hashable) -> tuple[Resource, ...]:
        found = () if self._is_empty else self._inventory.indexed(self.number, value, self._types)
        if not found:
            raise KeyError(value)
        return found

    def __iter__(self) -> Iterator[Hashable]:
        return self._inventory.values_of(self.number)

    def __len__(self) -> int:
        return sum(1 for _ in self)
