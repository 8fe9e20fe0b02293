"""Makes a Store out of a URL that was understood."""

import os
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from scanner.audit.store.engine import engine_of, transaction
from scanner.audit.store.faults import faults_told, shown
from scanner.audit.store.schema import is_current, migrate
from scanner.audit.store.store import Store
from scanner.errors import StoreError


def connected(url: URL, *, create: bool) -> Store:
    """Connect, look at the schema and bring it up to date where it is behind; see :func:`open_store`."""
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not create and not Path(url.database or "").is_file():
        raise StoreError(
            f"cannot open store {shown(url)}: there is no such file",
            hint="'bulkhead audit' makes it; name another one with --store",
        )
    engine = engine_of(_unchanging(url) if is_file else url)
    try:
        with faults_told("open", url):
            _bring_up_to_date(engine, shown(url))
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _bring_up_to_date(engine: Engine, name: str) -> None:
    # looked at first without a lock: whoever only reads must not wait for a writer, nor need the right to write
    with engine.connect() as connection, connection.begin():
        if is_current(connection, name):
            return
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None, "it was connected just now"
            driver.execute("PRAGMA journal_mode = WAL")
    with transaction(engine) as connection:
        migrate(connection, name)


def _unchanging(url: URL) -> URL:
    """Return ``url`` so that a file which this account may not write can be read all the same.

    Reading a file that is written ahead makes a file beside it, unless SQLite is told that nobody changes it:
    https://sqlite.org/wal.html#read_only_databases. Where the log has content that would be wrong.
    """
    path = Path(url.database or "")
    if not path.is_file() or os.access(path, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
        return url
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return url.set(database=address, query={"uri": "true"})
