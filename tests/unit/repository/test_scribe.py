"""Entries of one moment share a transaction; each caller's own is there when it is told so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from repository import audit, installation
from repository.audit import AuditEntry, AuditFilter
from repository.database import Database
from repository.scribe import Scribe
from vocabulary.errors import Conflict

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_many_writers_make_one_chain_and_each_finds_its_own(database: Database) -> None:
    scribe = Scribe(database)
    start = threading.Barrier(8)

    def write(place: int) -> bool:
        if place < 8:
            start.wait(10)
        entry = AuditEntry("look", f"person {place}", NOW)
        mine = scribe.write(entry)
        with database.read() as tx:
            there = audit.page_of(tx, AuditFilter(actor=f"person {place}")).items
        return [one.seq for one in there] == [mine.seq] and mine.entry == entry

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write, range(64)))
    with database.read() as tx:
        status = audit.verify(tx)
    assert (status.entries, status.intact) == (64, True)


def test_what_could_not_be_written_is_told_to_everybody(database: Database) -> None:
    scribe = Scribe(database)
    with database.write() as tx:
        installation.set_state(tx, "moved", "elsewhere")
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(scribe.write, AuditEntry("look", "a", NOW)) for _ in range(8)]
    for one in waiting:
        with pytest.raises(Conflict, match="moved"):
            one.result()
    with database.read() as tx:
        assert audit.verify(tx).entries == 0


@pytest.mark.servers
def test_connections_that_the_server_ended_cost_a_reconnect(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    scribe = Scribe(database)
    scribe.write(AuditEntry("look", "a", NOW))
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as other:
        for use in ("read", "glance", "write"):
            other.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            with getattr(database, use)() as tx:
                assert len(audit.page_of(tx, AuditFilter()).items) == 1, use
    database.close()
