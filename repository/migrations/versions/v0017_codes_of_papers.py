"""Codes of digitised papers and results; papers that end with another; cases of a dossier.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """One table, two columns."""
    op.create_table(
        "result_codes",
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("dossier", sa.String(64)),
        sa.Column("stem", sa.String(200), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_result_codes"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_result_codes_document_id_documents"
        ),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.code"], name="fk_result_codes_dossier_dossiers"
        ),
    )
    op.create_index("ix_result_codes_document_id", "result_codes", ["document_id"])
    op.create_index("ix_result_codes_stem", "result_codes", ["stem", "ordinal"])
    op.add_column("documents", sa.Column("ends_with", sa.String(32)))
    op.create_index("ix_documents_ends_with", "documents", ["ends_with"])
    op.add_column("dossiers", sa.Column("cases", JSON_VALUE))


def downgrade() -> None:
    """Codes are given anew; papers hold by their own dates; all components are asked for."""
    op.drop_column("dossiers", "cases")
    op.drop_index("ix_documents_ends_with", table_name="documents")
    op.drop_column("documents", "ends_with")
    op.drop_index("ix_result_codes_stem", table_name="result_codes")
    op.drop_index("ix_result_codes_document_id", table_name="result_codes")
    op.drop_table("result_codes")
