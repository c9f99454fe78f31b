"""What is known of bytes before they are sent: hash, size, and the hash of each part.

Taken in one pass, so that the store refuses bytes that change before they arrive.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from repository.objects import too_large
from repository.ports import StoredObject

PART_BYTES: Final = 16 * 2**20
"""Larger objects go in parts of this size; also what one upload holds in memory at a time."""

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Outline:
    """SHA-256 (hexadecimal), size in bytes, and the digests of the parts that it is sent in."""

    sha256: str
    size: int
    parts: tuple[bytes, ...]

    @property
    def stored(self) -> StoredObject:
        return StoredObject(self.sha256, self.size)

    @property
    def checksums(self) -> tuple[str, ...]:
        """What ``x-amz-checksum-sha256`` may say: of the whole, or of the parts' digests."""
        whole = base64_of(bytes.fromhex(self.sha256))
        composite = base64_of(hashlib.sha256(b"".join(self.parts)).digest())
        return whole, f"{composite}-{len(self.parts)}"


class Tally:
    """Counts and hashes bytes as they pass, and each part of them."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._whole = hashlib.sha256()
        self._part = self._whole  # the first part is the whole so far: hashed once
        self._parts: list[bytes] = []
        self._in_part = 0
        self._bytes = 0

    def add(self, chunk: bytes) -> None:
        """The next bytes.

        Raises:
            InvalidRequest: more than the limit (code ``too_large``).
        """
        self._bytes += len(chunk)
        if self._limit is not None and self._bytes > self._limit:
            raise too_large(self._limit)
        view = memoryview(chunk)
        while view:
            if self._in_part == PART_BYTES:
                self._parts.append(self._part.digest())
                self._part = hashlib.sha256()
                self._in_part = 0
            piece = view[: PART_BYTES - self._in_part]
            self._whole.update(piece)
            if self._part is not self._whole:
                self._part.update(piece)
            self._in_part += len(piece)
            view = view[len(piece) :]

    def outline(self) -> Outline:
        """Everything that has passed."""
        return Outline(self._whole.hexdigest(), self._bytes, (*self._parts, self._part.digest()))


def outline_of(file: BinaryIO) -> Outline:
    """The outline of the rest of a file."""
    tally = Tally()
    for chunk in chunks(file):
        tally.add(chunk)
    return tally.outline()


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a stream, piece by piece."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def base64_of(digest: bytes) -> str:
    """As checksum headers carry it."""
    return base64.b64encode(digest).decode("ascii")
