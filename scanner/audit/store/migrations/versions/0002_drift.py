"""What drifted, side by side; what is known to have happened to it; who wrote to what, longer than Azure keeps it.

Written by hand, and complete in itself: it must not change when ``tables.py`` does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_difference",
        sa.Column("finding_id", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("attribute", "declared", "live", "standing", "cause", "remedy", "method", "own"),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_finding.id"], name="fk_audit_difference_finding_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", name="pk_audit_difference"),
    )
    op.create_table(
        "audit_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("digest", "resource", "tenant", "time", "what", "own"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_moment"),
        sa.UniqueConstraint("digest", name="uq_audit_moment_digest"),
    )
    op.create_table(
        "audit_write",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("digest", "target", "verb", "time", "principal", "client", "operation", "correlation", "manager"),
        sa.Column("attributes", sa.Text()),
        *_texts("needed"),
        sa.CheckConstraint("verb IN ('created', 'changed', 'deleted')", name=op.f("ck_audit_write_verb")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_write"),
        sa.UniqueConstraint("digest", name="uq_audit_write_digest"),
    )
    op.create_index("ix_audit_write_target", "audit_write", ["target"])


def _texts(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
