"""Turns what a database reports into an error that a user can act on. The password of a URL is in none of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from scanner.errors import StoreError

_SQLITE: Sequence[tuple[str, str, str]] = (
    ("SQLITE_FULL", "the disk is full", "free some space, or 'bulkhead runs prune'; the audit can be resumed"),
    ("SQLITE_READONLY", "the file cannot be written", "give this account the right to write it and its folder"),
    ("SQLITE_CANTOPEN", "the file cannot be opened", "its folder must exist, and this account must be able to write"),
    ("SQLITE_PERM", "the file cannot be opened", "give this account the right to read and write it"),
    ("SQLITE_NOTADB", "it is not a SQLite database", "name another file, or move this one away"),
    ("SQLITE_CORRUPT", "the file is damaged", "restore it from a backup; docs/store.md says how one is made"),
    ("SQLITE_BUSY", "another process has been writing it for too long", "wait for the other audit, then resume"),
    ("SQLITE_LOCKED", "another process has been writing it for too long", "wait for the other audit, then resume"),
    ("SQLITE_IOERR", "the disk reports an error", "look at the disk; SQLite needs a local one, not a network share"),
)
_POSTGRESQL: Sequence[tuple[str, str, str]] = (
    ("53100", "the server's disk is full", "free some space on the server; the audit can be resumed"),
    ("53300", "the server has no connection left", "raise max_connections, or wait; the audit can be resumed"),
    ("28", "the server refuses the account", "look at the user name and the password, or at pg_hba.conf"),
    ("25006", "the server only reads (a standby)", "name the primary server"),
    ("42501", "the account lacks a privilege", "the account must own its schema; docs/store.md says how"),
    ("55P03", "another process has been writing it for too long", "wait for the other audit, then resume"),
    ("57P", "the server is stopping or starting", "start it again; the audit can be resumed"),
    ("08", "the connection broke", "look at the server and the network; the audit can be resumed"),
)
"""Beginning of the SQLSTATE; https://www.postgresql.org/docs/15/errcodes-appendix.html."""


def shown(url: URL) -> str:
    """Return ``url`` as messages name it: a file by its path, a server without password and parameters."""
    if url.get_backend_name() == "sqlite":
        return _path(url.database or ":memory:")
    return url.set(query={}).render_as_string(hide_password=True)


def _path(database: str) -> str:
    """Return the path of a SQLite file that may be given as an address."""
    return unquote(urlsplit(database).path) if database.startswith("file:") else database


@contextmanager
def faults_told(verb: str, url: URL) -> Iterator[None]:
    """Turn errors of the database into StoreError: "cannot <verb> store <name>: <cause>"."""
    try:
        yield
    except SQLAlchemyError as error:
        cause, hint = cause_of(error)
        raise StoreError(f"cannot {verb} store {shown(url)}: {cause}", hint=hint) from error
    except OSError as error:
        raise StoreError(f"cannot {verb} store {shown(url)}: {error.strerror or error}") from error


def cause_of(error: SQLAlchemyError) -> tuple[str, str]:
    """Return the cause in words and what to do about it."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return _first_line(error), ""
    sqlite = getattr(error.orig, "sqlite_errorname", None) or ""
    for name, cause, hint in _SQLITE:
        if sqlite.startswith(name):
            return cause, hint
    state = getattr(error.orig, "sqlstate", None) or ""
    for name, cause, hint in _POSTGRESQL:
        if state.startswith(name):
            return f"{cause} ({_first_line(error.orig)})", hint
    if is_lost(error):
        if "FATAL:" in str(error.orig):  # the server answers, and the driver gives no SQLSTATE while it connects
            hint = "create the database, or look at the user name and the password; docs/store.md says how"
            return f"the server refuses the connection ({_first_line(error.orig)})", hint
        return f"the server cannot be reached ({_first_line(error.orig)})", "look at the server, its name and its port"
    return _first_line(error.orig), ""


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection was lost or never made, so that trying again may help."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(("08", "57P"))
    return type(error.orig).__name__ == "OperationalError" and not hasattr(error.orig, "sqlite_errorname")


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0].removeprefix("connection failed: ") if text else type(error).__name__
