"""The ports of this room: what the way needs from a store, an index and a queue.

Adapters stand beside: ``objects.FileStore``, ``s3.S3Store``, ``search.TantivyIndex``,
``search.elastic.ElasticIndex``, ``jobs.LeaseQueue``, ``jobs.procrastinate``. One contract
suite (tests/contract/repository) is run against every adapter.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

if TYPE_CHECKING:  # the index and the file store need no database library to start
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Bytes on stable storage, named by their SHA-256 (lower-case hexadecimal)."""

    sha256: str
    bytes: int


class ObjectStore(Protocol):
    """Content-addressed bytes that are never changed.

    ``put`` and ``put_file`` return only when the bytes are on stable storage
    (accept = durable). Putting the same bytes twice is one object.
    """

    def put(self, stream: BinaryIO, limit: int | None = None) -> StoredObject:
        """Stores the rest of the stream.

        Raises:
            InvalidRequest: more than ``limit`` bytes (code ``too_large``); nothing is kept.
            MissingPart: the storage is full or may not be written.
        """
        ...

    def put_file(self, path: Path) -> StoredObject:
        """Stores a file's bytes; the file itself stays."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Reads from the first byte.

        Raises:
            NotFound: no such object.
        """
        ...

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """A path to read from while the context lasts; never write to it."""
        ...

    def exists(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int:
        """Bytes of the object.

        Raises:
            NotFound: no such object.
        """
        ...

    def check(self, sha256: str) -> None:
        """Reads the whole object and compares it with its name.

        Raises:
            NotFound: no such object.
            IntegrityFailure: the bytes are not those that were stored.
        """
        ...

    def all(self) -> Iterator[str]:
        """The names of all objects, in no particular order."""
        ...

    def clear_abandoned(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Removes what was begun so long ago and never became an object; returns how many."""
        ...

    def answers(self) -> None:
        """One small question, without patience: is the store there?

        Raises:
            MissingPart: it is not, or not usable.
        """
        ...


@dataclass(frozen=True, slots=True)
class Protection:
    """What keeps an object from being removed. ``held``: until the hold is lifted."""

    retained_until: datetime | None
    held: bool


class ObjectLocks(Protocol):
    """Retention and legal holds that the store itself enforces (WORM); not every store can.

    Nobody, the administrator of the store included, can remove an object before its
    retention ends or shorten it (COMPLIANCE mode).
    """

    def protection(self, sha256: str) -> Protection:
        """What holds of the object now.

        Raises:
            NotFound: no such object.
        """
        ...

    def retain(self, sha256: str, until: datetime) -> None:
        """Keep the object at least until then; an earlier time than holds now changes nothing.

        Raises:
            NotFound: no such object.
        """
        ...

    def hold(self, sha256: str, *, on: bool) -> None:
        """Set or lift the legal hold.

        Raises:
            NotFound: no such object.
        """
        ...

    def remove(self, sha256: str) -> None:
        """Remove the object, all its versions.

        Raises:
            NotFound: no such object.
            Conflict: ``retained`` or ``held``; nothing was removed that is protected.
        """
        ...


@dataclass(frozen=True, slots=True)
class DirectUpload:
    """An upload that goes past the service, in parts. ``id`` says nothing to outsiders.

    ``part_bytes``: size of every part but the last. Addresses hold until ``expires_at``.
    """

    id: str
    bytes: int
    part_bytes: int
    parts: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PartAddress:
    """A signed address for one PUT with exactly these headers; whoever has it may do that."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """What the sender knows of a part: the ETag it was answered, SHA-256 as hexadecimal."""

    number: int
    etag: str
    sha256: str


class DirectUploads(Protocol):
    """Large files straight into the store; nothing counts as accepted before it was hashed."""

    def begin(self, size: int) -> DirectUpload:
        """An upload of exactly ``size`` bytes.

        Raises:
            InvalidRequest: no bytes, or more than the store takes.
        """
        ...

    def part_address(self, upload: DirectUpload, number: int, sha256: str) -> PartAddress:
        """Where one part is to be sent; it takes bytes of this hash (hexadecimal) alone.

        Raises:
            InvalidRequest: there is no such part.
            NotFound: the upload's time is over.
        """
        ...

    def complete(
        self, upload: DirectUpload, parts: Sequence[UploadedPart]
    ) -> AbstractContextManager[BinaryIO]:
        """Join the parts; all bytes as a local file, to be looked at and put as any other.

        When the block ends well, or with a refusal of the file, the upload is gone; after
        any other trouble it can be completed again.

        Raises:
            NotFound: no such upload (any more).
            InvalidRequest: parts are missing or differ from what was sent.
        """
        ...

    def abandon(self, upload: DirectUpload) -> None:
        """Let go of an upload and its parts (``ObjectStore.clear_abandoned`` does after a day)."""
        ...


class DirectDownloads(Protocol):
    """Bytes straight out of the store, for systems that fetch much; ranges as HTTP has them.

    Whoever has such an address can read that object while it holds: give it only where
    the look itself was allowed and written down.
    """

    def download_address(
        self, sha256: str, media_type: str, disposition: str, holds: timedelta
    ) -> str:
        """A signed address for GET that answers with this type and Content-Disposition.

        Raises:
            NotFound: no such object.
        """
        ...


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index knows of one document. ``text``: all pages; ``subject``: trích yếu.

    ``version``: the catalogue's own count of changes; a late entry of a lower one loses.
    """

    id: str
    text: str
    name: str = ""
    number_symbol: str = ""
    subject: str = ""
    issuer: str = ""
    holder: str = ""
    type: str = ""
    subject_id: str = ""
    procedure: str = ""
    state: str = ""
    status: str = ""
    issue_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 0


FACETS: Final = ("type", "issuer", "state", "year")
"""What hits can be counted by; ``year``: of issue."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question to the index; empty ``text`` lists everything that passes the filters.

    ``issuer`` is compared in folded form; the others as they were stored. ``facets``:
    which of :data:`FACETS` to count over all that is found; nothing is counted unasked.
    """

    text: str = ""
    subject_id: str | None = None
    type: str | None = None
    issuer: str | None = None
    procedure: str | None = None
    state: str | None = None
    status: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    valid_on: date | None = None
    cursor: str | None = None
    limit: int = 20
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of the stored text around hits; ``marks`` are offsets (from, to) within it."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One document found. Never its full text."""

    id: str
    score: float
    highlights: tuple[Highlight, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the documents found have this value."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetCount, ...]]
"""The most frequent values of each facet asked for, the most frequent first."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``cursor`` fetches the next page, None at the end.

    ``relaxed``: nothing had all words (or nothing a phrase of four or more as it was
    typed), so these have most of them or words like them.
    """

    hits: tuple[SearchHit, ...]
    total: int
    cursor: str | None
    relaxed: bool = False
    facets: Facets = field(default_factory=dict)


class IndexBuild(Protocol):
    """A new generation of the index while it is filled; no searcher sees it yet."""

    def put(self, entries: Sequence[IndexEntry]) -> None: ...


class SearchIndex(Protocol):
    """Finds documents by what is written in them. Can always be rebuilt from the catalogue.

    Every call may raise MissingPart: the index cannot be reached or is not what it should
    be; its code starts with ``search_``, its sentence says what to do.
    """

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds or replaces entries; visible to every searcher when it returns.

        An entry whose version is lower than what the index has, or than that of the
        removal it has seen, is passed over: it comes too late.
        """
        ...

    def remove(self, ids: Sequence[str], version: int = 0) -> None:
        """Forgets entries, unless they are there with a version above ``version``."""
        ...

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers a query.

        Raises:
            InvalidRequest: the cursor is not one that this index gave, or a facet is not known.
        """
        ...

    def count(self) -> int:
        """Documents in the index."""
        ...

    def clear(self) -> None:
        """Forgets everything."""
        ...

    def rebuilding(self) -> AbstractContextManager[IndexBuild]:
        """Builds a new generation beside the one that is searched.

        It takes the old one's place at once when the context ends well, and is thrown
        away otherwise. What is put and removed meanwhile reaches both.
        """
        ...

    def check(self) -> str:
        """What answers (engine, version, documents), after looking at all that can be wrong.

        Raises:
            MissingPart: what is wrong and how to mend it.
        """
        ...

    def close(self) -> None:
        """Gives connections back."""
        ...


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

    def retry(self, job: Job, error: str, delay: timedelta = timedelta(seconds=5)) -> bool:
        """Gives the job back with an error; False when it failed for good instead."""
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
