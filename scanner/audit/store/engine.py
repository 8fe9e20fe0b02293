"""Connections: how each database is set up, and what a reading and a writing transaction are.

Writers take turns. SQLite has one writer anyway, and ``BEGIN IMMEDIATE`` lets it wait at the beginning, where waiting
is harmless, instead of failing in the middle; on PostgreSQL a lock on one table does the same. So a writer may read,
decide and write without another one in between. Readers never wait.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep as pause
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from scanner.audit.store.faults import faults_told, is_lost
from scanner.audit.store.tables import finding

BUSY_S = 120
"""How long a writer waits for another: recording takes seconds, a very large one half a minute."""
CONNECT_S = 10
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""How long to wait before each new attempt when a server went away in the middle: a restart takes seconds."""
_WRITES = "bulkhead_writes"

T = TypeVar("T")


def engine_of(url: URL) -> Engine:
    """Return an Engine for ``url``, a SQLite or PostgreSQL one; nothing is opened yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    defaults = {"connect_timeout": str(CONNECT_S), "application_name": "bulkhead"}
    return create_engine(url.set(query={**defaults, **url.query}), pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: _begin_sqlite does
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that sees one moment of the store and changes nothing."""
    with faults_told("read", engine.url), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that writes: alone, and all of it or nothing."""
    with engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in a transaction that writes; again where the server went away, since then nothing was done.

    ``work`` must be able to find its own result: the answer to a commit may be what was lost.
    """
    with faults_told("write", engine.url):
        for pause_s in PAUSES_S:
            try:
                return _written(engine, work)
            except DBAPIError as error:
                if not is_lost(error):
                    raise
            pause(pause_s)
        return _written(engine, work)


def _written(engine: Engine, work: Callable[[Connection], T]) -> T:
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_S}s'"))
            connection.execute(text(f"LOCK TABLE {finding.name} IN SHARE ROW EXCLUSIVE MODE"))
        return work(connection)
