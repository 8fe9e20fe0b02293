"""Turns what SQLite reports of the state of a run into an error that a user can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from scanner.errors import AuditError


@contextmanager
def state_told(path: str) -> Iterator[None]:
    """Turn errors of the work file at ``path``, and of the indexes beside it, into AuditError."""
    try:
        yield
    except sqlite3.Error as error:
        raise AuditError(
            f"cannot keep the state of the audit in {path}: {error}",
            hint="free some space or name another folder with --work, then go on with --resume",
        ) from error
