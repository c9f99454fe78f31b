"""The job queue: a lease table in the catalogue.

A worker holds a job by a lease that it renews; a worker that dies loses it, at
once when somebody on the same machine sees that its process is gone, else when
the lease ends. Every write of results is fenced by (id, owner, attempt), so a
worker that was taken for dead cannot write over its successor. Leases shorter
than 60 s were measured to be claimed twice under contention.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from repository.database import Database
from repository.ids import new_id
from repository.insertion import insert_once
from repository.jobs import pauses
from repository.jobs.owners import owner_is_dead
from repository.jobs.rules import LEASE, MAX_ERRORS, MAX_LOSSES, MAX_TURN, rank
from repository.ports import Job, QueueFigures, Urgency
from repository.schema import jobs
from repository.schema.operation import OPEN_JOBS
from vocabulary.clock import Clock
from vocabulary.errors import LeaseLost

_LOOK_AGAIN: Final = 0.05
"""Seconds; half of it is what a job waits for an idle worker."""


class LeaseQueue:
    """Jobs in the catalogue's own database (the port is ``repository.ports.JobQueue``)."""

    def __init__(self, database: Database, clock: Clock, lease: timedelta = LEASE) -> None:
        self._database = database
        self._clock = clock
        self.lease = lease

    def wait(self, seconds: float) -> None:
        """Returns when a job may have come: looking again costs a tenth of a millisecond."""
        time.sleep(min(seconds, _LOOK_AGAIN))

    def close(self) -> None:
        """Nothing is held open."""

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
        now = self._clock.now()
        place = rank(urgency, _ahead(tx, kind, share))
        values = {
            "id": new_id(),
            "kind": kind,
            "key": key,
            "payload": dict(payload),
            "state": "waiting",
            "again": False,
            "priority": place,
            "share": share,
            "attempt": 0,
            "errors": 0,
            "losses": 0,
            "run_after": now,
            "created_at": now,
            "updated_at": now,
        }
        if insert_once(tx, jobs, values):
            return str(values["id"])
        same = and_(jobs.c.kind == kind, jobs.c.key == key)
        found = tx.execute(
            select(jobs.c.id, jobs.c.state, jobs.c.priority).where(same).with_for_update()
        ).one()
        if found.state == "running":
            change: dict[str, Any] = {"again": True}
        elif found.state in ("done", "failed"):
            change = {"state": "waiting", "errors": 0, "losses": 0, "run_after": now, "error": None}
            change |= {"priority": place, "share": share}
        else:
            change = {"priority": place} if place > found.priority else {}
        if change:
            change |= {"payload": dict(payload), "updated_at": now}
            tx.execute(update(jobs).where(jobs.c.id == found.id).values(**change))
        return str(found.id)

    def claim(self, owner: str, kinds: Sequence[str] | None = None) -> Job | None:
        """Takes the most urgent of the jobs that are due, the longest waiting first, or None."""
        now = self._clock.now()
        if not self._is_due(now, kinds):  # most polls find nothing: do not queue for the write lock
            return None
        with self._database.write(alone=False) as tx:
            self._give_up_killers(tx, now)
            row = tx.execute(
                select(jobs)
                .where(_due(now, kinds))
                .order_by(jobs.c.priority.desc(), jobs.c.run_after, jobs.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            lost = 1 if row.state == "running" else 0
            tx.execute(
                update(jobs)
                .where(jobs.c.id == row.id)
                .values(
                    state="running",
                    owner=owner,
                    attempt=row.attempt + 1,
                    losses=row.losses + lost,
                    lease_until=now + self.lease,
                    updated_at=now,
                )
            )
        return Job(row.id, row.kind, row.key, row.payload, owner, row.attempt + 1, row.errors)

    def heartbeat(self, job: Job) -> None:
        """Renews the lease; call it well within ``lease``, from a thread of its own."""
        with self._database.write(alone=False) as tx:
            self._change(tx, job, lease_until=self._clock.now() + self.lease)

    def fence(self, tx: Session, job: Job, *, progress: bool = False) -> None:
        """Makes sure, inside the caller's transaction, that the job is still ours."""
        changes: dict[str, Any] = {"lease_until": self._clock.now() + self.lease}
        if progress:
            changes["losses"] = 0
        self._change(tx, job, **changes)

    def done(self, job: Job) -> None:
        """Ends the job; it waits again if more work was asked for meanwhile."""
        with self._database.write(alone=False) as tx:
            again = tx.execute(select(jobs.c.again).where(_mine(job))).scalar_one_or_none()
            self._change(
                tx,
                job,
                state="waiting" if again else "done",
                again=False,
                owner=None,
                lease_until=None,
                error=None,
                errors=0,
                losses=0,
                run_after=self._clock.now(),
            )

    def retry(
        self,
        job: Job,
        error: str,
        delay: timedelta = timedelta(seconds=5),
        *,
        at_the_end: Callable[[Session], object] | None = None,
    ) -> bool:
        """Gives the job back; False when it had its last chance and has failed."""
        last = job.errors + 1 >= MAX_ERRORS
        with self._database.write(alone=last and at_the_end is not None) as tx:
            self._change(
                tx,
                job,
                state="failed" if last else "waiting",
                owner=None,
                lease_until=None,
                error=error,
                errors=job.errors + 1,
                run_after=self._clock.now() + delay,
            )
            if last and at_the_end is not None:
                at_the_end(tx)
        return not last

    def release(self, job: Job) -> None:
        """Gives the job back as it was: the trouble was the machine's, not the job's."""
        with self._database.write(alone=False) as tx:
            self._change(tx, job, state="waiting", owner=None, lease_until=None)

    def postpone(self, job: Job, error: str, delay: timedelta) -> None:
        """Gives the job back for later; the trouble is elsewhere and is not counted against it."""
        later = self._clock.now() + delay
        with self._database.write(alone=False) as tx:
            self._change(
                tx, job, state="waiting", owner=None, lease_until=None, error=error, run_after=later
            )

    def fail(self, job: Job, error: str) -> None:
        """Ends the job as failed; the error stays readable in :meth:`failures`."""
        with self._database.write(alone=False) as tx:
            self._change(tx, job, state="failed", owner=None, lease_until=None, error=error)

    def release_dead(self, host: str) -> int:
        """Frees at once what dead processes of this host hold; run it at a worker's start."""
        now = self._clock.now()
        freed = 0
        with self._database.write(alone=False) as tx:
            running = tx.execute(
                select(jobs.c.id, jobs.c.owner).where(jobs.c.state == "running")
            ).all()
            for row in running:
                if row.owner.rsplit(":", 2)[0] != host or not owner_is_dead(row.owner):
                    continue
                tx.execute(
                    update(jobs)
                    .where(jobs.c.id == row.id)
                    .values(
                        state="waiting",
                        owner=None,
                        lease_until=None,
                        losses=jobs.c.losses + 1,
                        run_after=now,
                        updated_at=now,
                    )
                )
                freed += 1
            self._give_up_killers(tx, now)
        return freed

    def cancel(self, tx: Session, kind: str, key: str) -> bool:
        """Takes the work back; whoever is at it is fenced off. False: there was none."""
        open_ = and_(
            jobs.c.kind == kind, jobs.c.key == key, jobs.c.state.in_(("waiting", "running"))
        )
        ended = tx.execute(
            update(jobs)
            .where(open_)
            .values(state="done", owner=None, lease_until=None, again=False,
                    updated_at=self._clock.now())
            .returning(jobs.c.id)
        )  # fmt: skip
        return ended.first() is not None

    def pause(self, kind: str, by: str) -> None:
        """Nobody begins work of this kind until :meth:`resume`."""
        with self._database.write() as tx:
            pauses.pause(tx, kind, by, self._clock.now())

    def resume(self, kind: str) -> None:
        """Work of this kind goes on."""
        with self._database.write() as tx:
            pauses.resume(tx, kind)

    def waiting(self) -> int:
        """Jobs that wait for a worker, now or later."""
        return self.figures().total("waiting")

    def unfinished(self) -> int:
        """Jobs that wait or run."""
        return self.figures().total("waiting", "running")

    def figures(self) -> QueueFigures:
        """Jobs by kind and state; ended ones are not counted over again: they are history."""
        with self._database.read() as tx:
            rows = tx.execute(
                select(jobs.c.kind, jobs.c.state, func.count().label("number"))
                .where(OPEN_JOBS)  # an index that ended jobs are not in
                .group_by(jobs.c.kind, jobs.c.state)
            ).all()
            oldest = tx.execute(
                select(jobs.c.kind, func.min(jobs.c.run_after).label("since"))
                .where(OPEN_JOBS, jobs.c.state == "waiting", jobs.c.run_after <= self._clock.now())
                .group_by(jobs.c.kind)
            ).all()
            paused = pauses.paused(tx)
        return QueueFigures(
            {(row.kind, row.state): row.number for row in rows},
            {row.kind: row.since for row in oldest},
            paused,
        )

    def failures(self) -> list[tuple[str, str, str]]:
        """Failed jobs as (kind, key, error), oldest first."""
        with self._database.read() as tx:
            rows = tx.execute(
                select(jobs.c.kind, jobs.c.key, jobs.c.error)
                .where(jobs.c.state == "failed")
                .order_by(jobs.c.updated_at, jobs.c.id)
            ).all()
        return [(row.kind, row.key, row.error or "") for row in rows]

    def _is_due(self, now: datetime, kinds: Sequence[str] | None) -> bool:
        with self._database.read() as tx:
            return (
                tx.execute(select(jobs.c.id).where(_due(now, kinds)).limit(1)).first() is not None
            )

    def _give_up_killers(self, tx: Session, now: datetime) -> None:
        tx.execute(
            update(jobs)
            .where(jobs.c.losses >= MAX_LOSSES, jobs.c.state != "failed", _free(now))
            .values(
                state="failed",
                owner=None,
                lease_until=None,
                error=f"worker died {MAX_LOSSES} times without progress",
                updated_at=now,
            )
        )

    def _change(self, tx: Session, job: Job, **values: Any) -> None:
        values["updated_at"] = self._clock.now()
        changed = tx.execute(
            update(jobs).where(_mine(job)).values(**values).returning(jobs.c.id)
        ).first()
        if changed is None:
            raise LeaseLost(
                "Việc này đã do tiến trình khác đảm nhận.",
                "Another worker has taken this job over.",
                job=job.id,
                attempt=job.attempt,
            )


def _mine(job: Job) -> ColumnElement[bool]:
    return and_(
        jobs.c.id == job.id,
        jobs.c.owner == job.owner,
        jobs.c.attempt == job.attempt,
        jobs.c.state == "running",
    )


def _free(now: datetime) -> ColumnElement[bool]:
    waits = and_(jobs.c.state == "waiting", jobs.c.run_after <= now)
    lost = and_(jobs.c.state == "running", jobs.c.lease_until < now)
    return or_(waits, lost)


def _due(now: datetime, kinds: Sequence[str] | None) -> ColumnElement[bool]:
    free = and_(_free(now), jobs.c.kind.not_in(pauses.KINDS))
    return free if kinds is None else and_(free, jobs.c.kind.in_(kinds))


def _ahead(tx: Session, kind: str, share: str) -> int:
    """Jobs of this share that wait already, as far as they are told apart."""
    if not share:
        return 0
    waiting = (
        select(jobs.c.id)
        .where(jobs.c.share == share, jobs.c.kind == kind, jobs.c.state == "waiting")
        .limit(MAX_TURN)
    )
    return tx.execute(select(func.count()).select_from(waiting.subquery())).scalar_one()
