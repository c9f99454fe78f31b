"""An index on the holder's number that was read from papers: the once-only check asks for it.

Revision: 0009, after 0008.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index on an expression; SQLAlchemy's metadata cannot say it for both databases."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE INDEX ix_fields_holder ON fields (json_extract(value, '$.value')) "
            "WHERE name = 'holder_id'"
        )
        return
    op.execute(
        "CREATE INDEX ix_fields_holder ON fields ((value ->> 'value')) WHERE name = 'holder_id'"
    )


def downgrade() -> None:
    """The once-only check reads all fields again."""
    op.drop_index("ix_fields_holder", "fields")
