"""The object store on S3: content-addressed, checked end to end, locked where asked.

An object is accepted when the store has confirmed its SHA-256, by its own checksum
or, where it gives none, because all of it was read back.
"""

import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, cast

from minio.error import S3Error

from repository.objects import unknown
from repository.ports import StoredObject
from repository.s3.client import PatientClient
from repository.s3.copies import LocalCopies
from repository.s3.headers import CHECKSUM, lock_headers, retained_until
from repository.s3.keys import S3Keys
from repository.s3.leftovers import clear_abandoned
from repository.s3.locks import Locks
from repository.s3.outline import Outline, Tally, chunks, outline_of
from repository.s3.place import S3Place
from repository.s3.presigning import signed_address
from repository.s3.reading import WHOLE, ObjectReader, read_through
from repository.s3.room import room_on
from repository.s3.sending import Sent, send
from repository.s3.troubles import TROUBLES, code_of, explained, is_absent, status_of
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import IntegrityFailure, MissingPart, NotFound

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_IN_MEMORY: Final = 4 * 2**20
_BUFFER: Final = 256 * 1024


class S3Store:
    """Objects as ``prefix/ab/abcdef…`` in one bucket; safe for many threads, processes, hosts.

    Args:
        place: where, and how protected.
        keys: the store's access keys.
        scratch: folder on a local disk for bytes on their way and for local copies.
        clock: for retention.
    """

    def __init__(
        self, place: S3Place, keys: S3Keys, scratch: Path, clock: Clock | None = None
    ) -> None:
        self.place = place
        self.keys = keys
        self.client = PatientClient(place, keys)
        self._quick = PatientClient(replace(place, patience_seconds=0), keys)
        self._clock = clock or SystemClock()
        self.scratch = scratch
        self._bucket_seen = False
        self._conditional = True
        with room_on(scratch):
            self._copies = LocalCopies(scratch, place.cache_bytes)
        self.locks = Locks(self.client, place, self._clock)

    def put(self, stream: BinaryIO, limit: int | None = None) -> StoredObject:
        """Stores the rest of ``stream``; the store has confirmed it when it returns.

        Raises:
            InvalidRequest: more than ``limit`` bytes (code ``too_large``); nothing is kept.
            MissingPart: the store (or the scratch disk) cannot take it; the code says why.
            IntegrityFailure: the store holds other bytes than were sent; nothing is accepted.
        """
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(self.scratch)) as spooled:
            spool = cast(BinaryIO, spooled)
            tally = Tally(limit)
            for chunk in chunks(stream):
                tally.add(chunk)
                with room_on(self.scratch):
                    spool.write(chunk)
            spool.seek(0)
            return self._keep(spool, tally.outline())

    def put_file(self, path: Path) -> StoredObject:
        """Stores a file's bytes; the file itself stays."""
        with path.open("rb") as file:
            outline = outline_of(file)
            file.seek(0)
            return self._keep(file, outline)

    def open(self, sha256: str) -> BinaryIO:
        """Reads from the first byte, in pieces; seekable.

        Raises:
            NotFound: no such object.
            IntegrityFailure: on reading the last bytes, when they are not those stored.
        """
        _known(sha256)
        return io.BufferedReader(ObjectReader(self.client, sha256), _BUFFER)

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """A checked copy on this machine.

        Raises:
            NotFound: no such object.
            IntegrityFailure: the bytes are not those that were stored.
        """
        _known(sha256)

        def fetch(file: BinaryIO) -> None:
            with room_on(self.scratch), ObjectReader(self.client, sha256, WHOLE) as reader:
                read_through(reader, file.write)

        with self._copies.lend(sha256, fetch) as path:
            yield path

    def exists(self, sha256: str) -> bool:
        return bool(_NAME.fullmatch(sha256)) and self.head(sha256) is not None

    def size(self, sha256: str) -> int:
        """Bytes of the object.

        Raises:
            NotFound: no such object.
        """
        _known(sha256)
        head = self.head(sha256)
        if head is None:
            raise unknown(sha256)
        return int(head.get("Content-Length", "0"))

    def check(self, sha256: str) -> None:
        """Reads the whole object and compares it with its name.

        Raises:
            NotFound: no such object.
            IntegrityFailure: the bytes are not those that were stored.
        """
        _known(sha256)
        with ObjectReader(self.client, sha256, WHOLE) as reader:
            read_through(reader, lambda _: None)

    def all(self) -> Iterator[str]:
        """The names of all objects, in no particular order."""
        with explained(self.place):
            for item in self.client.list_objects(
                self.place.bucket, self.place.prefix or None, recursive=True
            ):
                key = item.object_name or ""
                name = key.rpartition("/")[2]
                if _NAME.fullmatch(name) and key == self.place.key(name):
                    yield name

    def remove(self, sha256: str) -> None:
        """Removes the object with all its versions, and this machine's copy of it.

        Raises:
            NotFound: no such object.
            Conflict: ``retained`` or ``held``; what is protected stays.
        """
        _known(sha256)
        try:
            self.locks.remove(sha256)
        except NotFound:
            self._copies.forget(sha256)
            raise
        self._copies.forget(sha256)

    def download_address(
        self, sha256: str, media_type: str, disposition: str, holds: timedelta
    ) -> str:
        """A signed address for GET (with ranges), for whoever has it, while it holds.

        Raises:
            NotFound: no such object.
        """
        self.size(sha256)  # an address of nothing would be found out by somebody else
        return signed_address(
            self.place, self.keys, "GET", self.place.key(sha256),
            query={
                "response-content-type": media_type,
                "response-content-disposition": disposition,
            },
            headers={}, now=datetime.now(UTC), holds=holds,
        )  # fmt: skip

    def answers(self) -> None:
        """One small question, asked once.

        Raises:
            MissingPart: the store does not answer as it should.
        """
        with explained(self.place):
            self._quick.ask("HEAD")

    def clear_abandoned(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Removes what killed processes and senders left half-received; returns how many."""
        with explained(self.place, writing=True):
            return clear_abandoned(self.client, older_than)

    def head(self, sha256: str) -> Mapping[str, str] | None:
        """What the store says of the object; None where there is none."""
        with explained(self.place):
            try:
                answer = self.client.ask(
                    "HEAD", self.place.key(sha256), headers={"x-amz-checksum-mode": "ENABLED"}
                )
            except S3Error as error:
                if is_absent(error):
                    self._see_bucket()
                    return None
                if status_of(error) == 403:  # a HEAD has no body: ask again for the reason
                    self._quick.ask("GET", query={"list-type": "2", "max-keys": "1"})
                raise
        return answer.headers

    def _see_bucket(self) -> None:
        """A HEAD cannot tell a missing object from a missing bucket."""
        if not self._bucket_seen:
            self.client.ask("HEAD")
            self._bucket_seen = True

    def _keep(self, file: BinaryIO, outline: Outline) -> StoredObject:
        head = self.head(outline.sha256)
        if head is not None and self._is_whole(head, outline):
            self._prolong(head, outline.sha256)
            return outline.stored
        with explained(self.place, writing=True):
            try:
                sent = self._send(file, outline, only_new=head is None)
            except TROUBLES as error:
                # Somebody was quicker, or our own first try's answer was lost.
                if status_of(error) != 412 and code_of(error) != "NoSuchUpload":
                    raise
                sent = None
        protected = self.place.sse != "none" or self.place.lock != "none"
        if sent is None or sent.checksum not in outline.checksums or protected:
            self._confirm(outline)
        return outline.stored

    def _send(self, file: BinaryIO, outline: Outline, *, only_new: bool) -> Sent:
        key, headers = self.place.key(outline.sha256), self._headers()
        condition = only_new and self._conditional
        try:
            return send(self.client, key, file, outline, headers, only_new=condition)
        except TROUBLES as error:
            if not condition or status_of(error) != 501:
                raise
        self._conditional = False  # it knows none; two equal versions do no harm
        file.seek(0)
        return send(self.client, key, file, outline, headers, only_new=False)

    def _confirm(self, outline: Outline) -> None:
        """What the store holds now is what was sent, and as protected as was asked.

        Raises:
            IntegrityFailure: it is not.
            MissingPart: it is not encrypted or not locked although that was asked.
        """
        head = self.head(outline.sha256)
        if head is None or not self._is_whole(head, outline):
            raise IntegrityFailure(
                f"Kho S3 không giữ đúng tệp {outline.sha256} vừa gửi; tệp chưa được nhận. Hãy "
                "kiểm tra kho rồi gửi lại.",
                f"The S3 store does not hold the object {outline.sha256} as it was sent; it was "
                "not accepted. Check the store and send it again.",
                sha256=outline.sha256,
            )
        if self.place.sse != "none" and not head.get("x-amz-server-side-encryption"):
            raise MissingPart(
                "Kho S3 không mã hóa tệp như yêu cầu (sse=s3). Hãy bật mã hóa ở kho.",
                "The S3 store does not encrypt as was asked (sse=s3). Turn encryption on there.",
                code="store_not_encrypting",
            )
        if self.place.lock != "none" and retained_until(head) is None:
            raise MissingPart(
                "Kho S3 không khóa tệp như yêu cầu (lock=compliance). Hãy chạy sohoa doctor.",
                "The S3 store does not lock as was asked (lock=compliance). Run sohoa doctor.",
                code="store_not_locking",
            )

    def _is_whole(self, head: Mapping[str, str], outline: Outline) -> bool:
        """By size and the store's checksum; where it has none, by reading all of it."""
        if int(head.get("Content-Length", "-1")) != outline.size:
            return False
        told = head.get(CHECKSUM, "")
        if told in outline.checksums:
            return True
        if told and "-" not in told:  # of the whole, and another
            return False
        try:  # it tells none, or one of other parts than ours
            self.check(outline.sha256)
        except (IntegrityFailure, NotFound):
            return False
        return True

    def _headers(self) -> dict[str, str]:
        headers = {"x-amz-server-side-encryption": "AES256"} if self.place.sse == "s3" else {}
        if self.place.lock == "compliance":
            headers |= lock_headers(self._clock.now() + timedelta(days=self.place.retention_days))
        return headers

    def _prolong(self, head: Mapping[str, str], sha256: str) -> None:
        """Handed in again: kept as long as if it were new."""
        if self.place.lock == "none":
            return
        wanted = self._clock.now() + timedelta(days=self.place.retention_days)
        until = retained_until(head)
        if until is None or wanted - until > timedelta(days=1):
            self.locks.retain(sha256, wanted)


def _known(sha256: str) -> None:
    if not _NAME.fullmatch(sha256):  # also keeps "../" out
        raise unknown(sha256)
