"""Previews: the holder looks at a paper and decides before another system gets it.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """One table."""
    op.create_table(
        "evidence_previews",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("matter", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(16), nullable=False),
        sa.Column("subject_lookup", sa.String(64), nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("case_ref", sa.String(100), nullable=False),
        sa.Column("legal_basis", JSON_VALUE, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("documents", JSON_VALUE, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.String(64)),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_previews"),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.client_id"], name="fk_evidence_previews_client_id_clients"
        ),
        sa.UniqueConstraint("token_hash", name="uq_evidence_previews_token_hash"),
        sa.UniqueConstraint("client_id", "conversation_id", name="uq_evidence_previews_client_id"),
    )
    op.create_index(
        "ix_evidence_previews_request", "evidence_previews", ["client_id", "request_id"]
    )


def downgrade() -> None:
    """What holders decided is lost but for the audit log; requests that wait begin anew."""
    op.drop_index("ix_evidence_previews_request", table_name="evidence_previews")
    op.drop_table("evidence_previews")
