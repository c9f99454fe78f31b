"""Who this installation is, and whether it still takes changes.

Revision: 0012, after 0011.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table with one row."""
    installation = op.create_table(
        "installation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("moved_to", sa.Text()),
        sa.Column("secret_mark", sa.String(64)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'filling', 'moved')", name="ck_installation_state"),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.execute(
        installation.insert().values(
            id=secrets.token_hex(16), state="open", created_at=datetime.now(UTC)
        )
    )


def downgrade() -> None:
    """It has no name any more."""
    op.drop_table("installation")
