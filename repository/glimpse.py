"""Questions about one moment of the catalogue, several in one way to a server.

On a server each way costs both sides about as much as its statement, and a wait in which the
thread loses its turn. So what is asked often asks together what it can (docs/performance.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Dialect, Engine, Select
from sqlalchemy.orm import Session

from repository.together import Asked, as_elsewhere, in_one_way

Rows = Sequence[Any]
"""Rows with their columns as attributes."""

_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, made once, and what is asked with it.

    Its text must not change with the values (no expanding lists), and its columns must be of
    types that the driver reads by itself.
    """

    statement: Select[Any]
    given: Mapping[str, Any]


class Glimpse(Protocol):
    """One moment of the catalogue; ``dialect`` as SQLAlchemy names it."""

    dialect: str

    def ask(self, *questions: Question) -> list[Rows]:
        """The rows of each."""
        ...


class OfSession:
    """A glimpse within a session that is open anyway, one statement after the other."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx
        self.dialect: str = tx.get_bind().dialect.name

    def ask(self, *questions: Question) -> list[Rows]:
        return [self._tx.execute(one.statement, one.given).all() for one in questions]


class _OfServer:
    """A glimpse of its own: the questions of one call go in one way, the first with the start."""

    dialect = "postgresql"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._begun = False

    def ask(self, *questions: Question) -> list[Rows]:
        start: list[Asked] = [] if self._begun else [(_BEGIN, None)]
        answers = in_one_way(self._connection, start + [self._said(one) for one in questions])
        self._begun = True
        return [one.fetchall() for one in answers[len(start) :]]

    def end(self) -> None:
        """By a COMMIT: a ROLLBACK has the driver forget what is prepared."""
        with as_elsewhere(self._connection) as driver:
            driver.commit()

    def _said(self, question: Question) -> Asked:
        made = _compiled(question.statement, self._connection.dialect)
        return str(made), made.construct_params(dict(question.given))


@lru_cache(maxsize=64)
def _compiled(statement: Select[Any], dialect: Dialect) -> Any:
    return statement.compile(dialect=dialect)


@contextmanager
def of_server(engine: Engine) -> Iterator[Glimpse]:
    """A glimpse over a connection of its own, for reading alone.

    ``engine``: of a PostgreSQL server, without transactions of its own.
    """
    with engine.connect() as connection:
        glimpse = _OfServer(connection)
        yield glimpse
        glimpse.end()
