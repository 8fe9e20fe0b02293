"""Migrations make what the program queries, and what is newer or not ours is refused."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from scanner.audit.store import open_store
from scanner.audit.store.engine import engine_of
from scanner.audit.store.tables import VERSION_TABLE, metadata
from scanner.errors import StoreError
from tests.audit.store.runs import found, recorded

CHECKS = {"audit_run": {"ck_audit_run_status"}, "audit_write": {"ck_audit_write_verb"}}


def test_the_migrations_make_exactly_the_tables(url: str) -> None:
    open_store(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        made = inspect(connection)
        for table in metadata.tables.values():
            assert made.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
            checks = {check["name"] for check in made.get_check_constraints(table.name)}
            assert checks == CHECKS.get(table.name, set())
    engine.dispose()


def test_a_store_is_opened_again_as_it_was(url: str) -> None:
    first = open_store(url)
    run = recorded(first, found("web"))
    first.close()
    again = open_store(url, create=False)
    assert [one.fingerprint for one in again.findings(run)] == [found("web").fingerprint]
    again.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(url: str) -> None:
    store = open_store(url)
    recorded(store)
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9042'"))
        connection.execute(text("UPDATE audit_run SET tool_version = '9.9.0'"))
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "a newer version of Bulkhead (9.9.0) has written it (schema 9042)" in str(caught.value)
    assert "nothing was changed" in caught.value.diagnostics()
    engine.dispose()


def test_a_table_of_the_same_name_that_is_not_ours_is_refused(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit_run (something integer)"))
    with pytest.raises(StoreError, match="it has a table audit_run that is not ours"):
        open_store(url)
    engine.dispose()


def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audit.db"
    with monkeypatch.context() as broken:
        from alembic.operations import Operations

        broken.setattr(Operations, "create_index", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(StoreError, match="No space left"):
            open_store(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    open_store(f"sqlite:///{path}").close()


def test_sqlite_writes_ahead_and_checks_its_keys(tmp_path: Path) -> None:
    from sqlalchemy.engine import make_url

    url = f"sqlite:///{tmp_path / 'audit.db'}"
    open_store(url).close()
    engine = engine_of(make_url(url))
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_a_store_of_the_first_schema_is_brought_up_to_date_and_keeps_its_runs(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    upgrade = command.upgrade
    with monkeypatch.context() as before:
        before.setattr(command, "upgrade", lambda configuration, _: upgrade(configuration, "0001"))
        open_store(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        assert "audit_write" not in inspect(connection).get_table_names()
        connection.execute(
            text(
                "INSERT INTO audit_run (status, started, reason, tool_version, estate_name, estate_digest, "
                "rego_engine, resources, elapsed_s) "
                "VALUES ('complete', '2026-11-01T02:00:00Z', '', '0.2.0', 'erp', '', '', 7, 1.0)"
            )
        )
    store = open_store(url, create=False)
    assert [(one.id, one.resources) for one in store.runs()] == [(1, 7)]
    second = recorded(store, found("web"))
    assert store.compare(1, second).introduced != ()
    with engine.connect() as connection:
        assert "audit_write" in inspect(connection).get_table_names()
    store.close()
    engine.dispose()
