"""Signatures that are awaited from elsewhere, and how long archival files prove themselves.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """Two tables and a column."""
    op.create_table(
        "signing_tasks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("certificate_sha256", sa.String(64), nullable=False),
        sa.Column("draft_sha256", sa.String(64), nullable=False),
        sa.Column("draft_bytes", sa.Integer(), nullable=False),
        sa.Column("prepared", JSON_VALUE, nullable=False),
        sa.Column("kept", JSON_VALUE, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_signing_tasks_document_id_documents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signing_tasks"),
        sa.UniqueConstraint("document_id", "role", name="uq_signing_tasks_document_id_role"),
    )
    op.create_index(
        "ix_signing_tasks_waiting", "signing_tasks", ["how", "answered_at", "created_at"]
    )
    op.create_table(
        "past_renditions",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("made_by", JSON_VALUE, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_past_renditions_document_id_documents"
        ),
        sa.PrimaryKeyConstraint("document_id", "sha256", name="pk_past_renditions"),
    )
    op.add_column("renditions", sa.Column("holds_until", sa.DateTime(timezone=True)))
    op.create_index("ix_renditions_holds_until", "renditions", ["holds_until"])


def downgrade() -> None:
    """Papers that wait are composed anew; what was renewed keeps its newest file alone."""
    op.drop_index("ix_renditions_holds_until", "renditions")
    with op.batch_alter_table("renditions") as table:
        table.drop_column("holds_until")
    op.drop_table("past_renditions")
    op.drop_table("signing_tasks")
