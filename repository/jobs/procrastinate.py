"""The job queue on procrastinate: PostgreSQL, workers on any number of hosts.

The engine keeps the jobs, their order, locks, retries and heartbeats, and its
own tools show them. What this port asks beyond that stands in a job's
arguments: who holds it in which attempt (the fence), reported errors, lost
leases. All times are the database's, so the clocks of the hosts do not matter.

A job's lock and queueing lock are its kind and key: one of them waits, one runs.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from repository.database import Database
from repository.jobs import engine_schema, pauses
from repository.jobs import engine_statements as sql
from repository.jobs.bell import Bell
from repository.jobs.owners import owner_is_dead
from repository.jobs.rules import LEASE, MAX_ERRORS, MAX_LOSSES, MAX_TURN, rank
from repository.ports import Job, QueueFigures, Urgency
from vocabulary.clock import Clock
from vocabulary.errors import LeaseLost

_LOOK_FOR_STALLED: Final = 10.0
"""Seconds between looks for jobs of workers that no longer show life."""

_STATES: Final = {"todo": "waiting", "doing": "running", "failed": "failed"}


class ProcrastinateQueue:
    """Jobs in procrastinate's tables (the port is ``repository.ports.JobQueue``)."""

    def __init__(self, database: Database, clock: Clock, lease: timedelta = LEASE) -> None:
        self._database = database
        self._clock = clock
        self.lease = lease
        self._workers: dict[str, int] = {}
        self._guard = Lock()
        self._looked = 0.0
        engine_schema.prepare(database)
        self._bell = Bell(database.url)

    def wait(self, seconds: float) -> None:
        """Returns when a job may have come, at the latest after so many seconds."""
        self._bell.wait(seconds)

    def close(self) -> None:
        """Ends what listens for new jobs."""
        self._bell.close()

    def enqueue(
        self,
        tx: Session,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        urgency: Urgency = Urgency.DESK,
        share: str = "",
    ) -> str:
        """Asks for work in the caller's transaction; see the port for repeated calls."""
        ahead = 0
        if share:
            given = {"share": share, "kind": kind, "most": MAX_TURN}
            ahead = tx.execute(sql.AHEAD, given).scalar_one()
        place = rank(urgency, ahead)
        lock = _lock(kind, key)
        waiting = tx.execute(sql.RAISE_WAITING, {"lock": lock, "priority": place}).scalar()
        if waiting is not None:
            return str(waiting)
        tx.execute(sql.FORGET_FAILED, {"lock": lock})
        args = {"key": key, "payload": dict(payload), "share": share}
        given = {"kind": kind, "priority": place, "lock": lock, "args": json.dumps(args)}
        return str(tx.execute(sql.DEFER, given).scalar_one())

    def claim(self, owner: str, kinds: Sequence[str] | None = None) -> Job | None:
        """Takes the most urgent of the jobs that are due, the longest waiting first, or None."""
        self._take_back_stalled()
        worker = self._worker(owner)
        with self._database.write(alone=False) as tx:
            self._beat(tx, owner, older_than=self.lease / 4)
            given = {"kinds": list(kinds or []), "worker": worker}
            row = tx.execute(sql.FETCH, given).one()
            if row.id is None:
                return None
            taken = tx.execute(sql.SIGN_FOR, {"id": row.id, "owner": owner}).one()
        return _job(taken, owner)

    def heartbeat(self, job: Job) -> None:
        """Shows that the worker lives; the engine counts by workers, not by jobs."""
        with self._database.write(alone=False) as tx:
            self._own(tx, job)
            self._beat(tx, job.owner)

    def fence(self, tx: Session, job: Job, *, progress: bool = False) -> None:
        """Makes sure, inside the caller's transaction, that the job is still ours."""
        self._own(tx, job)
        self._beat(tx, job.owner, older_than=self.lease / 4)
        if progress:
            tx.execute(sql.PROGRESS, {"id": int(job.id)})

    def done(self, job: Job) -> None:
        """Ends the job; what was asked for meanwhile is a job of its own that waits."""
        with self._database.write(alone=False) as tx:
            self._own(tx, job)
            tx.execute(sql.FINISH, {"id": int(job.id), "status": "succeeded"})

    def retry(
        self,
        job: Job,
        error: str,
        delay: timedelta = timedelta(seconds=5),
        *,
        at_the_end: Callable[[Session], object] | None = None,
    ) -> bool:
        """Gives the job back; False when it had its last chance and has failed."""
        if job.errors + 1 >= MAX_ERRORS:
            with self._database.write(alone=at_the_end is not None) as tx:
                self._own(tx, job)
                self._fail(tx, int(job.id), error)
                if at_the_end is not None:
                    at_the_end(tx)
            return False
        self._again(job, delay, {"error": error, "errors": job.errors + 1})
        return True

    def release(self, job: Job) -> None:
        """Gives the job back as it was: the trouble was the machine's, not the job's."""
        self._again(job, timedelta(0), {})

    def postpone(self, job: Job, error: str, delay: timedelta) -> None:
        """Gives the job back for later; the trouble is elsewhere and is not counted against it."""
        self._again(job, delay, {"error": error})

    def fail(self, job: Job, error: str) -> None:
        """Ends the job as failed; the error stays readable in :meth:`failures`."""
        with self._database.write(alone=False) as tx:
            self._own(tx, job)
            self._fail(tx, int(job.id), error)

    def cancel(self, tx: Session, kind: str, key: str) -> bool:
        """Takes the work back; whoever is at it is fenced off. False: there was none."""
        return bool(tx.execute(sql.CANCEL, {"lock": _lock(kind, key)}).all())

    def pause(self, kind: str, by: str) -> None:
        """Nobody begins work of this kind until :meth:`resume`."""
        with self._database.write() as tx:
            pauses.pause(tx, kind, by, self._clock.now())

    def resume(self, kind: str) -> None:
        """Work of this kind goes on."""
        with self._database.write() as tx:
            pauses.resume(tx, kind)

    def release_dead(self, host: str) -> int:
        """Frees at once what dead processes of this host hold; run it at a worker's start."""
        with self._database.write(alone=False) as tx:
            running = tx.execute(sql.HELD).all()
            dead = [
                row for row in running
                if row.owner.rsplit(":", 2)[0] == host and owner_is_dead(row.owner)
            ]  # fmt: skip
            for row in dead:
                self._lost(tx, row)
        return len(dead)

    def waiting(self) -> int:
        """Jobs that wait for a worker, now or later."""
        return self.figures().total("waiting")

    def unfinished(self) -> int:
        """Jobs that wait or run."""
        return self.figures().total("waiting", "running")

    def figures(self) -> QueueFigures:
        """Jobs by kind and state, those that wait longest, and what is held up."""
        with self._database.read() as tx:
            counts = tx.execute(sql.COUNTS).all()
            oldest = tx.execute(sql.OLDEST).all()
            paused = pauses.paused(tx)
        return QueueFigures(
            {(row.kind, _STATES[row.status]): row.number for row in counts},
            {row.kind: row.since for row in oldest},
            paused,
        )

    def failures(self) -> list[tuple[str, str, str]]:
        """Failed jobs as (kind, key, error), oldest first."""
        with self._database.read() as tx:
            return [(row.kind, row.key, row.error or "") for row in tx.execute(sql.FAILURES)]

    def _worker(self, owner: str) -> int:
        """The engine's number of this worker, registered anew when the engine has forgotten it."""
        with self._guard:
            known = self._workers.get(owner)
            if known is None:
                with self._database.write(alone=False) as tx:
                    known = tx.execute(sql.REGISTER).scalar_one()
                self._workers[owner] = known
            return known

    def _beat(self, tx: Session, owner: str, older_than: timedelta = timedelta(0)) -> None:
        """A sign of life; threads of one worker share its row, so not more often than needed."""
        given = {"worker": self._workers.get(owner, 0), "seconds": older_than.total_seconds()}
        tx.execute(sql.BEAT, given)

    def _own(self, tx: Session, job: Job) -> None:
        given = {"id": int(job.id), "owner": job.owner, "attempt": job.attempt}
        if tx.execute(sql.OWN, given).first() is None:
            raise LeaseLost(
                "Việc này đã do tiến trình khác đảm nhận.",
                "Another worker has taken this job over.",
                job=job.id,
                attempt=job.attempt,
            )

    def _again(self, job: Job, delay: timedelta, facts: Mapping[str, Any]) -> None:
        with self._database.write(alone=False) as tx:
            self._own(tx, job)
            self._back(tx, int(job.id), delay, facts)

    def _back(self, tx: Session, job_id: int, delay: timedelta, facts: Mapping[str, Any]) -> None:
        """Lets the job wait again; where the same work was asked for meanwhile, that one goes."""
        tx.execute(sql.MAKE_ROOM, {"id": job_id})
        tx.execute(sql.REMEMBER, {"id": job_id, "facts": json.dumps(dict(facts))})
        tx.execute(sql.RETRY, {"id": job_id, "seconds": delay.total_seconds()})

    def _fail(self, tx: Session, job_id: int, error: str) -> None:
        tx.execute(sql.REMEMBER, {"id": job_id, "facts": json.dumps({"error": error})})
        tx.execute(sql.FINISH, {"id": job_id, "status": "failed"})

    def _take_back_stalled(self) -> None:
        """Frees what workers held that have shown no life for a lease."""
        with self._guard:
            if monotonic() - self._looked < _LOOK_FOR_STALLED:
                return
            self._looked = monotonic()
            mine = list(self._workers)
        with self._database.write(alone=False) as tx:
            for owner in mine:
                self._beat(tx, owner)
            tx.execute(sql.PRUNE)
        self.take_back_stalled()

    def take_back_stalled(self) -> int:
        """Frees what workers held that have shown no life for a lease; returns how many jobs."""
        given = {"seconds": self.lease.total_seconds()}
        with self._database.write(alone=False) as tx:
            stalled = tx.execute(sql.STALLED, given).all()
            for row in stalled:
                self._lost(tx, row)
        return len(stalled)

    def _lost(self, tx: Session, row: Row[Any]) -> None:
        if row.losses >= MAX_LOSSES:
            self._fail(tx, row.id, f"worker died {MAX_LOSSES} times without progress")
        else:
            self._back(tx, row.id, timedelta(0), {"losses": row.losses + 1})


def _lock(kind: str, key: str) -> str:
    return f"{kind}:{key}"


def _job(row: Row[Any], owner: str) -> Job:
    args = row.args
    return Job(
        str(row.id), row.queue_name, args["key"], args["payload"], owner,
        args["attempt"], args.get("errors", 0),
    )  # fmt: skip
