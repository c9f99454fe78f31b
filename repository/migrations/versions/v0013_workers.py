"""Workers that are at work, with what they have done; open jobs counted by an index of their own.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
OPEN = sa.text("state <> 'done'")


def upgrade() -> None:
    """One table and one partial index: finished jobs, the many, are not in it."""
    op.create_table(
        "workers",
        sa.Column("owner", sa.String(300), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.Column("totals", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_workers"),
    )
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["kind", "state", "run_after"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Presence and totals of the workers are lost; nothing else hangs on them."""
    op.drop_index("ix_jobs_open", table_name="jobs")
    op.drop_table("workers")
