"""The ports of what keeps bytes: the store, its locks, and doors of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


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

    def remove(self, sha256: str) -> None:
        """Removes the object, all its versions; for what was disposed of, and for nothing else.

        It does not know who names the object: that is the caller's to make sure.

        Raises:
            NotFound: no such object.
            Conflict: ``retained`` or ``held`` by the store's own locks; what is protected stays.
        """
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

    @property
    def origin(self) -> str:
        """Scheme and host that others reach the store at (RFC 6454)."""
        ...

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
