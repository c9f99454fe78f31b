"""The queue: no-op jobs a second, latency, takeover of a dead worker's job.

    python -m bench.jobs [--jobs N]

Side by side in one run: our queue on SQLite and on PostgreSQL (a lease table, and
procrastinate behind the same port), and procrastinate's own worker with a task
that does nothing.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import procrastinate

from repository.database import Database
from repository.jobs import LeaseQueue, process_owner
from repository.jobs.procrastinate import ProcrastinateQueue
from repository.ports import JobQueue
from tests.servers.postgresql import PostgreSql
from vocabulary.clock import SystemClock

LEASE = timedelta(seconds=60)
_HOLD = (
    "import sys; from bench.jobs import open_queue; "
    "from repository.database import Database; from repository.jobs import process_owner; "
    "q = open_queue(sys.argv[1], Database(sys.argv[2])); j = q.claim('elsewhere:1:1'); "
    "print(j.id, flush=True); sys.stdin.read()"
)


def open_queue(kind: str, database: Database) -> JobQueue:
    """One of the queues that are compared."""
    made = ProcrastinateQueue if kind == "procrastinate" else LeaseQueue
    return made(database, SystemClock(), LEASE)


def fill(queue: JobQueue, database: Database, count: int) -> None:
    for at in range(0, count, 100):
        with database.write() as tx:
            for number in range(at, min(count, at + 100)):
                queue.enqueue(tx, "noop", f"k{number}", {})


def throughput(queue: JobQueue, database: Database, count: int, threads: int) -> float:
    """Jobs a second, claimed and ended by so many threads."""
    fill(queue, database, count)

    def work() -> None:
        while (job := queue.claim(process_owner(), ["noop"])) is not None:
            queue.done(job)

    crew = [threading.Thread(target=work) for _ in range(threads)]
    begin = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return count / (time.perf_counter() - begin)


def latencies(queue: JobQueue, database: Database, count: int) -> list[float]:
    """Milliseconds from the end of the asking transaction to the claim by an idle worker."""
    asked: dict[str, float] = {}
    taken: list[float] = []
    enough = threading.Event()

    def work() -> None:
        while not enough.is_set():
            job = queue.claim(process_owner(), ["noop"])
            if job is None:
                queue.wait(0.5)
                continue
            taken.append(1000 * (time.perf_counter() - asked[job.key]))
            queue.done(job)

    worker = threading.Thread(target=work)
    worker.start()
    for number in range(count):
        with database.write() as tx:
            queue.enqueue(tx, "noop", f"l{number}", {})
            asked[f"l{number}"] = time.perf_counter()
        time.sleep(0.07)
    while len(taken) < count:
        time.sleep(0.01)
    enough.set()
    worker.join()
    return taken


def takeover(kind: str, database: Database, queue: JobQueue) -> float:
    """Seconds until a job whose worker, on another host, was killed is claimed again."""
    with database.write() as tx:
        queue.enqueue(tx, "noop", "held", {})
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, kind, database.url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.readline()
    child.kill()
    begin = time.perf_counter()
    child.communicate()
    while (job := queue.claim(process_owner(), ["noop"])) is None:
        queue.wait(0.5)
    queue.done(job)
    return time.perf_counter() - begin


def stock(url: str, count: int) -> float:
    """Jobs a second of procrastinate's own worker with two jobs at a time."""
    plain = url.replace("+psycopg", "")
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain))

    @app.task(name="noop")
    async def noop() -> None:
        """Nothing."""

    async def run() -> float:
        async with app.open_async():
            for _ in range(count):
                await noop.defer_async()
            begin = time.perf_counter()
            await app.run_worker_async(wait=False, concurrency=2, install_signal_handlers=False)
            return count / (time.perf_counter() - begin)

    return asyncio.run(run())


@contextmanager
def _catalogue(url: str) -> Iterator[Database]:
    database = Database(url)
    database.migrate()
    with closing(database):
        yield database


def _measure(name: str, kind: str, url: str, count: int, dead: bool) -> None:
    with _catalogue(url) as database, closing(open_queue(kind, database)) as queue:
        rates = [throughput(queue, database, count, threads) for threads in (1, 2)]
        late = latencies(queue, database, 60)
        took = f"{takeover(kind, database, queue):5.1f} s" if dead else "-"
    middle, high = statistics.median(late), statistics.quantiles(late, n=20)[18]
    print(
        f"{name:34} {rates[0]:7.0f} {rates[1]:7.0f} {middle:8.1f} {high:8.1f} {took:>9}",
        flush=True,
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--jobs", type=int, default=1000)
    words.add_argument("--takeover", action="store_true", help="waits for a lease to end")
    given = words.parse_args()
    print(f"{'queue':34} {'1 thr':>7} {'2 thr':>7} {'p50 ms':>8} {'p95 ms':>8} {'takeover':>9}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        lite = f"sqlite:///{folder}/sohoa.db"
        _measure("leases on SQLite", "leases", lite, given.jobs, given.takeover)
        (Path(folder) / "pg").mkdir(mode=0o755)
        cluster = PostgreSql(Path(folder) / "pg", durable=True)
        try:
            run: Callable[..., None] = _measure
            run("leases on PostgreSQL", "leases", cluster.database(), given.jobs, given.takeover)
            own = cluster.database()
            run("procrastinate, our port", "procrastinate", own, given.jobs, given.takeover)
            rate = stock(own, given.jobs)
            print(f"{'procrastinate, its own worker':34} {'':7} {rate:7.0f}")
        finally:
            cluster.server.stop()


if __name__ == "__main__":
    main()
