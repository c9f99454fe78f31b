"""Several statements in one way to a PostgreSQL server: a lock, and a look at what it guards.

As one statement the look would see what was before the wait for the lock; as several in one
message each has its own view, and the last sees what the lock's last holder left.
"""

from typing import Any

from sqlalchemy.orm import Session


def last_answer(tx: Session, statements: str) -> tuple[Any, ...] | None:
    """The only row of the last statement, None where it has none; no parameters in any."""
    cursor: Any = tx.connection().exec_driver_sql(statements).cursor
    while cursor.nextset():
        pass
    row: tuple[Any, ...] | None = cursor.fetchone()
    cursor.close()
    return row
