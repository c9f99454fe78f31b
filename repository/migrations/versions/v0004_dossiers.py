"""Dossiers: what was received, which papers stand for what, what was asked for, what came of it.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """Five tables."""
    _dossiers()
    _ordinals()
    _papers()
    _requests()
    _events()


def _dossiers() -> None:
    op.create_table(
        "dossiers",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("stem", sa.String(8), nullable=False),
        sa.Column("subject_id", sa.String(32), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name="fk_dossiers_subject_id_subjects"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_dossiers"),
    )
    op.create_index("ix_dossiers_subject_id", "dossiers", ["subject_id"])
    op.create_index("ix_dossiers_listing", "dossiers", ["created_at", "code"])
    op.create_index("ix_dossiers_state", "dossiers", ["state"])


def _ordinals() -> None:
    op.create_table(
        "dossier_ordinals",
        sa.Column("organisation", sa.String(35), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "day", name="pk_dossier_ordinals"),
    )


def _papers() -> None:
    op.create_table(
        "dossier_papers",
        sa.Column("dossier", sa.String(64), nullable=False),
        sa.Column("component", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("checked_by", sa.String(64)),
        sa.Column("checked_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.code"], name="fk_dossier_papers_dossier_dossiers"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_dossier_papers_document_id_documents"
        ),
        sa.PrimaryKeyConstraint("dossier", "component", "document_id", name="pk_dossier_papers"),
    )
    op.create_index("ix_dossier_papers_document_id", "dossier_papers", ["document_id"])


def _requests() -> None:
    op.create_table(
        "supplement_requests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("dossier", sa.String(64), nullable=False),
        sa.Column("components", JSON_VALUE, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("overridden", JSON_VALUE, nullable=False),
        sa.Column("override", JSON_VALUE),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.code"], name="fk_supplement_requests_dossier_dossiers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_supplement_requests"),
    )
    op.create_index("ix_supplement_requests_dossier", "supplement_requests", ["dossier"])


def _events() -> None:
    op.create_table(
        "dossier_events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dossier", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("detail", JSON_VALUE, nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.code"], name="fk_dossier_events_dossier_dossiers"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_dossier_events"),
    )
    op.create_index("ix_dossier_events_dossier", "dossier_events", ["dossier"])


def downgrade() -> None:
    """Without what was kept in them."""
    for table in (
        "dossier_events",
        "supplement_requests",
        "dossier_papers",
        "dossier_ordinals",
        "dossiers",
    ):
        op.drop_table(table)
