"""Evidence for other systems: what they may ask for, what they asked, one-use links, receipts.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "client_purposes",
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("stem", sa.String(8), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.client_id"], name="fk_client_purposes_client_id_clients"
        ),
        sa.PrimaryKeyConstraint("client_id", "stem", name="pk_client_purposes"),
    )
    op.create_table(
        "evidence_requests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("answer", JSON_VALUE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.client_id"], name="fk_evidence_requests_client_id_clients"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_requests"),
        sa.UniqueConstraint("client_id", "request_id", name="uq_evidence_requests_client_id"),
    )
    _links()
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("body", JSON_VALUE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )


def _links() -> None:
    op.create_table(
        "evidence_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("response_id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["evidence_requests.id"],
            name="fk_evidence_links_response_id_evidence_requests",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_evidence_links_document_id_documents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_links"),
    )
    op.create_index("ix_evidence_links_response_id", "evidence_links", ["response_id"])
    op.create_index("ix_evidence_links_document_id", "evidence_links", ["document_id"])


def downgrade() -> None:
    """Without what was kept in them."""
    for table in (
        "evidence_links",
        "receipts",
        "evidence_requests",
        "client_purposes",
    ):
        op.drop_table(table)
