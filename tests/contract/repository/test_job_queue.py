"""What every job queue must do, told against the port; with real processes that are killed."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from repository.database import Database
from repository.jobs import (
    MAX_ERRORS,
    MAX_LOSSES,
    LeaseQueue,
    owner_is_dead,
    process_owner,
    this_host,
)
from repository.jobs.procrastinate import ProcrastinateQueue
from repository.ports import Job, JobQueue, Urgency
from tests.contract.repository.conftest import Child
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import LeaseLost

ME, OTHER = "host:1:1", "host:2:2"


@dataclass
class Hands:
    """A clock that the test moves; ``moved`` is told where time is kept elsewhere, too."""

    moment: datetime = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    moved: Callable[[float], None] = lambda _seconds: None

    def now(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.moved(seconds)


@pytest.fixture
def clock() -> Hands:
    return Hands()


QUEUES = [
    "leases in sqlite",
    *(pytest.param(name, marks=pytest.mark.servers)
      for name in ("leases in postgresql", "procrastinate")),
]  # fmt: skip


@pytest.fixture(params=QUEUES)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def database(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    where = "sqlite" if "sqlite" in kind else "postgresql"
    database = Database(request.getfixturevalue(f"{where}_catalogue"))
    yield database
    database.close()


@pytest.fixture
def queue(kind: str, database: Database, clock: Hands) -> JobQueue:
    return open_queue(kind, database, clock)


def open_queue(kind: str, database: Database, clock: Clock) -> JobQueue:
    if kind != "procrastinate":
        return LeaseQueue(database, clock)
    queue = ProcrastinateQueue(database, clock)

    def age(seconds: float) -> None:
        """Time stands in the database there: what was, was so much earlier."""
        with database.write() as tx:
            for change in (
                "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - {}",
                "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - {}",
            ):
                tx.execute(text(change.format("make_interval(secs => :s)")), {"s": seconds})
        queue.take_back_stalled()

    if isinstance(clock, Hands):
        clock.moved = age
    return queue


def ask(queue: JobQueue, database: Database, key: str, kind: str = "document") -> str:
    with database.write() as tx:
        return queue.enqueue(tx, kind, key, {"for": key})


def claimed(queue: JobQueue, owner: str = ME) -> Job:
    job = queue.claim(owner)
    assert job is not None
    return job


def test_work_is_done_once_and_in_order(queue: JobQueue, database: Database, clock: Hands) -> None:
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


def test_asking_twice_for_the_same_is_one_job(queue: JobQueue, database: Database) -> None:
    assert ask(queue, database, "a") == ask(queue, database, "a")
    assert ask(queue, database, "a", "other kind") != ask(queue, database, "a")
    assert queue.waiting() == 2


def test_a_job_is_as_durable_as_the_transaction_that_asked_for_it(
    queue: JobQueue, database: Database
) -> None:
    def ask_and_fail() -> None:
        with database.write() as tx:
            queue.enqueue(tx, "document", "a", {})
            raise KeyError

    with pytest.raises(KeyError):
        ask_and_fail()
    assert queue.claim(ME) is None


def test_only_wanted_kinds_are_taken(queue: JobQueue, database: Database) -> None:
    ask(queue, database, "a", "index")
    assert queue.claim(ME, ["document"]) is None
    assert queue.claim(ME, ["document", "index"]) is not None


def test_done_work_that_is_asked_for_again_is_done_again(
    queue: JobQueue, database: Database
) -> None:
    ask(queue, database, "a")
    queue.done(claimed(queue))
    ask(queue, database, "a")
    assert claimed(queue).key == "a"


def test_work_asked_for_while_it_runs_is_done_once_more(
    queue: JobQueue, database: Database
) -> None:
    ask(queue, database, "a")
    running = claimed(queue)
    ask(queue, database, "a")
    assert queue.claim(OTHER) is None
    queue.done(running)
    queue.done(claimed(queue))
    assert queue.claim(ME) is None


def test_a_lease_that_runs_out_is_taken_over_and_the_old_holder_is_fenced_off(
    queue: JobQueue, database: Database, clock: Hands
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
    queue: JobQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    old = claimed(queue, ME)
    clock.forward(61)
    claimed(queue, ME)
    with pytest.raises(LeaseLost):
        queue.heartbeat(old)


@pytest.mark.parametrize("by", ["heartbeat", "fence"])
def test_a_holder_that_shows_life_keeps_its_lease(
    queue: JobQueue, database: Database, clock: Hands, by: str
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
    queue: JobQueue, database: Database, clock: Hands
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
    queue: JobQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    end = text("INSERT INTO subjects (id, name) VALUES ('s', 'told once, with the failure')")
    for count in range(1, MAX_ERRORS + 1):
        again = queue.retry(
            claimed(queue), f"disk full {count}", timedelta(seconds=10),
            at_the_end=lambda tx: tx.execute(end),
        )  # fmt: skip
        assert again is (count < MAX_ERRORS)
        assert queue.claim(ME) is None
        clock.forward(11)
    assert queue.claim(ME) is None
    assert queue.failures() == [("document", "a", f"disk full {MAX_ERRORS}")]
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM subjects")).scalar() == 1
    ask(queue, database, "a")
    assert claimed(queue).errors == 0


def test_a_job_can_be_failed_at_once(queue: JobQueue, database: Database) -> None:
    ask(queue, database, "a")
    queue.fail(claimed(queue), "no such document")
    assert queue.claim(ME) is None
    assert queue.failures() == [("document", "a", "no such document")]


def test_a_job_that_kills_its_workers_ends_but_one_that_progresses_does_not(
    queue: JobQueue, database: Database, clock: Hands
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


def test_work_at_the_desk_comes_before_the_backlog(queue: JobQueue, database: Database) -> None:
    with database.write() as tx:
        for key in ("old1", "old2"):
            queue.enqueue(tx, "document", key, {}, urgency=Urgency.BACKLOG)
        queue.enqueue(tx, "document", "desk", {})
        queue.enqueue(tx, "document", "old2", {})  # somebody waits for it now
    taken = [claimed(queue).key for _ in range(3)]
    assert set(taken[:2]) == {"desk", "old2"}
    assert taken[2] == "old1"


def test_shares_take_turns(queue: JobQueue, database: Database, clock: Hands) -> None:
    """A pile of one clerk does not keep another one from their single file."""
    for share, key in [*(("An", f"pile{number}") for number in range(4)), ("Bình", "single")]:
        with database.write() as tx:
            queue.enqueue(tx, "document", key, {}, share=share)
        clock.forward(1)
    assert [claimed(queue).key for _ in range(3)] == ["pile0", "single", "pile1"]


def test_what_is_held_up_is_not_begun(queue: JobQueue, database: Database) -> None:
    ask(queue, database, "a")
    ask(queue, database, "b", "index")
    queue.pause("document", "admin")
    assert queue.figures().paused == {"document"}
    assert claimed(queue).key == "b"
    assert queue.claim(ME) is None
    assert queue.claim(ME, ["document"]) is None
    queue.resume("document")
    assert claimed(queue).key == "a"


def test_work_that_is_taken_back_is_not_done(queue: JobQueue, database: Database) -> None:
    ask(queue, database, "a")
    running = claimed(queue)
    ask(queue, database, "b")
    with database.write() as tx:
        assert queue.cancel(tx, "document", "b")
        assert queue.cancel(tx, "document", running.key)
        assert not queue.cancel(tx, "document", "c")
    with pytest.raises(LeaseLost):
        queue.done(running)
    assert queue.unfinished() == 0


def test_a_job_given_back_joins_the_one_that_was_asked_for_meanwhile(
    queue: JobQueue, database: Database, clock: Hands
) -> None:
    ask(queue, database, "a")
    running = claimed(queue)
    ask(queue, database, "a")
    queue.retry(running, "no luck", timedelta(seconds=10))
    clock.forward(11)
    queue.done(claimed(queue))
    assert queue.failures() == []


def test_the_figures_count_what_is_open(queue: JobQueue, database: Database, clock: Hands) -> None:
    for key in ("a", "b", "c"):
        ask(queue, database, key)
    ask(queue, database, "d", "index")
    first, second = (queue.claim(ME, ["document"]) for _ in range(2))
    assert first is not None
    assert second is not None
    queue.fail(first, "broken")
    clock.forward(1)
    figures = queue.figures()
    assert figures.jobs == {
        ("document", "waiting"): 1, ("document", "running"): 1, ("document", "failed"): 1,
        ("index", "waiting"): 1,
    }  # fmt: skip
    assert set(figures.oldest) == {"document", "index"}


def test_threads_never_get_the_same_job(queue: JobQueue, database: Database) -> None:
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
    kind: str,
    database: Database,
    tmp_path: Path,
    start_child: Callable[..., Child],
    wait_for: Callable[[Path], str],
) -> None:
    queue = open_queue(kind, database, SystemClock())
    job_id = ask(queue, database, "a")
    child = start_child("hold_a_job", kind, database.url, tmp_path / "log")
    assert wait_for(tmp_path / "log") == job_id
    host = this_host()
    assert queue.release_dead(host) == 0  # alive: keep off
    child.kill()
    child.wait()
    assert queue.release_dead("another host") == 0
    # a machine made from the same image has the same name: its processes are not ours to judge
    assert queue.release_dead(socket.gethostname()) == 0
    assert queue.claim(process_owner()) is None
    assert queue.release_dead(host) == 1
    assert claimed(queue, process_owner()).id == job_id


def test_processes_never_get_the_same_job(
    kind: str, database: Database, tmp_path: Path, start_child: Callable[..., Child]
) -> None:
    queue = open_queue(kind, database, SystemClock())
    for number in range(30):
        ask(queue, database, f"k{number}")
    logs = [tmp_path / f"log{number}" for number in range(2)]
    children = [start_child("take_jobs", kind, database.url, log) for log in logs]
    assert [child.wait() for child in children] == [0, 0]
    taken = [key for log in logs for key in log.read_text().split()]
    assert sorted(taken) == sorted(f"k{number}" for number in range(30))


def test_a_later_process_with_the_same_number_is_not_the_holder() -> None:
    host, pid, started = process_owner().rsplit(":", 2)
    assert not owner_is_dead(f"{host}:{pid}:{started}")
    assert owner_is_dead(f"{host}:{pid}:{int(started) - 1}")
