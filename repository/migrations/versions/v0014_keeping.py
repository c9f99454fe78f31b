"""Retention schedule, legal holds, disposals, and what the fixity sweep found.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
FAILED = sa.text("state <> 'ok'")


def upgrade() -> None:
    """Seven tables; nothing that was there changes."""
    _schedule_and_holds()
    _disposals()
    op.create_table(
        "fixity_checks",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.PrimaryKeyConstraint("sha256", name="pk_fixity_checks"),
    )
    op.create_index("ix_fixity_checks_checked_at", "fixity_checks", ["checked_at"])
    op.create_index(
        "ix_fixity_checks_failed",
        "fixity_checks",
        ["state"],
        sqlite_where=FAILED,
        postgresql_where=FAILED,
    )


def _schedule_and_holds() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("years", sa.Integer()),
        sa.Column("counts_from", sa.String(16), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("type", "valid_from", name="pk_retention_rules"),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(64), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("lifted_by", sa.String(64)),
        sa.Column("lifted_at", MOMENT),
        sa.Column("lift_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
    )
    op.create_index("ix_legal_holds_target", "legal_holds", ["scope", "target"])
    op.create_table(
        "object_holds",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_object_holds"),
    )


def _disposals() -> None:
    op.create_table(
        "disposals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.String(64), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", MOMENT),
        sa.Column("receipt_sha256", sa.String(64)),
        sa.Column("receipt_bytes", sa.Integer()),
        sa.Column("run_by", sa.String(64)),
        sa.Column("ended_at", MOMENT),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disposals"),
    )
    op.create_index("ix_disposals_listing", "disposals", ["drafted_at", "id"])
    op.create_table(
        "disposal_entries",
        sa.Column("disposal_id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("said", JSON_VALUE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points_to("disposal_entries", "disposal_id", "disposals"),
        _points_to("disposal_entries", "document_id", "documents"),
        sa.PrimaryKeyConstraint("disposal_id", "document_id", name="pk_disposal_entries"),
    )
    op.create_index("ix_disposal_entries_document_id", "disposal_entries", ["document_id"])
    op.create_table(
        "object_removals",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("disposal_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points_to("object_removals", "disposal_id", "disposals"),
        _points_to("object_removals", "document_id", "documents"),
        sa.PrimaryKeyConstraint("sha256", "document_id", name="pk_object_removals"),
    )
    op.create_index("ix_object_removals_disposal_id", "object_removals", ["disposal_id"])


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def downgrade() -> None:
    """Schedule, holds and lists are lost; export them first. Papers that are gone stay gone."""
    for name in (
        "fixity_checks", "object_removals", "disposal_entries", "disposals", "object_holds",
        "legal_holds", "retention_rules",
    ):  # fmt: skip
        op.drop_table(name)
