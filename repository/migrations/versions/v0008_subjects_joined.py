"""Where a subject's further numbers are known from; subjects joined, and parted again.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "subject_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(32), nullable=False),
        sa.Column("scheme", sa.String(16), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("linked_by", sa.String(64), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name="fk_subject_links_subject_id_subjects"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subject_links"),
    )
    op.create_index("ix_subject_links_subject_id", "subject_links", ["subject_id"])
    op.create_table(
        "subject_merges",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kept", sa.String(32), nullable=False),
        sa.Column("gone", sa.String(32), nullable=False),
        sa.Column("identifiers", JSON_VALUE, nullable=False),
        sa.Column("documents", JSON_VALUE, nullable=False),
        sa.Column("dossiers", JSON_VALUE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.String(64), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.String(64)),
        sa.Column("undone_at", MOMENT),
        sa.ForeignKeyConstraint(["kept"], ["subjects.id"], name="fk_subject_merges_kept_subjects"),
        sa.ForeignKeyConstraint(["gone"], ["subjects.id"], name="fk_subject_merges_gone_subjects"),
        sa.PrimaryKeyConstraint("id", name="pk_subject_merges"),
    )
    op.create_index("ix_subject_merges_kept", "subject_merges", ["kept"])
    op.create_index("ix_subject_merges_gone", "subject_merges", ["gone"])


def downgrade() -> None:
    """Without what was kept in them."""
    for table in (
        "subject_merges",
        "subject_links",
    ):
        op.drop_table(table)
