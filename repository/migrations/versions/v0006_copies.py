"""Printed copies and receipts that people can check by a code.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """One table."""
    op.create_table(
        "copies",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("document_id", sa.String(32)),
        sa.Column("dossier", sa.String(64)),
        sa.Column("sha256", sa.String(64)),
        sa.Column("said", JSON_VALUE, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_copies_document_id_documents"
        ),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.code"], name="fk_copies_dossier_dossiers"),
        sa.PrimaryKeyConstraint("code", name="pk_copies"),
    )
    op.create_index("ix_copies_document_id", "copies", ["document_id"])
    op.create_index("ix_copies_dossier", "copies", ["dossier"])


def downgrade() -> None:
    """Without what was kept in them."""
    op.drop_table("copies")
