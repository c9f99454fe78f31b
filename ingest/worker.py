"""Workers: take jobs, work on them under a lease, give them back when they cannot go on."""

import contextlib
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from ingest import (
    awaited_signatures,
    checking,
    disposal_run,
    fixity,
    given_up,
    holding,
    outbox,
    remote_signing,
    renewal,
    webhooks,
)
from ingest.archive import remove_folder
from ingest.catalogue_shelf import CatalogueShelf
from ingest.crew import SIGNING, STOPPED, Tally
from ingest.house import House
from ingest.intake import JOB, given_fields
from ingest.job_troubles import facts_of, of_the_machine, told
from ingest.pipeline import digitize
from ingest.signing_troubles import of_signing
from ingest.tools import Received
from repository import documents, workers
from repository.jobs import process_owner, this_host
from repository.ports import Job
from vocabulary import correlation, tracing
from vocabulary.errors import LeaseLost, MissingPart, NotFound, SohoaError

LOG: Final = logging.getLogger("sohoa.worker")
_IDLE_SECONDS: Final = 0.5
"""Jobs that fall due are seen so late at most; new ones are heard of at once."""

_TIDY_SECONDS: Final = 24 * 3600
_RETRY: Final = timedelta(seconds=10)
_BEAT_S: Final = 15.0
_HEARS_SIGNALS_EVERY_S: Final = 1.0
_FIRST_CARE_S: Final = 60.0
_CARE_S: Final = 86_400.0
_SETTLE_S: Final = 60.0
_SIGNING_AGAIN: Final = timedelta(seconds=30)
_ERRANDS: Final[dict[str, Callable[[House, Job], bool]]] = {
    webhooks.JOB: webhooks.deliver,
    remote_signing.JOB: remote_signing.sign_waiting,
    disposal_run.JOB: disposal_run.work,
}
_AFTER_PAPERS: Final = (remote_signing.JOB,)
"""Taken when no paper of the desk waits: one authorisation is for as many as there are."""


