"""Brings a database to the schema this version knows, and refuses one that a newer version has written."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from scanner import __version__
from scanner.audit.store.tables import VERSION_TABLE, metadata, run
from scanner.errors import StoreError

_LOCK = 0x62756C6B
"""Key of the advisory lock under which PostgreSQL migrates: there may be no table yet that could be locked."""


def migrate(connection: Connection, name: str) -> None:
    """Run the steps that are missing, in the writing transaction of ``connection``; ``name`` is the store's."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if not is_current(connection, name):
        configuration = Config()
        configuration.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def is_current(connection: Connection, name: str) -> bool:
    """Whether no step is missing; raises StoreError where the database is newer, or not a store at all."""
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if found is None:
        taken = sorted(set(metadata.tables) & set(inspect(connection).get_table_names()))
        if taken:
            raise StoreError(
                f"cannot open store {name}: it has a table {taken[0]} that is not ours",
                hint="name a database, or a file, that nothing else uses",
            )
        return False
    steps = ScriptDirectory(str(_FOLDER))
    if found not in {step.revision for step in steps.walk_revisions()}:
        raise StoreError(
            f"cannot open store {name}: a newer version of Bulkhead{_writer(connection)} has written it "
            f"(schema {found}); this is {__version__}",
            hint="install that version; nothing was changed",
        )
    return found == steps.get_current_head()


def _writer(connection: Connection) -> str:
    """Return the version that wrote the last run; a column it is in may be gone in a newer schema."""
    names = {column["name"] for column in inspect(connection).get_columns(run.name)}
    if not {"tool_version", "id"} <= names:
        return ""
    version = connection.scalar(select(run.c.tool_version).order_by(run.c.id.desc()).limit(1))
    return f" ({version})" if version else ""


_FOLDER = Path(__file__).parent / "migrations"
