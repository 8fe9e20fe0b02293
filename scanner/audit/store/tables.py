"""The tables, as the program queries them. What a database has is made by ``migrations``; a test proves both equal.

Names begin with ``audit_``, so that the store can live in a database beside something else. Times are text, ISO 8601
in UTC to the second (``2026-01-31T02:00:00Z``): they sort, and read the same on every database.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

VERSION_TABLE = "audit_schema"
"""Where Alembic keeps the revision; a name of our own, since another program may use Alembic in the same database."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _of_run() -> Column[int]:
    return Column("run_id", ForeignKey("audit_run.id", ondelete="CASCADE"), primary_key=True)


run = Table(
    "audit_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("finished", Text),
    Column("reason", Text, nullable=False),
    Column("tool_version", Text, nullable=False),
    Column("estate_name", Text, nullable=False),
    Column("estate_digest", Text, nullable=False),
    Column("rego_engine", Text, nullable=False),
    Column("resources", Integer, nullable=False),
    Column("elapsed_s", Float, nullable=False),
    CheckConstraint("status IN ('running', 'complete', 'incomplete', 'failed')", name="status"),
    sqlite_autoincrement=True,  # the number of a run that was pruned is never given again
)
pack = Table(
    "audit_pack",
    metadata,
    _of_run(),
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("rules", Integer, nullable=False),
)
scope = Table("audit_scope", metadata, _of_run(), Column("name", Text, primary_key=True))
rule = Table(
    "audit_rule",
    metadata,
    _of_run(),
    Column("rule", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("concern", Text, nullable=False),
    Column("controls", Text, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("exempted", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
)
tally = Table(
    "audit_tally",
    metadata,
    _of_run(),
    Column("rule", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("failing", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("exempted", Integer, nullable=False),
)
finding = Table(
    "audit_finding",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("concern", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("own_message", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("resolved_run", Integer),
    Column("resolved", Text),
    UniqueConstraint("fingerprint", "tenant"),
    Index(None, "last_run"),
)
sighting = Table(
    "audit_sighting",
    metadata,
    _of_run(),
    Column("finding_id", ForeignKey("audit_finding.id", ondelete="CASCADE"), primary_key=True),
    Column("verdict", SmallInteger, nullable=False),
    Column("exemption", Text),
    Index(None, "finding_id"),
)
ledger = Table(
    "audit_ledger",
    metadata,
    _of_run(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("input", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("line", Integer),
    Column("column", Integer),
    Column("resources", Integer, nullable=False),
    Column("incomplete", Boolean(create_constraint=False), nullable=False),
    Column("rule", Text, nullable=False),
)
exemption = Table(
    "audit_exemption",
    metadata,
    _of_run(),
    Column("id", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("rules", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("expires", Text),
    Column("findings", Integer, nullable=False),
)
difference = Table(
    "audit_difference",
    metadata,
    Column("finding_id", ForeignKey("audit_finding.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("attribute", Text, nullable=False),
    Column("declared", Text, nullable=False),
    Column("live", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("own", Text, nullable=False),
)
moment = Table(
    "audit_moment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("own", Text, nullable=False),
    UniqueConstraint("digest"),
)
write = Table(
    "audit_write",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("manager", Text, nullable=False),
    Column("attributes", Text),
    Column("needed", Text, nullable=False),
    UniqueConstraint("digest"),
    Index(None, "target"),
    CheckConstraint("verb IN ('created', 'changed', 'deleted')", name="verb"),
)
