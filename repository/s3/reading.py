"""Reading one object piece by piece: seekable, never the whole for a part, checked at its end."""

import contextlib
import hashlib
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from minio.error import S3Error, ServerError
from urllib3.exceptions import HTTPError

from repository.objects import altered, unknown
from repository.s3.client import PatientClient
from repository.s3.troubles import explained, is_absent, status_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from urllib3 import BaseHTTPResponse

_FIRST_WINDOW: Final = 256 * 1024
_LONGEST_WINDOW: Final = 16 * 2**20
_GROWTH: Final = 16
_WORTH_DRAINING: Final = 256 * 1024
_TRIES: Final = 6
_PIECE: Final = 1 << 20

WHOLE: Final = 1 << 40
"""A first window that takes any object at once."""


class ObjectReader(io.RawIOBase):
    """Asks for windows that grow while reading goes straight on.

    All windows are of one version (its ETag): an object that is replaced meanwhile is
    noticed, not mixed. Whoever reads from the first to the last byte gets the last ones only
    if all of them have the hash that the object is named by.

    Args:
        client: the store.
        sha256: the object's name; None for one whose hash nobody knows yet, under ``key``.
        window: bytes to ask for at first.
        key: where it lies, other than under its name.

    Raises:
        NotFound: no such object.
        MissingPart: the store cannot be used as it is now; on reading, too.
        IntegrityFailure: the bytes are not those that were stored.
    """

    def __init__(
        self,
        client: PatientClient,
        sha256: str | None,
        window: int = _FIRST_WINDOW,
        *,
        key: str | None = None,
    ) -> None:
        self._client = client
        self._key = key if key is not None else client.place.key(sha256 or "")
        self._sha256 = sha256
        self._window = window
        self._etag: str | None = None
        self._position = 0
        self._response: BaseHTTPResponse | None = None
        self._left = 0  # bytes of the window that are still to come
        self._digest = hashlib.sha256()
        self._hashed = 0
        self.size = 0
        with explained(client.place):
            try:
                self._ask()
            except S3Error as error:
                if is_absent(error):
                    raise unknown(sha256 or self._key) from error
                raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        target = max(base + offset, 0)
        if target != self._position:
            self._let_go()
            self._window = _FIRST_WINDOW
        self._position = target
        return target

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self.size or not view:
            return 0
        with explained(self._client.place):
            data = self._piece(len(view))
        view[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        """The rest, in large pieces (the base class takes 8 KiB at a time)."""
        return b"".join(iter(self.read_piece, b""))

    def read_piece(self) -> bytes:
        """Some of the next bytes; none at the end."""
        if self._position >= self.size:
            return b""
        with explained(self._client.place):
            return self._piece(_PIECE)

    def close(self) -> None:
        if not self.closed:
            self._let_go()
        super().close()

    def _piece(self, most: int) -> bytes:
        """The next bytes, at least one; a connection that breaks is made anew."""
        for tried in range(_TRIES):
            if self._response is None:
                self._ask()
            assert self._response is not None
            try:
                data: bytes = self._response.read(min(most, self._left), decode_content=False)
            except HTTPError:
                self._break_off()
                if tried == _TRIES - 1:
                    raise
                continue
            if data:
                self._passed(data)
                return data
            self._break_off()  # it ended early
        raise HTTPError("the store keeps breaking off")

    def _passed(self, data: bytes) -> None:
        if self._position == self._hashed:
            self._digest.update(data)
            self._hashed += len(data)
        self._position += len(data)
        self._left -= len(data)
        if self._left == 0:
            self._let_go()
        if self._hashed == self.size:
            self._compare()

    def _ask(self) -> None:
        """Open a window at the position."""
        last = self._position + self._window - 1
        headers = {"Range": f"bytes={self._position}-{last}"}
        if self._etag is not None:
            headers["If-Match"] = self._etag
        try:
            response = self._client.ask("GET", self._key, headers=headers, stream=True)
        except S3Error as error:
            if status_of(error) == 416 and self._etag is None:
                self._compare()
                return
            if status_of(error) == 412:
                raise altered(self._sha256 or self._key, "changed while it was read") from error
            raise
        if self._position and response.status != 206:
            response.close()
            raise ServerError("the store knows no ranges", 501)
        self._response = response
        self._window = min(self._window * _GROWTH, _LONGEST_WINDOW)
        self._left = int(response.headers["Content-Length"])
        if self._etag is None:
            self._etag = response.headers.get("ETag", "")
            ranged = response.headers.get("Content-Range", "").rpartition("/")[2]
            self.size = int(ranged) if ranged.isdigit() else self._left
            if self.size == 0:
                self._let_go()
                self._compare()

    def _compare(self) -> None:
        if self._sha256 is not None and self._digest.hexdigest() != self._sha256:
            raise altered(self._sha256, self._digest.hexdigest())

    def _let_go(self) -> None:
        """Give the connection back, or close it where much would still come."""
        response, self._response = self._response, None
        if response is None:
            return
        if self._left <= _WORTH_DRAINING:
            with contextlib.suppress(HTTPError):
                response.drain_conn()
        else:
            response.close()
        response.release_conn()
        self._left = 0

    def _break_off(self) -> None:
        response, self._response = self._response, None
        self._left = 0
        if response is not None:
            response.close()
            response.release_conn()


def read_through(reader: ObjectReader, take: Callable[[bytes], object]) -> None:
    """Hand every byte on; the last ones only if the whole is intact."""
    while piece := reader.read_piece():
        take(piece)
