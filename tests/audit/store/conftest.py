"""Stores to test with: SQLite always, a real PostgreSQL where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.postgres import PostgreSQL, postgresql

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL that all tests of a process share; each takes a database of its own."""
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty store, once on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'audit.db'}"
    running: PostgreSQL = request.getfixturevalue("server")
    return running.database()
