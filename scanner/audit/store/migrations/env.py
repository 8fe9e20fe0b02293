"""What Alembic runs: the steps that are missing, on the connection the store hands over, in its transaction."""

from alembic import context

from scanner.audit.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
