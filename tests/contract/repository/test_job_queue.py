"""What every job queue must do, told against the port; with real processes that are killed."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from repository.database import Database
from repository.jobs import MAX_ERRORS, MAX_LOSSES, LeaseQueue, owner_is_dead, process_owner
from repository.ports import Job
from tests.contract.repository.conftest import Child
from vocabulary.clock import SystemClock
from vocabulary.errors import LeaseLost

ME, OTHER = "host:1:1", "host:2:2"


@dataclass
class Hands:
    """A clock that the test moves."""

    moment: datetime = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=["leases"])
def queue(request: pytest.FixtureRequest, database: Database, clock: Hands) -> LeaseQueue:
    return LeaseQueue(database, clock)


def ask(queue: LeaseQueue, database: Database, key: str, kind: str = "document") -> str:
    with database.write() as tx:
        return queue.enqueue(tx, kind, key, {"for": key})


def claimed(queue: LeaseQueue, owner: str = ME) -> Job:
    job = queue.claim(owner)
    assert job is not None
    return job


def test_work_is_done_once_and_in_order(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    for key in ("a", "b"):
        ask(queue, database, key)
        clock.forward(1)
    first, second = claimed(queue), claimed(queue, OTHER)
    assert (first.key, first.kind, first.payload) == ("a", "document", {"for": "a"})
    assert second.key == "b"
    assert queue.claim(ME) is None
    queue.done(first)
    queue.done(second)
    assert queue.claim(ME) is None
    assert queue.unfinished() == 0


def test_asking_twice_for_the_same_is_one_job(queue: LeaseQueue, database: Database) -> None:
    assert ask(queue, database, "a") == ask(queue, database, "a")
    assert ask(queue, database, "a", "other kind") != ask(queue, database, "a")
    assert queue.waiting() == 2


def test_a_job_is_as_durable_as_the_transaction_that_asked_for_it(
    queue: LeaseQueue, database: Database
) -> None:
    def ask_and_fail() -> None:
        with database.write() as tx:
            queue.enqueue(tx, "document", "a", {})
            raise KeyError

    with pytest.raises(KeyError):
        ask_and_fail()
    assert queue.claim(ME) is None


def test_only_wanted_kinds_are_taken(queue: LeaseQueue, database: Database) -> None:
    ask(queue, database, "a", "index")
    assert queue.claim(ME, ["document"]) is None
    assert queue.claim(ME, ["document", "index"]) is not None


def test_done_work_that_is_asked_for_again_is_done_again(
    queue: LeaseQueue, database: Database
) -> None:
    ask(queue, database, "a")
    queue.done(claimed(queue))
    ask(queue, database, "a")
    assert claimed(queue).key == "a"


def test_work_asked_for_while_it_runs_is_done_once_more(
    queue: LeaseQueue, database: Database
) -> None:
    ask(queue, database, "a")
    running = claimed(queue)
    ask(queue, database, "a")
    assert queue.claim(OTHER) is None
    queue.done(running)
    queue.done(claimed(queue))
    assert queue.claim(ME) is None


def test_a_lease_that_runs_out_is_taken_over_and_the_old_holder_is_fenced_off(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    old = claimed(queue, ME)
    clock.forward(59)
    assert queue.claim(OTHER) is None
    clock.forward(2)
    new = claimed(queue, OTHER)
    assert (new.id, new.attempt) == (old.id, old.attempt + 1)
    with pytest.raises(LeaseLost), database.write() as tx:
        queue.fence(tx, old)
    for action in (queue.heartbeat, queue.done):
        with pytest.raises(LeaseLost):
            action(old)
    with pytest.raises(LeaseLost):
        queue.retry(old, "late")
    with database.write() as tx:
        queue.fence(tx, new)


def test_the_same_owner_in_a_later_attempt_is_fenced_off_too(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    old = claimed(queue, ME)
    clock.forward(61)
    claimed(queue, ME)
    with pytest.raises(LeaseLost):
        queue.heartbeat(old)


@pytest.mark.parametrize("by", ["heartbeat", "fence"])
def test_a_holder_that_shows_life_keeps_its_lease(
    queue: LeaseQueue, database: Database, clock: Hands, by: str
) -> None:
    ask(queue, database, "a")
    job = claimed(queue)
    for _ in range(5):
        clock.forward(50)
        if by == "heartbeat":
            queue.heartbeat(job)
        else:
            with database.write() as tx:
                queue.fence(tx, job)
    assert queue.claim(OTHER) is None


def test_a_fenced_write_of_a_lost_lease_leaves_nothing(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    old = claimed(queue)
    clock.forward(61)
    claimed(queue, OTHER)

    def write_late() -> None:
        with database.write() as tx:
            tx.execute(text("INSERT INTO subjects (id, name) VALUES ('s', 'late')"))
            queue.fence(tx, old)

    with pytest.raises(LeaseLost):
        write_late()
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM subjects")).scalar() == 0


def test_an_error_puts_the_job_off_and_the_last_one_fails_it_with_the_error_kept(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    for count in range(1, MAX_ERRORS + 1):
        again = queue.retry(claimed(queue), f"disk full {count}", timedelta(seconds=10))
        assert again is (count < MAX_ERRORS)
        assert queue.claim(ME) is None
        clock.forward(11)
    assert queue.claim(ME) is None
    assert queue.failures() == [("document", "a", f"disk full {MAX_ERRORS}")]
    ask(queue, database, "a")
    assert claimed(queue).errors == 0


def test_a_job_can_be_failed_at_once(queue: LeaseQueue, database: Database) -> None:
    ask(queue, database, "a")
    queue.fail(claimed(queue), "no such document")
    assert queue.claim(ME) is None
    assert queue.failures() == [("document", "a", "no such document")]


def test_a_job_that_kills_its_workers_ends_but_one_that_progresses_does_not(
    queue: LeaseQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "killer")
    for _ in range(MAX_LOSSES):
        claimed(queue)
        clock.forward(61)
    assert claimed(queue).attempt == MAX_LOSSES + 1
    clock.forward(61)
    assert queue.claim(ME) is None
    assert queue.failures()[0][1] == "killer"

    ask(queue, database, "long")
    for _ in range(MAX_LOSSES + 5):
        job = claimed(queue)
        with database.write() as tx:
            queue.fence(tx, job, progress=True)
        clock.forward(61)
    assert claimed(queue).key == "long"


def test_threads_never_get_the_same_job(queue: LeaseQueue, database: Database) -> None:
    for number in range(20):
        ask(queue, database, f"k{number}")
    taken: list[str] = []

    def work() -> None:
        while (job := queue.claim(ME)) is not None:
            taken.append(job.key)
            queue.done(job)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"k{number}" for number in range(20))


def test_the_job_of_a_killed_process_is_free_at_once(
    database: Database,
    tmp_path: Path,
    start_child: Callable[..., Child],
    wait_for: Callable[[Path], str],
) -> None:
    queue = LeaseQueue(database, SystemClock())
    job_id = ask(queue, database, "a")
    child = start_child("hold_a_job", database.url, tmp_path / "log")
    assert wait_for(tmp_path / "log") == job_id
    host = socket.gethostname()
    assert queue.release_dead(host) == 0  # alive: keep off
    child.kill()
    child.wait()
    assert queue.release_dead("another host") == 0
    assert queue.claim(process_owner()) is None
    assert queue.release_dead(host) == 1
    assert claimed(queue, process_owner()).id == job_id


def test_processes_never_get_the_same_job(
    database: Database, tmp_path: Path, start_child: Callable[..., Child]
) -> None:
    queue = LeaseQueue(database, SystemClock())
    for number in range(30):
        ask(queue, database, f"k{number}")
    logs = [tmp_path / f"log{number}" for number in range(2)]
    children = [start_child("take_jobs", database.url, log) for log in logs]
    assert [child.wait() for child in children] == [0, 0]
    taken = [key for log in logs for key in log.read_text().split()]
    assert sorted(taken) == sorted(f"k{number}" for number in range(30))


def test_a_later_process_with_the_same_number_is_not_the_holder() -> None:
    host, pid, started = process_owner().rsplit(":", 2)
    assert not owner_is_dead(f"{host}:{pid}:{started}")
    assert owner_is_dead(f"{host}:{pid}:{int(started) - 1}")
