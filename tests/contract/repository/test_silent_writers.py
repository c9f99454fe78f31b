"""A writer that was stopped in the middle of a transaction does not keep all others waiting."""

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, text

from repository import audit, database
from repository.audit import AuditEntry, AuditFilter
from repository.database import Database
from tests.servers.troubled_way import troubled_way
from vocabulary.errors import MissingPart

pytestmark = pytest.mark.servers

END_OF_PIPELINE = b"S\x00\x00\x00\x04"


def entry(by: str) -> AuditEntry:
    return AuditEntry("login", by, datetime.now(UTC))


@pytest.fixture
def catalogue(postgresql_catalogue: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(database, "_IDLE_MS", 500)
    return Database(postgresql_catalogue)


def test_the_server_ends_a_silent_writer_and_nothing_of_it_is_kept(catalogue: Database) -> None:
    holds, written = threading.Event(), threading.Event()
    told: list[MissingPart] = []

    def stopped_host() -> None:
        try:
            with catalogue.write() as tx:
                audit.append(tx, entry("stopped"))
                holds.set()
                written.wait(30)
        except MissingPart as error:
            told.append(error)

    thread = threading.Thread(target=stopped_host)
    thread.start()
    holds.wait(30)
    with catalogue.write() as tx:  # waits for the other one's turn to end
        audit.append(tx, entry("other"))
    written.set()
    thread.join()
    assert [error.error_code for error in told] == ["database_unreachable"]
    with catalogue.read() as tx:
        entries = audit.page_of(tx, AuditFilter(), limit=10).items
        assert [one.entry.actor for one in entries] == ["other"]
        assert audit.verify(tx).intact
    catalogue.close()


def test_a_host_that_is_stopped_while_it_asks_for_its_turn_holds_up_nobody(
    catalogue: Database,
) -> None:
    """Of a lock without the end of its message no time limit of the server's would count."""
    url = make_url(catalogue.url)
    assert url.port is not None
    told: list[MissingPart] = []
    with troubled_way(url.port) as way:
        port = int(way.address.rpartition(":")[2])
        far = Database(url.set(port=port).render_as_string(hide_password=False))
        with far.read() as tx:
            tx.execute(text("SELECT 1"))
        way.last_words, way.unsaid = b"pg_advisory_xact_lock", END_OF_PIPELINE

        def stopped_host() -> None:
            try:
                with far.write():
                    pass
            except MissingPart as error:
                told.append(error)

        thread = threading.Thread(target=stopped_host)
        thread.start()
        while not way.silent:
            threading.Event().wait(0.02)
        began = time.monotonic()
        with catalogue.write() as tx:  # waits for the other one's turn to end
            audit.append(tx, entry("other"))
        assert time.monotonic() - began < 10
        way.silent = False
        way.drop_connections()
        thread.join()
        far.close()
    assert [error.error_code for error in told] == ["database_unreachable"]
    catalogue.close()


def test_who_copies_objects_between_statements_is_waited_for(catalogue: Database) -> None:
    with catalogue.write(slow=True) as tx:
        audit.append(tx, entry("restore"))
        threading.Event().wait(1.5)
        audit.append(tx, entry("restore"))
    catalogue.close()


def test_both_ends_of_a_connection_notice_when_the_other_is_gone(catalogue: Database) -> None:
    with catalogue.read() as tx:
        for name, most in (
            ("tcp_keepalives_idle", 10), ("tcp_keepalives_interval", 5),
            ("tcp_keepalives_count", 2), ("tcp_user_timeout", 20_000),
        ):  # fmt: skip
            shown = tx.execute(text(f"SELECT setting::int FROM pg_settings WHERE name = '{name}'"))
            assert shown.scalar_one() == most, name
    catalogue.close()
