"""Two statements in one way to a PostgreSQL server: a lock, and a look at what it guards.

As one statement the look would see what was before the wait for the lock; as two in one
message each has its own view, and the second sees what the lock's last holder left.
"""

from typing import Any

from sqlalchemy.orm import Session


def second_answer(tx: Session, two_statements: str) -> tuple[Any, ...] | None:
    """The only row of the second statement, None where it has none; no parameters in either."""
    cursor: Any = tx.connection().exec_driver_sql(two_statements).cursor
    cursor.nextset()
    row: tuple[Any, ...] | None = cursor.fetchone()
    cursor.close()
    return row
