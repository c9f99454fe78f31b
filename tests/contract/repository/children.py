"""What child processes of the contract tests do, so that they can be killed.

Run as ``python -m tests.contract.repository.children WHAT ARGUMENTS``: a fresh
interpreter that imports nothing of the test tools.
"""

import sys
from pathlib import Path

from repository.database import Database
from repository.jobs import LeaseQueue, process_owner
from repository.jobs.procrastinate import ProcrastinateQueue
from repository.ports import IndexEntry, JobQueue
from repository.search import TantivyIndex
from vocabulary.clock import SystemClock


def put_for_ever(folder: str, log: str, name: str) -> None:
    """Puts one entry after the other and writes down each that was acknowledged."""
    index = TantivyIndex(Path(folder))
    with Path(log).open("a") as file:
        for count in range(1_000_000):
            index.put([IndexEntry(id=f"{name}n{count}", text=f"từ {name}n{count}")])
            file.write(f"{name}n{count}\n")
            file.flush()


def put_some(folder: str, name: str, count: str) -> None:
    """Puts a number of entries, one commit each."""
    index = TantivyIndex(Path(folder))
    for number in range(int(count)):
        index.put([IndexEntry(id=f"{name}n{number}", text="văn bản")])


def queue_of(kind: str, url: str) -> JobQueue:
    made = ProcrastinateQueue if kind == "procrastinate" else LeaseQueue
    return made(Database(url), SystemClock())


def hold_a_job(kind: str, url: str, log: str) -> None:
    """Claims a job, says so, and works on it until it is killed."""
    queue = queue_of(kind, url)
    job = queue.claim(process_owner())
    Path(log).write_text("" if job is None else job.id)
    sys.stdin.read()


def take_jobs(kind: str, url: str, log: str) -> None:
    """Does jobs until none is left, writing down each one."""
    queue = queue_of(kind, url)
    with Path(log).open("a") as file:
        while (job := queue.claim(process_owner())) is not None:
            file.write(f"{job.key}\n")
            file.flush()
            queue.done(job)


def migrate(url: str) -> None:
    """Brings the catalogue up to date, as every process does at its start."""
    Database(url).migrate()


if __name__ == "__main__":
    {
        "migrate": migrate,
        "put_for_ever": put_for_ever,
        "put_some": put_some,
        "hold_a_job": hold_a_job,
        "take_jobs": take_jobs,
    }[sys.argv[1]](*sys.argv[2:])
