"""Whether the papers of this installation are signed: a host without keys is told so.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column; the first host that begins with keys fills it in."""
    op.add_column("installation", sa.Column("signs_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Any host may begin without keys again."""
    with op.batch_alter_table("installation") as table:
        table.drop_column("signs_since")
