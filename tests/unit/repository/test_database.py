"""The catalogue's database: migrated from nothing, safe under many writers."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, StatementError

from repository.database import Database
from repository.schema import login_failures, metadata, sessions
from vocabulary.errors import MissingPart


def differences(database: Database) -> list[object]:
    """Between the tables that the migrations made and those of the code."""

    def known(_: object, name: str | None, kind: str, *__: object) -> bool:
        return name != "ix_fields_holder"  # an expression that the code's tables cannot say

    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": known})
        return list(compare_metadata(context, metadata))


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrated_tables_are_the_tables_of_the_code(database: Database) -> None:
    assert differences(database) == []


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()
    assert differences(database) == []


def test_accepted_means_durable_and_readers_do_not_wait(database: Database) -> None:
    with database.write() as tx:
        if database.url.startswith("postgresql"):
            assert tx.execute(text("SHOW synchronous_commit")).scalar() == "on"
            return
        assert tx.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert tx.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_an_error_rolls_the_whole_transaction_back(database: Database) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)

    def write_and_fail() -> None:
        with database.write() as tx:
            tx.execute(login_failures.insert().values(key="a", failures=1, last_at=moment))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.read() as tx:
        assert tx.execute(login_failures.select()).all() == []


def test_a_writer_that_would_wait_for_itself_is_told_so_at_once(database: Database) -> None:
    def write_within() -> None:
        with database.write(), database.write():
            pass

    for _ in range(2):
        with pytest.raises(RuntimeError, match="wait for itself"):
            write_within()
    with database.write() as tx:
        tx.execute(text("SELECT 1"))


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(MissingPart), database.read() as tx:
        tx.execute(text("DELETE FROM login_failures"))


def test_foreign_keys_hold(database: Database) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    row = {"token_hash": "t", "account_id": "nobody", "csrf": "c"}
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.execute(sessions.insert().values(**row, created_at=moment, expires_at=moment))


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    vietnam = datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=7)))
    with database.write() as tx:
        tx.execute(login_failures.insert().values(key="a", failures=1, last_at=vietnam))
    with database.read() as tx:
        back = tx.execute(login_failures.select()).one().last_at
    assert back == vietnam
    assert back.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), database.write() as tx:
        tx.execute(login_failures.insert().values(key="a", failures=1, last_at=naive))


def test_no_update_is_lost_between_threads(database: Database) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    with database.write() as tx:
        tx.execute(login_failures.insert().values(key="a", failures=0, last_at=moment))

    def count_up() -> None:
        for _ in range(10):
            with database.write() as tx:
                seen = tx.execute(login_failures.select()).one().failures
                tx.execute(login_failures.update().values(failures=seen + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        assert tx.execute(login_failures.select()).one().failures == 40


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/missing/sohoa.db")
    with pytest.raises(MissingPart, match="cannot be opened"):
        database.migrate()
    database.close()


def test_a_wrong_statement_stays_a_programming_error(database: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)), database.read() as tx:
        tx.execute(text("SELECT * FROM no_such_table"))
