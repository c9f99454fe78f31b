"""The audit log: whoever touches it breaks the chain, visibly."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from repository import audit
from repository.audit import START, AuditEntry, AuditFilter
from repository.database import Database
from vocabulary.errors import InvalidRequest

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def write_some(database: Database, count: int = 5) -> list[audit.Recorded]:
    with database.write() as tx:
        return [
            audit.append(
                tx,
                AuditEntry(
                    "document.read", f"officer{number}", NOW, document_id="d", detail={"n": number}
                ),
            )
            for number in range(count)
        ]


def take_the_guards_away(tx: Session) -> None:
    """As somebody with the database in hand could."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("DROP TRIGGER audit_log_append_only ON audit_log"))
        return
    for action in ("update", "delete"):
        tx.execute(text(f"DROP TRIGGER audit_log_no_{action}"))


def test_entries_are_chained_from_the_first_one_on(database: Database) -> None:
    first, second, *_ = write_some(database)
    assert (first.seq, first.prev_hash) == (1, START)
    assert (second.seq, second.prev_hash) == (2, first.hash)
    with database.read() as tx:
        status = audit.verify(tx)
    assert (status.entries, status.intact, status.first_broken) == (5, True, None)


def test_an_empty_log_is_intact(database: Database) -> None:
    with database.read() as tx:
        assert audit.verify(tx).intact


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_the_database_itself_refuses_changes(database: Database, statement: str) -> None:
    write_some(database)
    refusal = pytest.raises((IntegrityError, ProgrammingError), match="append-only")
    with refusal, database.write() as tx:
        tx.execute(text(statement))


@pytest.mark.parametrize(
    ("forgery", "first_broken"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE seq = 3", 3),
        ("UPDATE audit_log SET detail = '{}' WHERE seq = 2", 2),
        ("UPDATE audit_log SET occurred_at = '2020-01-01 00:00:00.000000' WHERE seq = 4", 4),
        ("UPDATE audit_log SET document_id = NULL WHERE seq = 1", 1),
        ("UPDATE audit_log SET outcome = 'refused', hash = 'x' WHERE seq = 5", 5),
        ("DELETE FROM audit_log WHERE seq = 2", 2),
        ("UPDATE audit_log SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_a_forger_with_the_database_in_hand_is_found_out(
    database: Database, forgery: str, first_broken: int
) -> None:
    write_some(database)
    with database.write() as tx:
        take_the_guards_away(tx)
        tx.execute(text(forgery))
    with database.read() as tx:
        status = audit.verify(tx)
    assert (status.intact, status.first_broken) == (False, first_broken)


def test_a_cut_tail_shows_against_a_head_kept_elsewhere(database: Database) -> None:
    last = write_some(database)[-1]
    with database.write() as tx:
        take_the_guards_away(tx)
        tx.execute(text("DELETE FROM audit_log WHERE seq = 5"))
    with database.read() as tx:
        assert audit.verify(tx).intact
        assert audit.verify(tx, (last.seq, last.hash)).first_broken == 5


def test_a_rewritten_log_shows_against_a_head_kept_elsewhere(database: Database) -> None:
    write_some(database)
    with database.read() as tx:
        assert audit.verify(tx, (3, "another hash")).first_broken == 3


def test_no_act_without_its_entry_and_no_entry_without_its_act(database: Database) -> None:
    def act_and_fail() -> None:
        with database.write() as tx:
            audit.append(tx, AuditEntry("document.read", "officer", NOW))
            raise KeyError

    with pytest.raises(KeyError):
        act_and_fail()
    with database.read() as tx:
        assert audit.verify(tx).entries == 0


def test_inspectors_page_through_the_newest_first(database: Database) -> None:
    write_some(database, 5)
    with database.read() as tx:
        first = audit.page_of(tx, AuditFilter(), limit=3)
        second = audit.page_of(tx, AuditFilter(), first.next, limit=3)
        one = audit.page_of(tx, AuditFilter(actor="officer2", since=NOW, document_id="d"))
        none = audit.page_of(tx, AuditFilter(until=NOW))
    assert [item.seq for item in first.items] == [5, 4, 3]
    assert [item.seq for item in second.items] == [2, 1]
    assert second.next is None
    assert one.items[0].entry.detail == {"n": 2}
    assert none.items == ()


@pytest.mark.parametrize("cursor", ["'; --", "9" * 19, "9" * 5000], ids=len)
def test_a_foreign_cursor_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(InvalidRequest), database.read() as tx:
        audit.page_of(tx, AuditFilter(), cursor)


def test_a_person_is_named_by_a_keyed_hash_alone() -> None:
    one = audit.subject_lookup(b"key", "vn:mst", "0901234564")
    assert one == audit.subject_lookup(b"key", "vn:mst", "090 123 4564")
    assert one != audit.subject_lookup(b"other key", "vn:mst", "0901234564")
    assert "0901234564" not in one
