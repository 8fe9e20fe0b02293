"""The work file: what an audit has found so far, so that a run that was cut off goes on where it stopped.

One SQLite file for one run. A page's outcome is committed in one piece: after a crash at any moment a page is either in
it as a whole or not at all. It holds no content of Resources but what the second phase reads of some of them, and is
removed when the run is over. Pickled values in it were written by this program into a file that only its user may
read and write.
"""

import os
import pickle
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from scanner.audit.kept_row import FIELDS
from scanner.audit.names import Digests
from scanner.audit.state_faults import state_told
from scanner.audit.summary import Alike, Number, Summary
from scanner.engine.pages import PageVerdicts
from scanner.model.ledger import LedgerEntry, State

SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (name TEXT PRIMARY KEY, entries BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, phase INTEGER NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, stamp BLOB NOT NULL,
    resources INTEGER NOT NULL, repeats INTEGER NOT NULL, outcome BLOB NOT NULL, attempt TEXT NOT NULL,
    UNIQUE (phase, source, name)
);
CREATE TABLE seen (key BLOB PRIMARY KEY, page INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE kept (
    id INTEGER PRIMARY KEY, page INTEGER NOT NULL, type TEXT NOT NULL, cluster TEXT NOT NULL, namespace TEXT NOT NULL,
    name TEXT NOT NULL, tenant TEXT, declares TEXT, key TEXT NOT NULL, tenancy BLOB NOT NULL, content BLOB NOT NULL
);
CREATE INDEX kept_by_page ON kept (page);
CREATE TABLE unseen (page INTEGER, source TEXT, entry BLOB NOT NULL);
"""
_CACHE_KB = 8 << 10
_MOVED = "what is listed changed while the audit was cut off; some of it may not have been judged: run it again"
_IDENTITY = "CREATE INDEX IF NOT EXISTS kept_by_identity ON kept (type, cluster, namespace, name)"

_KEEP = f"INSERT INTO kept (page, {', '.join(FIELDS)}) VALUES (?{', ?' * len(FIELDS)})"  # noqa: S608
_DECLARED = "CREATE INDEX IF NOT EXISTS kept_by_declaration ON kept (declares) WHERE declares IS NOT NULL"


class Outcome(NamedTuple):
    """What a page gave, as it is kept."""

    verdicts: PageVerdicts
    """Without ``judged`` and ``retained``."""
    numbers: Mapping[Alike, Number]
    scopes: frozenset[str]
    """See :attr:`scanner.audit.summary.Summary.scopes`."""
    names: Digests


class WorkFile:
    """The state of one run. One instance serves one thread."""

    def __init__(self, path: str) -> None:
        self.path = path
        is_new = not os.path.exists(path)
        if is_new:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        with state_told(self.path):
            self._db.execute("PRAGMA page_size = 8192")  # six rows in each: less is left empty, and written
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._db.execute("PRAGMA wal_autocheckpoint = 2000")  # 16 MB: what is written twice counts once
            if is_new or not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept'").fetchone():
                self._db.executescript(f"BEGIN; {SCHEMA} COMMIT;")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def fact(self, name: str) -> Any:
        """Return what was stated under ``name``; None where nothing was."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else pickle.loads(row[0])

    def state(self, name: str, value: Any) -> None:
        """Keep a fact of the run."""
        with state_told(self.path):
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, pickle.dumps(value)))

    def finished_sources(self) -> dict[str, tuple[LedgerEntry, ...]]:
        """Return the entries of every Source that was read to its end, by its name."""
        return {name: pickle.loads(entries) for name, entries in self._db.execute("SELECT * FROM sources")}

    def finish_source(self, name: str, entries: Sequence[LedgerEntry], attempt: str) -> None:
        """Keep that a Source was read to its end in ``attempt``; pages of it that were not there then are forgotten.

        Where what such a page had was on others too, these have left it to that page: an entry says so.
        """
        with self._writing():
            gone = "SELECT id FROM pages WHERE phase = 1 AND source = ? AND attempt <> ?"
            forgotten = self._db.execute(gone, (name, attempt)).fetchall()
            for (page,) in forgotten:
                self._forget(page)
            repeats = "SELECT 1 FROM pages WHERE phase = 1 AND source = ? AND repeats > 0"
            if forgotten and self._db.execute(repeats, (name,)).fetchone():
                entries = (*entries, LedgerEntry(name, State.PARTIAL, _MOVED, incomplete=True))
            self._db.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (name, pickle.dumps(tuple(entries))))
            self._db.execute("DELETE FROM unseen WHERE source = ?", (name,))
            self._db.executemany("INSERT INTO unseen VALUES (NULL, ?, ?)", ((name, one) for one in _unseen(entries)))

    def has(self, phase: int, source: str, name: str, stamp: bytes, attempt: str) -> bool:
        """Whether the outcome of a page is kept that held the same; it then counts for ``attempt`` too.

        Not one that left something to an earlier page: that page may have something else now.
        """
        if not stamp:
            return False
        with state_told(self.path):
            found = self._db.execute(
                "UPDATE pages SET attempt = ? "
                "WHERE phase = ? AND source = ? AND name = ? AND stamp = ? AND repeats = 0",
                (attempt, phase, source, name, stamp),
            )
        return found.rowcount > 0

    def keep(self, phase: int, source: str, name: str, stamp: bytes, attempt: str, summary: Summary) -> None:
        """Keep the outcome of a page; Resources that an earlier page has given count there and not here."""
        with self._writing():
            old = self._db.execute(
                "SELECT id FROM pages WHERE phase = ? AND source = ? AND name = ?", (phase, source, name)
            ).fetchone()
            if old is not None:
                self._forget(old[0])
            page = self._db.execute(
                "INSERT INTO pages (phase, source, name, stamp, resources, repeats, outcome, attempt) "
                "VALUES (?, ?, ?, ?, 0, 0, x'', ?)",
                (phase, source, name, stamp, attempt),
            ).lastrowid
            repeated = self._repeated(summary, page) if phase == 1 else frozenset()
            if repeated:
                summary = summary.without(repeated)
            numbers = summary.numbers()
            outcome = Outcome(summary.verdicts, numbers, summary.scopes, summary.names)
            self._db.execute(
                "UPDATE pages SET resources = ?, repeats = ?, outcome = ? WHERE id = ?",
                (sum(number.resources for number in numbers.values()), len(repeated), pickle.dumps(outcome, 5), page),
            )
            self._db.executemany(
                _KEEP,
                ((page, *row) for row in summary.kept),
            )
            unseen = _unseen(summary.verdicts.entries)
            self._db.executemany("INSERT INTO unseen VALUES (?, NULL, ?)", ((page, one) for one in unseen))

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield (phase, outcome) of every page, in the order in which they were kept."""
        for phase, outcome in self._db.execute("SELECT phase, outcome FROM pages ORDER BY id"):
            yield phase, pickle.loads(outcome)

    def scopes(self) -> frozenset[str]:
        """Return the clusters and subscriptions that Resources were read of."""
        return frozenset(scope for _, outcome in self.outcomes() for scope in outcome.scopes)

    def names(self) -> Iterator[Digests]:
        """Yield the digests of the names on every page."""
        return (outcome.names for _, outcome in self.outcomes())

    def resources(self) -> int:
        """How many Resources the first phase has judged."""
        (number,) = self._db.execute("SELECT coalesce(sum(resources), 0) FROM pages WHERE phase = 1").fetchone()
        return int(number)

    def index_kept(self) -> None:
        """Make what is kept quick to look up: once, when the first phase is over."""
        with state_told(self.path):
            self._db.execute(_IDENTITY)
            self._db.execute(_DECLARED)
            self._db.execute("ANALYZE kept")

    def stretches(self, types: Sequence[str], size: int) -> Iterator[tuple[int, int]]:
        """Yield (first, last) ids of what is kept of ``types``, about ``size`` Resources each, in order."""
        marks = ",".join("?" * len(types))
        first = last = number = 0
        for (position,) in self._db.execute(f"SELECT id FROM kept WHERE type IN ({marks}) ORDER BY id", types):  # noqa: S608
            first = first or position
            last, number = position, number + 1
            if number == size:
                yield first, last
                first = number = 0
        if number:
            yield first, last

    def _repeated(self, summary: Summary, page: int | None) -> frozenset[bytes]:
        """Return the keys of ``summary`` that earlier pages have, and remember the rest as this page's."""
        keys = sorted(summary.keys())  # side by side in the index
        added = self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", ((key, page) for key in keys))
        if added.rowcount == len(keys):
            return frozenset()
        find = "SELECT page FROM seen WHERE key = ?"
        return frozenset(key for key in keys if self._db.execute(find, (key,)).fetchone()[0] != page)

    def _forget(self, page: int) -> None:
        for statement in (
            "DELETE FROM pages WHERE id = ?",
            "DELETE FROM kept WHERE page = ?",
            "DELETE FROM seen WHERE page = ?",
            "DELETE FROM unseen WHERE page = ?",
        ):
            self._db.execute(statement, (page,))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with state_told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _unseen(entries: Sequence[LedgerEntry]) -> Iterator[bytes]:
    """Yield the entries that say what was not seen, as they are kept for the second phase."""
    return (pickle.dumps(entry, 5) for entry in entries if entry.unseen is not None)
