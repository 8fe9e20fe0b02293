"""Runs, their counts, Findings and when they were seen, the ledger, Exemptions.

Written by hand, and complete in itself: it must not change when ``tables.py`` does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tool_version", sa.Text(), nullable=False),
        sa.Column("estate_name", sa.Text(), nullable=False),
        sa.Column("estate_digest", sa.Text(), nullable=False),
        sa.Column("rego_engine", sa.Text(), nullable=False),
        sa.Column("resources", sa.Integer(), nullable=False),
        sa.Column("elapsed_s", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'complete', 'incomplete', 'failed')", name=op.f("ck_audit_run_status")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_run"),
        sqlite_autoincrement=True,
    )
    _table(
        "audit_pack",
        ["name"],
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
    )
    _table("audit_scope", ["name"], sa.Column("name", sa.Text(), nullable=False))
    _table(
        "audit_rule",
        ["rule"],
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("controls", sa.Text(), nullable=False),
        *_numbers("passed", "failed", "unknown", "skipped", "errors", "exempted"),
        sa.Column("evidence", sa.Text(), nullable=False),
    )
    _table(
        "audit_tally",
        ["rule", "tenant"],
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *_numbers("failing", "unknown", "errors", "exempted"),
    )
    _findings()
    _table(
        "audit_ledger",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("column", sa.Integer()),
        sa.Column("resources", sa.Integer(), nullable=False),
        sa.Column("incomplete", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
    )
    _table(
        "audit_exemption",
        ["id", "state"],
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text()),
        *_numbers("findings"),
    )


def _findings() -> None:
    op.create_table(
        "audit_finding",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "concern",
                "type",
                "resource",
                "environment",
                "input",
                "path",
                "message",
                "own_message",
                "parts",
            )
        ),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("resolved_run", sa.Integer()),
        sa.Column("resolved", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_audit_finding"),
        sa.UniqueConstraint("fingerprint", "tenant", name="uq_audit_finding_fingerprint_tenant"),
    )
    op.create_index("ix_audit_finding_last_run", "audit_finding", ["last_run"])
    _table(
        "audit_sighting",
        ["finding_id"],
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.SmallInteger(), nullable=False),
        sa.Column("exemption", sa.Text()),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_finding.id"], name="fk_audit_sighting_finding_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_audit_sighting_finding_id", "audit_sighting", ["finding_id"])


def _table(name: str, keys: list[str], *parts: sa.schema.SchemaItem) -> None:
    """Make a table whose rows belong to a run and go with it."""
    op.create_table(
        name,
        sa.Column("run_id", sa.Integer(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["run_id"], ["audit_run.id"], name=f"fk_{name}_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", *keys, name=f"pk_{name}"),
    )


def _numbers(*names: str) -> list["sa.Column[int]"]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]
