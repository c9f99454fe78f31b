"""Workers tell that they are there; what they did stays counted when they are gone."""

from datetime import datetime, timedelta

from sqlalchemy import text

from repository import workers
from repository.database import Database
from repository.workers import SEEN


def beat(database: Database, owner: str, at: datetime, pages: int, busy: int = 1) -> None:
    with database.write() as tx:
        workers.beat(tx, owner, at, at, 2, busy, {"pages": {"own": pages}})


def crew(database: Database, at: datetime) -> workers.Crew:
    with database.read() as tx:
        return workers.crew(tx, at)


def test_nobody_ever_was_there(database: Database, now: datetime) -> None:
    found = crew(database, now)
    assert (found.processes, found.last_seen, found.totals) == (0, None, {})


def test_all_workers_together(database: Database, now: datetime) -> None:
    beat(database, "a:1:1", now, 3)
    beat(database, "b:1:1", now, 4, busy=0)
    beat(database, "a:1:1", now + timedelta(seconds=15), 5)  # the same worker goes on
    found = crew(database, now + timedelta(seconds=15))
    assert (found.processes, found.slots, found.busy) == (2, 4, 1)
    assert found.totals == {"pages": {"own": 9}}


def test_a_worker_that_is_silent_is_not_there_but_its_pages_are(
    database: Database, now: datetime
) -> None:
    beat(database, "a:1:1", now, 3)
    later = now + SEEN + timedelta(seconds=1)
    found = crew(database, later)
    assert (found.processes, found.busy, found.last_seen) == (0, 0, now)
    assert found.totals == {"pages": {"own": 3}}


def test_totals_never_go_back(database: Database, now: datetime) -> None:
    beat(database, "a:1:1", now, 3)
    beat(database, "b:1:1", now, 4)
    beat(database, "c:1:1", now, 5)
    later = now + timedelta(hours=2)
    with database.write() as tx:
        workers.leave(tx, "b:1:1", now)
        workers.leave(tx, "b:1:1", now)  # a second goodbye changes nothing
    beat(database, "c:1:1", later, 6)
    with database.write() as tx:
        workers.forget_gone(tx, later)
    found = crew(database, later)
    assert found.totals == {"pages": {"own": 3 + 4 + 6}}
    with database.read() as tx:
        owners = set(tx.execute(text("SELECT owner FROM workers")).scalars())
    assert owners == {"gone", "c:1:1"}


def test_finished_jobs_cost_nothing_to_watch(sqlite_catalogue: str) -> None:
    """The figures are read from an index that has the open jobs alone."""
    statement = (
        "EXPLAIN QUERY PLAN SELECT kind, state, count(*), min(run_after) FROM jobs "
        "WHERE state <> 'done' GROUP BY kind, state"
    )
    database = Database(sqlite_catalogue)
    with database.read() as tx:
        plan = " ".join(row[-1] for row in tx.execute(text(statement)))
    database.close()
    assert "COVERING INDEX ix_jobs_open" in plan
    assert "TEMP B-TREE" not in plan