class Worker:
    """``concurrency`` files at a time in this process; heavy work is done in bounded children."""

    def __init__(self, house: House, concurrency: int, heartbeat_seconds: float = _BEAT_S) -> None:
        self.house = house
        self.concurrency = concurrency
        # three beats in a lease, so that one that comes late costs nothing
        self._beat = min(heartbeat_seconds, house.queue.lease.total_seconds() / 4)
        self._stop = threading.Event()
        self._busy: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._owner = process_owner()
        self._trouble: Exception | None = None
        self._later: set[str] = set()
        self._to_return: list[Job] = []
        self.tally = Tally()
        self.last_beat = time.monotonic()
        self._started = house.clock.now()

    def run(self, *, until_idle: bool = False) -> None:
        """Work until :meth:`stop`, or until nothing is left to do but what waits for others.

        A full disk or a missing part makes the workers wait and try again; with
        ``until_idle`` it ends the run.

        Raises:
            MissingPart, OSError: with ``until_idle``, what kept the work from being done.
        """
        self.house.queue.release_dead(this_host())
        _sweep_scratch(self.house.scratch)
        awaited_signatures.begin_stale_ones_anew(self.house)
        self._fill_index()
        self._tell_presence(first=True)
        LOG.info("started", extra={"slots": self.concurrency})
        threads = [
            threading.Thread(target=self._loop, args=(until_idle,), daemon=True)
            for _ in range(self.concurrency)
        ]
        # Errands of a moment do not wait behind papers of a hundred pages, nor the index
        # behind other systems that are slow to answer.
        threads += [
            threading.Thread(target=duty, args=(until_idle,), daemon=True)
            for duty in (self._keep_index, self._run_errands)
        ]
        threads.append(threading.Thread(target=self._keep_leases, daemon=True))
        if self.house.renew_within and not until_idle:
            threading.Thread(target=self._care, daemon=True).start()
        for thread in threads:
            thread.start()
        if not until_idle:
            threading.Thread(target=self._keep_tidy, daemon=True).start()
            threading.Thread(target=self._keep_settled, daemon=True).start()
            if self.house.fixity_every:
                threading.Thread(target=self._sweep, daemon=True).start()
        for thread in threads[:-1]:
            while thread.is_alive():
                # not for ever: a signal that comes just before the sleep does not end it
                thread.join(_HEARS_SIGNALS_EVERY_S)
        self._stop.set()
        self._settle()
        self._leave()
        LOG.info("ended")
        if self._trouble is not None:
            raise self._trouble

    def _fill_index(self) -> None:
        """An index of a new form or on a new server begins empty; it fills itself."""
        try:
            asked = checking.fill_when_empty(self.house)
        except (SohoaError, OSError) as error:  # away: papers are indexed when it is back
            LOG.warning("the index was not looked at", extra=told(error))
            return
        if asked:
            LOG.info("the index is filled anew", extra={"documents": asked})

    def stop(self) -> None:
        """Take no further job; those at work are finished first."""
        self._stop.set()

    def _loop(self, until_idle: bool) -> None:
        def work(job: Job) -> None:
            if job.kind == JOB:
                self._work(job)
            else:
                self._serve(job)

        self._take([JOB, *_AFTER_PAPERS], work, until_idle)

    def _keep_index(self, until_idle: bool) -> None:
        self._take([outbox.JOB], self._follow, until_idle)

    def _run_errands(self, until_idle: bool) -> None:
        errands = [kind for kind in _ERRANDS if kind not in _AFTER_PAPERS]
        self._take(errands, self._serve, until_idle)

    def _take(self, kinds: list[str], work: Callable[[Job], None], until_idle: bool) -> None:
        while not self._stop.is_set():
            try:
                job = self.house.queue.claim(self._owner, kinds)
                if job is not None:
                    self._later.discard(job.id)
                    with (
                        correlation.bound(correlation.of_payload(job.payload)),
                        tracing.span(f"job {job.kind}", "consumer", attempt=job.attempt),
                    ):
                        work(job)
                elif until_idle and self.house.queue.unfinished() <= len(self._later):
                    return
                else:
                    self.house.queue.wait(_IDLE_SECONDS)
            except (MissingPart, OSError) as error:
                if until_idle:
                    self._trouble = error
                    self._stop.set()
                    return
                LOG.error("cannot work, tried again", extra=told(error))
                self._stop.wait(_RETRY.total_seconds())

    def _follow(self, job: Job) -> None:
        waiting = outbox.catch_up(self.house, job, self._owner, self._put_back)
        self._later |= {one.id for one in waiting}
        self.tally.ended(job.kind, "waits" if waiting else "done")

    def _work(self, job: Job) -> None:
        with self.tally.at_work(job.kind):
            self._work_on(job)

    def _work_on(self, job: Job) -> None:
        try:
            began = time.monotonic()
            with self._held(job) as children, _scratch_folder(self.house.scratch) as folder:
                outcome = self._digitize(job, folder, children)
                self.house.queue.done(job)
            self.tally.ended(job.kind, outcome)
            seconds = round(time.monotonic() - began, 3)
            LOG.info("job done", extra={**facts_of(job), "outcome": outcome, "seconds": seconds})
        except LeaseLost:
            self.tally.ended(job.kind, "lost")
            LOG.warning("job taken over by another worker", extra=facts_of(job))
        except (SohoaError, OSError) as error:
            if of_signing(error):  # this paper waits for its signatures, others go on
                self._wait_for_signing(job, error)
                return
            if of_the_machine(error):  # the job waits, nothing is lost, nothing is counted
                self._put_back(job)
                raise
            LOG.warning("job failed", extra={**facts_of(job), **told(error)})
            self._give_back(job, str(error))

    @contextlib.contextmanager
    def _held(self, job: Job) -> Iterator[int]:
        """Its lease is kept meanwhile; yields how many children it may have.

        Let go of before the job is given back: from then on another thread may have it.
        """
        with self._lock:
            self._busy[job.id] = job
            children = max(1, self.house.cores // len(self._busy))
        try:
            yield children
        finally:
            with self._lock:
                if self._busy.get(job.id) is job:
                    del self._busy[job.id]

    def _serve(self, job: Job) -> None:
        """Jobs that are not papers: messages to others, batches to be signed, disposals."""
        do = _ERRANDS[job.kind]
        try:
            with self._held(job):  # others may be slow to answer
                waits = do(self.house, job)
            self.tally.ended(job.kind, "waits" if waits else "done")
            if waits:
                self._later.add(job.id)
        except LeaseLost:
            self.tally.ended(job.kind, "lost")
            LOG.warning("job taken over by another worker", extra=facts_of(job))
        except (SohoaError, OSError) as error:
            if of_the_machine(error):
                self._put_back(job)
                raise
            LOG.error("job failed, tried again", extra={**facts_of(job), **told(error)})
            with contextlib.suppress(LeaseLost):
                self.house.queue.retry(job, str(error), _RETRY)

    def _digitize(self, job: Job, folder: Path, children: int) -> str:
        """The outcome: done, needs_review or stopped."""
        with self.house.database.read() as tx:
            document = documents.get(tx, job.key)
        if document.state in ("done", "stopped"):
            return document.state
        shelf = CatalogueShelf(self.house, job, document.id, self.tally.page)
        with self.house.objects.local(document.sha256) as path:
            received = Received(
                name=document.name,
                path=path,
                sha256=document.sha256,
                bytes=document.bytes,
                received_at=document.created_at,
                declared_pages=document.declared_pages,
                given=given_fields(document.metadata),
                type_known=document.type is not None,
                type=document.type,
                accounts=tuple(filter(None, (document.confirmed_by, document.created_by))),
            )
            record = digitize(received, self.house.tools(folder, children), shelf)
        if record.state == "stopped":
            self.tally.add(STOPPED, record.reason or "unknown")
        return record.state

    def _give_back(self, job: Job, error: str) -> None:
        """Try later; after too many errors the document stops, named, its original safe."""

        def stop(tx: Session) -> None:
            with contextlib.suppress(NotFound):
                documents.stop(tx, job.key, "engine_failed", error, self.house.clock.now())
                outbox.changed(self.house, tx, job.key)

        try:
            if self.house.queue.retry(job, error, _RETRY, at_the_end=stop):
                self.tally.ended(job.kind, "again")
                return
            self.tally.ended(job.kind, "failed")
            self.tally.add(STOPPED, "engine_failed")
        except LeaseLost:
            LOG.warning("job no longer ours", extra=facts_of(job))

    def _wait_for_signing(self, job: Job, error: Exception) -> None:
        """The paper is composed and waits; its history says for what."""
        assert isinstance(error, SohoaError)
        self.tally.ended(job.kind, "waits")
        self.tally.add(SIGNING, error.error_code)
        LOG.warning("signatures wait", extra={**facts_of(job), **told(error)})
        with contextlib.suppress(LeaseLost, NotFound):
            with self.house.database.write() as tx:
                self.house.queue.fence(tx, job)
                detail = {"code": error.error_code, "message": error.vi}
                documents.note_waiting(tx, job.key, self.house.clock.now(), detail)
            self.house.queue.postpone(job, str(error), _SIGNING_AGAIN)
            self._later.add(job.id)

    def _put_back(self, job: Job) -> None:
        """Let the job go, or else as soon as that can be written: we live, so we hold it."""
        try:
            self.house.queue.release(job)
        except LeaseLost:
            return
        except MissingPart:
            with self._lock:
                self._to_return.append(job)

    def _return_held(self) -> None:
        with self._lock:
            held, self._to_return = self._to_return, []
        for job in held:
            self._put_back(job)

    def _care(self) -> None:
        """Once a day, archival stamps that end soon are renewed; beside the work, not before it."""
        while not self._stop.wait(_FIRST_CARE_S):
            renewal.care(self.house, self.house.renew_within)
            if self._stop.wait(_CARE_S - _FIRST_CARE_S):
                return

    def _keep_leases(self) -> None:
        while not self._stop.wait(self._beat) or self._busy:
            with self._lock:
                jobs = list(self._busy.values())
            for job in jobs:
                try:
                    self.house.queue.heartbeat(job)
                except (LeaseLost, MissingPart):
                    continue  # its next write is fenced off, or tells of the full disk
            self._return_held()
            self._tell_presence()
            if self._stop.is_set():
                time.sleep(0.2)

    def _keep_settled(self) -> None:
        while not self._stop.wait(_SETTLE_S):
            self._settle()

    def _settle(self) -> None:
        """Papers that were given up are told of; a database that is away ends no thread."""
        try:
            given_up.stop_given_up(self.house)
        except (SohoaError, OSError) as error:
            LOG.warning("papers given up were not looked for", extra=told(error))

    def _sweep(self) -> None:
        if not self._stop.wait(_FIRST_CARE_S):
            fixity.care(self.house, self._stop)

    def _keep_tidy(self) -> None:
        """Once a day: leftovers in the object store, and holds on what came in since."""
        while True:
            holding.follow(self.house)
            try:
                self.house.objects.clear_abandoned()
            except (SohoaError, OSError) as error:
                LOG.error("the store was not tidied", extra=told(error))
            if self._stop.wait(_TIDY_SECONDS):
                return

    def _tell_presence(self, *, first: bool = False) -> None:
        """Write this worker's row; no trouble of that may end the thread that keeps the leases."""
        now = self.house.clock.now()
        try:
            with self.house.database.write(alone=False) as tx:
                if first:
                    workers.forget_gone(tx, now)
                workers.beat(
                    tx, self._owner, self._started, now,
                    self.concurrency, self.tally.busy, self.tally.totals(),
                )  # fmt: skip
        except MissingPart:  # whoever does the work tells of it
            LOG.debug("presence not written")
        except Exception as error:
            LOG.warning("presence not written", exc_info=error)
        self.last_beat = time.monotonic()

    def _leave(self) -> None:
        """What was done stays counted when the worker has ended."""
        self._tell_presence()
        with contextlib.suppress(SohoaError), self.house.database.write(alone=False) as tx:
            workers.leave(tx, self._owner, self.house.clock.now())


@contextlib.contextmanager
def _scratch_folder(scratch: Path) -> Iterator[Path]:
    """A folder of this process and this attempt, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=scratch))
    try:
        yield folder
    finally:
        remove_folder(folder)


def _sweep_scratch(folder: Path) -> None:
    """Remove what workers that are gone have left, also one that had our process id."""
    for leftover in folder.iterdir():
        pid = leftover.name.partition("-")[0]
        ours = pid == str(os.getpid())
        if pid.isdigit() and (ours or not Path(f"/proc/{pid}").exists()):
            remove_folder(leftover)
