"""Workers: take jobs, work on them under a lease, give them back when they cannot go on."""

import os
import socket
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from ingest.archive import remove_folder
from ingest.catalogue_shelf import CatalogueShelf
from ingest.house import House
from ingest.intake import JOB, given_fields
from ingest.pipeline import digitize
from ingest.tools import Received
from repository import documents
from repository.jobs import process_owner
from repository.ports import Job
from vocabulary.errors import LeaseLost, NotFound, SohoaError

_IDLE_SECONDS: Final = 0.2
_RETRY: Final = timedelta(seconds=10)


class Worker:
    """``concurrency`` files at a time in this process; heavy work is done in bounded children."""

    def __init__(self, house: House, concurrency: int, heartbeat_seconds: float = 15) -> None:
        self.house = house
        self.concurrency = concurrency
        self._beat = heartbeat_seconds
        self._stop = threading.Event()
        self._busy: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._owner = process_owner()

    def run(self, *, until_idle: bool = False) -> None:
        """Work until :meth:`stop`, or until nothing is left to do."""
        self.house.queue.release_dead(socket.gethostname())
        _sweep_scratch(self.house.scratch)
        threads = [
            threading.Thread(target=self._loop, args=(until_idle,), daemon=True)
            for _ in range(self.concurrency)
        ]
        threads.append(threading.Thread(target=self._keep_leases, daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads[:-1]:
            thread.join()
        self._stop.set()

    def stop(self) -> None:
        """Take no further job; those at work are finished first."""
        self._stop.set()

    def _loop(self, until_idle: bool) -> None:
        while not self._stop.is_set():
            job = self.house.queue.claim(self._owner, [JOB])
            if job is not None:
                self._work(job)
            elif until_idle and not self.house.queue.unfinished():
                return
            else:
                self._stop.wait(_IDLE_SECONDS)

    def _work(self, job: Job) -> None:
        with self._lock:
            self._busy[job.id] = job
            children = max(1, self.house.cores // len(self._busy))
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.house.scratch))
        try:
            self._digitize(job, folder, children)
            self.house.queue.done(job)
        except LeaseLost:
            _log(f"job {job.key}: taken over by another worker")
        except SohoaError as error:
            _log(f"job {job.key}: {error.error_code}: {error.en}")
            self._give_back(job, f"{error.error_code}: {error.en}")
        except OSError as error:  # a full disk, a lost share: the job waits, nothing is lost
            _log(f"job {job.key}: {error}")
            self._give_back(job, str(error))
        finally:
            with self._lock:
                self._busy.pop(job.id, None)
            remove_folder(folder)

    def _digitize(self, job: Job, folder: Path, children: int) -> None:
        with self.house.database.read() as tx:
            document = documents.get(tx, job.key)
        if document.state in ("done", "stopped"):
            return
        shelf = CatalogueShelf(self.house, job, document.id)
        with self.house.objects.local(document.sha256) as path:
            received = Received(
                name=document.name,
                path=path,
                sha256=document.sha256,
                bytes=document.bytes,
                received_at=document.created_at,
                declared_pages=document.declared_pages,
                given=given_fields(document.metadata),
            )
            digitize(received, self.house.tools(folder, children), shelf)

    def _give_back(self, job: Job, error: str) -> None:
        """Try later; after too many errors the document stops, named, its original safe."""
        try:
            if self.house.queue.retry(job, error, _RETRY):
                return
            with self.house.database.write() as tx:
                documents.stop(tx, job.key, "engine_failed", error, self.house.clock.now())
        except (LeaseLost, NotFound):
            _log(f"job {job.key}: no longer ours")

    def _keep_leases(self) -> None:
        while not self._stop.wait(self._beat) or self._busy:
            with self._lock:
                jobs = list(self._busy.values())
            for job in jobs:
                try:
                    self.house.queue.heartbeat(job)
                except LeaseLost:
                    continue  # its next write is fenced off
            if self._stop.is_set():
                time.sleep(_IDLE_SECONDS)


def _sweep_scratch(folder: Path) -> None:
    """Remove what workers that are gone have left."""
    for leftover in folder.iterdir():
        pid = leftover.name.partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            remove_folder(leftover)


def _log(line: str) -> None:
    sys.stderr.write(f"sohoa worker {os.getpid()}: {line}\n")
