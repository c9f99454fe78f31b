"""A connection that is lost while several statements are on their way is named as such."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from repository import audit, procedures, seed
from repository.audit import AuditEntry
from repository.database import Database
from repository.glimpse import Question
from repository.schema import procedures as versions
from vocabulary.errors import MissingPart

pytestmark = pytest.mark.servers
WAYS = [socket.SHUT_RDWR, socket.SHUT_WR]
"""Not ``SHUT_RD``: Linux still hands over an answer that is there before it is asked for."""
ASKED = procedures.asking_for("2.002381.H31", date(2026, 11, 23))


@pytest.fixture
def catalogue(postgresql_catalogue: str) -> Iterator[Database]:
    made = Database(postgresql_catalogue)
    with made.write() as tx:
        seed.load_procedures(tx, datetime.now(UTC))
    yield made
    made.close()


@contextmanager
def cut(way: int) -> Iterator[None]:
    """The next connection that is taken is cut before anything is asked."""
    taken: list[Connection] = []

    def once(connection: Connection) -> None:
        if not taken:
            taken.append(connection)
            driver: Any = connection.connection.driver_connection
            with socket.socket(fileno=driver.fileno()) as held:
                held.shutdown(way)
                held.detach()

    event.listen(Engine, "engine_connect", once)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", once)
    assert taken


def answered(catalogue: Database) -> bool:
    with catalogue.glimpse() as glimpse:
        [rows] = glimpse.ask(ASKED)
    return bool(rows)


@pytest.mark.parametrize("way", WAYS)
def test_a_look_says_that_the_server_is_away_and_the_next_one_is_answered(
    catalogue: Database, way: int
) -> None:
    assert answered(catalogue)
    with cut(way), pytest.raises(MissingPart) as told:
        answered(catalogue)
    assert told.value.error_code == "database_unreachable"
    assert answered(catalogue)


@pytest.mark.parametrize("way", WAYS)
def test_a_writer_says_that_the_server_is_away_and_the_next_one_writes(
    catalogue: Database, way: int
) -> None:
    with cut(way), pytest.raises(MissingPart) as told, catalogue.write():
        raise AssertionError("a writer without its turn")
    assert told.value.error_code == "database_unreachable"
    with catalogue.write() as tx:
        audit.append(tx, AuditEntry("login", "next", datetime.now(UTC)))


def test_a_writer_ended_while_it_waits_for_its_turn_writes_nothing(catalogue: Database) -> None:
    told: list[MissingPart] = []

    def second() -> None:
        try:
            with catalogue.write():
                raise AssertionError("a writer without its turn")
        except MissingPart as error:
            told.append(error)

    waiting = text("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    thread = threading.Thread(target=second)
    with catalogue.write():
        thread.start()
        with catalogue.glance() as tx:
            while not (pids := tx.execute(waiting).scalars().all()):
                threading.Event().wait(0.01)
            for pid in pids:
                tx.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        thread.join(30)
    assert [error.error_code for error in told] == ["database_unreachable"]


def test_a_statement_that_fails_is_told_and_the_connection_goes_on(catalogue: Database) -> None:
    wrong = Question(select(text("1 / 0")).select_from(versions), {})
    with pytest.raises(Exception, match="division by zero"), catalogue.glimpse() as glimpse:
        glimpse.ask(ASKED, wrong, ASKED)
    assert answered(catalogue)
