"""INSERT … ON CONFLICT DO NOTHING, which both dialects have and the core language has not."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(tx: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts a row unless a unique key has it already; whether it did.

    A failed INSERT would end the transaction on PostgreSQL, so asking
    forgiveness is no way there.
    """
    if tx.get_bind().dialect.name == "postgresql":
        statement = (
            postgresql.insert(table)
            .values(**values)
            .on_conflict_do_nothing()
            .returning(*table.primary_key.columns)
        )
        return tx.execute(statement).first() is not None
    lite = (
        sqlite.insert(table)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(*table.primary_key.columns)
    )
    return tx.execute(lite).first() is not None
