"""Which job comes first, and which kinds of work are held up.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns, their indexes, one table."""
    op.add_column("jobs", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("share", sa.String(64), nullable=False, server_default=""))
    op.drop_index("ix_jobs_due", "jobs")
    op.create_index("ix_jobs_due", "jobs", ["state", "priority", "run_after"])
    op.create_index("ix_jobs_share", "jobs", ["share", "state"])
    op.create_table(
        "job_pauses",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_job_pauses"),
    )


def downgrade() -> None:
    """All jobs are alike again."""
    op.drop_table("job_pauses")
    op.drop_index("ix_jobs_share", "jobs")
    op.drop_index("ix_jobs_due", "jobs")
    op.create_index("ix_jobs_due", "jobs", ["state", "run_after"])
    with op.batch_alter_table("jobs") as table:
        table.drop_column("share")
        table.drop_column("priority")
