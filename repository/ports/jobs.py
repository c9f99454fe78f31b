"""The port of the queue of work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # what only names the port needs no database library to start
    from sqlalchemy.orm import Session


class Urgency(IntEnum):
    """Whose work comes first."""

    BACKLOG = -1
    DESK = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that this owner holds for now.

    ``attempt`` grows with every claim; with ``id`` and ``owner`` it fences writes.
    ``errors``: attempts that ended in a reported error so far.
    """

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    attempt: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How the work stands.

    ``jobs``: numbers by (kind, state), the states being waiting, running, failed.
    ``oldest``: by kind, since when the longest waiting of those that are due has been.
    ``paused``: kinds that are held up.
    """

    jobs: Mapping[tuple[str, str], int]
    oldest: Mapping[str, datetime]
    paused: frozenset[str]

    def total(self, *states: str) -> int:
        """Jobs of all kinds in these states."""
        return sum(number for (_, state), number in self.jobs.items() if state in states)


class JobQueue(Protocol):
    """Work that survives the death of whoever does it."""

    @property
    def lease(self) -> timedelta:
        """How long a worker that shows no life keeps its job."""
        ...

    def enqueue(
        self,
        tx: "Session",
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        urgency: Urgency = Urgency.DESK,
        share: str = "",
    ) -> str:
        """Asks for work inside the caller's transaction; returns the job's id.

        One job a (kind, key): a waiting one stays as it is or becomes more urgent,
        a finished or failed one waits again, a running one will run once more
        after it is done.

        Args:
            tx: the caller's write transaction.
            kind: what is to be done.
            key: to what.
            payload: further facts, as JSON.
            urgency: whose work comes first.
            share: who asks (a person, a batch); shares take turns.
        """
        ...

    def claim(self, owner: str, kinds: Sequence[str] | None = None) -> Job | None:
        """The next job that is due, or None."""
        ...

    def wait(self, seconds: float) -> None:
        """Returns when a job may have come, at the latest after so many seconds."""
        ...

    def close(self) -> None:
        """Ends what the queue holds open in this process."""
        ...

    def heartbeat(self, job: Job) -> None:
        """Keeps the lease.

        Raises:
            LeaseLost: the job belongs to somebody else now.
        """
        ...

    def fence(self, tx: "Session", job: Job, *, progress: bool = False) -> None:
        """Call first in every transaction that writes results of the job.

        Args:
            tx: the caller's write transaction.
            job: as claimed.
            progress: the transaction keeps a result (a page): lost leases are counted anew.

        Raises:
            LeaseLost: the job belongs to somebody else now; write nothing.
        """
        ...

    def done(self, job: Job) -> None: ...

    def retry(
        self,
        job: Job,
        error: str,
        delay: timedelta = timedelta(seconds=5),
        *,
        at_the_end: "Callable[[Session], object] | None" = None,
    ) -> bool:
        """Gives the job back with an error; False when it failed for good instead.

        ``at_the_end`` is done in the transaction in which it fails: a worker that is killed
        there leaves no paper without a job.
        """
        ...

    def release(self, job: Job) -> None:
        """Gives the job back as it was: the trouble was the machine's, not the job's."""
        ...

    def postpone(self, job: Job, error: str, delay: timedelta) -> None:
        """Gives the job back for later, where the trouble is elsewhere (a signing service)."""

    def fail(self, job: Job, error: str) -> None: ...

    def release_dead(self, host: str) -> int:
        """Frees the leases of processes of this host that are gone; returns how many."""
        ...

    def cancel(self, tx: "Session", kind: str, key: str) -> bool:
        """Takes work back in the caller's transaction; whoever is at it is fenced off.

        False: nothing of it waited or ran.
        """
        ...

    def pause(self, kind: str, by: str) -> None:
        """Nobody on any host begins work of this kind until :meth:`resume`."""
        ...

    def resume(self, kind: str) -> None: ...

    def figures(self) -> QueueFigures: ...

    def failures(self) -> list[tuple[str, str, str]]:
        """Failed jobs that were not asked for again, as (kind, key, error), oldest first."""
        ...

    def waiting(self) -> int:
        """Jobs that wait for a worker, now or later."""
        ...

    def unfinished(self) -> int:
        """Jobs that wait or run."""
        ...
