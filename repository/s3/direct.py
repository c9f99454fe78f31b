"""Large files straight into the store, past the service, in parts with addresses that expire.

What arrives lies under ``incoming/`` and counts for nothing. It is accepted when the service
has read and hashed all of it and put it under its content's name, as any other object.
"""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final, cast

from minio.error import S3Error

from repository.ports import DirectUpload, PartAddress, UploadedPart
from repository.s3.headers import CHECKSUM
from repository.s3.leftovers import remove_versions
from repository.s3.outline import PART_BYTES, base64_of
from repository.s3.presigning import signed_address
from repository.s3.reading import WHOLE, ObjectReader, read_through
from repository.s3.room import room_on
from repository.s3.sending import SentPart, abandon_parts, begin_parts, finish_parts
from repository.s3.store import S3Store
from repository.s3.troubles import code_of, explained, is_absent, status_of
from vocabulary.errors import InvalidRequest, MissingPart, NotFound, Stopped

_MOST_PARTS: Final = 10_000  # of one multipart upload, on every store
_MOST_BYTES: Final = 5 * 2**40
_HOLDS: Final = timedelta(hours=12)
_WRONG_PARTS: Final = ("InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest")


class S3DirectUploads:
    """Signed addresses for parts; made by the service's own keys, which nobody else sees."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._client = store.client

    @property
    def origin(self) -> str:
        """Scheme and host that others reach the store at."""
        place = self._store.place
        return f"{'https' if place.public_secure else 'http'}://{place.public_host}"

    def begin(self, size: int) -> DirectUpload:
        """An upload of exactly ``size`` bytes.

        Raises:
            InvalidRequest: no bytes, or more than a store takes.
        """
        if not 0 < size <= _MOST_BYTES:
            raise InvalidRequest(
                "Kích thước tệp phải từ 1 byte đến 5 TiB.",
                "The size must be between 1 byte and 5 TiB.",
                field="bytes",
            )
        token = secrets.token_hex(16)
        with explained(self._store.place, writing=True):
            upload = begin_parts(self._client, self._key(token), {})
        part_bytes = max(PART_BYTES, -(-size // _MOST_PARTS))
        return DirectUpload(
            id=f"{token}.{upload}",
            bytes=size,
            part_bytes=part_bytes,
            parts=-(-size // part_bytes),
            expires_at=datetime.now(UTC) + _HOLDS,
        )

    def part_address(self, upload: DirectUpload, number: int, sha256: str) -> PartAddress:
        """Takes these very bytes as that part, until the upload's time is over.

        Raises:
            InvalidRequest: there is no such part, or that is no SHA-256.
            NotFound: the upload's time is over.
        """
        if not 1 <= number <= upload.parts:
            raise _parts_differ(upload)
        now = datetime.now(UTC)
        if upload.expires_at - now < timedelta(seconds=1):
            raise _no_upload()
        key, name = self._names(upload)
        headers = {CHECKSUM: base64_of(_digest(sha256, upload))}
        url = signed_address(
            self._store.place, self._store.keys, "PUT", key,
            query={"partNumber": str(number), "uploadId": name},
            headers=headers, now=now, holds=upload.expires_at - now,
        )  # fmt: skip
        return PartAddress(url, headers)

    @contextmanager
    def complete(self, upload: DirectUpload, parts: Sequence[UploadedPart]) -> Iterator[BinaryIO]:
        """Join the parts; all bytes as a local file, to be looked at and put as any other.

        Raises:
            NotFound: no such upload (any more).
            InvalidRequest: parts are missing or differ from what was sent.
        """
        self._join(upload, parts)
        key, _ = self._names(upload)
        scratch = self._store.scratch
        with room_on(scratch), tempfile.TemporaryFile(dir=scratch) as copy:
            with ObjectReader(self._client, None, WHOLE, key=key) as reader:
                if reader.size != upload.bytes:
                    self._forget(upload)
                    raise _parts_differ(upload)
                read_through(reader, copy.write)
            copy.seek(0)
            try:
                yield cast(BinaryIO, copy)
            except (Stopped, InvalidRequest):
                self._forget(upload)
                raise
        self._forget(upload)

    def abandon(self, upload: DirectUpload) -> None:
        """Let go of an upload and its parts; one that is gone is well."""
        key, name = self._names(upload)
        with explained(self._store.place, writing=True):
            abandon_parts(self._client, key, name)
            remove_versions(self._client, key)

    def _forget(self, upload: DirectUpload) -> None:
        """Clear up; what cannot be cleared now is cleared after a day."""
        with contextlib.suppress(MissingPart):
            self.abandon(upload)

    def _join(self, upload: DirectUpload, parts: Sequence[UploadedPart]) -> None:
        ordered = sorted(parts, key=lambda part: part.number)
        if [part.number for part in ordered] != list(range(1, upload.parts + 1)):
            raise _parts_differ(upload)
        sent = [
            SentPart(part.number, part.etag, base64_of(_digest(part.sha256, upload)))
            for part in ordered
        ]
        key, name = self._names(upload)
        with explained(self._store.place, writing=True):
            try:
                finish_parts(self._client, key, name, sent, {})
            except S3Error as error:
                if code_of(error) in _WRONG_PARTS or status_of(error) == 400:
                    raise _parts_differ(upload) from error
                if not is_absent(error):
                    raise
                # Joined already by a call whose answer was lost? The reader will tell.

    def _key(self, token: str) -> str:
        return f"{self._store.place.prefix}incoming/{token}"

    def _names(self, upload: DirectUpload) -> tuple[str, str]:
        """Key and the store's own name of the upload."""
        token, _, name = upload.id.partition(".")
        if len(token) != 32 or not token.isalnum() or not name:
            raise _no_upload()
        return self._key(token), name


def _digest(sha256: str, upload: DirectUpload) -> bytes:
    try:
        digest = bytes.fromhex(sha256)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise _parts_differ(upload)
    return digest


def _parts_differ(upload: DirectUpload) -> InvalidRequest:
    return InvalidRequest(
        f"Các phần đã gửi không khớp: cần đủ {upload.parts} phần, tổng {upload.bytes} byte, mỗi "
        "phần đúng mã SHA-256. Hãy gửi lại từ đầu.",
        f"The parts do not fit: {upload.parts} parts of {upload.bytes} bytes together, each with "
        "its SHA-256. Send the file again.",
        code="parts_differ",
    )


def _no_upload() -> NotFound:
    return NotFound(
        "Không có phiên tải lên này, hoặc đã hết hạn. Hãy bắt đầu lại.",
        "There is no such upload, or its time is over. Begin again.",
    )
