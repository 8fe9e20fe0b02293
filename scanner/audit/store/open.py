"""Opens a store by its URL."""

from typing import TYPE_CHECKING

from scanner.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from scanner.audit.store.store import Store

DEFAULT_URL = "sqlite:///bulkhead-audit.db"
_FORMS = "a store is sqlite:///path/to/file.db or postgresql+psycopg://user@host/database; see docs/store.md"


def open_store(url: str = DEFAULT_URL, *, create: bool = True) -> "Store":
    """Open the store at ``url``, bringing its schema up to date; without ``create`` it must be there already.

    Raises StoreError where it cannot be reached, is no store, cannot be written, or a newer version wrote it.
    """
    parsed = _parsed(url)
    try:
        from scanner.audit.store.connected import connected
    except ModuleNotFoundError as error:
        raise _missing(error.name or "sqlalchemy", "audit") from error
    try:
        return connected(parsed, create=create)
    except ModuleNotFoundError as error:
        raise _missing(error.name or "psycopg", "postgresql") from error


def _missing(module: str, extra: str) -> StoreError:
    return StoreError(
        f"cannot open the store: the Python package '{module}' is not installed",
        hint=f"install the extra: pip install 'bulkhead-scanner[{extra}]'",
    )


def _parsed(url: str) -> "URL":
    try:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    except ModuleNotFoundError as error:
        raise _missing(error.name or "sqlalchemy", "audit") from error
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # the text itself may hold a password and is not repeated
        raise StoreError("cannot open the store: its URL cannot be understood", hint=_FORMS) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise StoreError(f"cannot open the store: '{backend}' is no database file or server it can use", hint=_FORMS)
    return parsed.set(drivername="sqlite")
