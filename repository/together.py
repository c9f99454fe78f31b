"""Several statements in one way to a PostgreSQL server, and the start of a transaction with them.

Each has its own view: of a lock and a look at what it guards, the look sees what the lock's
last holder left. As one statement it would see what was before the wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Asked = tuple[str, Mapping[str, Any] | None]
"""A statement and what stands for its names."""
Answers = list[psycopg.Cursor[Any]]


def in_one_way(connection: Connection, statements: Sequence[Asked]) -> Answers:
    """What each has brought; its rows have their columns as attributes.

    Raises:
        DBAPIError: as from the same statement through SQLAlchemy.
    """
    with as_elsewhere(connection) as driver:
        with driver.pipeline():
            answers = [driver.cursor(row_factory=namedtuple_row) for _ in statements]
            for answer, (text, given) in zip(answers, statements, strict=True):
                answer.execute(text, given)
        # A pipeline may end without a word about a connection that was lost on the way.
        if driver.closed or any(one.pgresult is None for one in answers):
            raise psycopg.OperationalError("the connection was lost before the answer")
    return answers


@contextmanager
def as_elsewhere(connection: Connection) -> Iterator[psycopg.Connection[Any]]:
    """The driver's connection; its errors become SQLAlchemy's, a lost connection is let go."""
    held: Any = connection.connection.driver_connection
    driver: psycopg.Connection[Any] = held
    try:
        yield driver
    except psycopg.Error as error:
        lost = driver.closed
        if lost:
            connection.invalidate(error)
        told = psycopg.OperationalError(str(error)) if lost else error
        raise DBAPIError.instance(
            None, None, told, psycopg.Error,
            connection_invalidated=lost, dialect=connection.dialect,
        ) from error  # fmt: skip


def last_answer(tx: Session, statements: Sequence[str]) -> tuple[Any, ...] | None:
    """The only row of the last statement, None where it has none; no parameters in any.

    All go in one message. Of a pipeline from a host that is stopped in the middle the server has
    heard the lock and not the end: it would hold the lock, and none of its time limits counts.
    """
    with as_elsewhere(tx.connection()) as driver, driver.cursor() as cursor:
        cursor.execute("; ".join(statements))
        while cursor.nextset():
            pass
        return cursor.fetchone()
