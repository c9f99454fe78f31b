"""The file store: content-addressed files on a local disk.

Written by hand because the libraries that were measured (obstore, fsspec,
opendal) never fsync. The order is what makes "accepted" mean "kept": write to
a temporary file, fsync it, rename it to its hash, fsync the folder.
"""

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from repository.ports import StoredObject
from vocabulary.errors import IntegrityFailure, InvalidRequest, MissingPart, NotFound

_CHUNK: Final = 1 << 20
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_INCOMING: Final = ".incoming"


class FileStore:
    """Objects under ``root/ab/abcdef…``; safe for many threads and processes.

    Raises:
        MissingPart: the folder cannot be made or written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / _INCOMING
        with _explained(root):
            self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, stream: BinaryIO, limit: int | None = None) -> StoredObject:
        """Stores the rest of ``stream``; durable when it returns.

        Args:
            stream: bytes to read to their end.
            limit: most bytes accepted.

        Raises:
            InvalidRequest: more than ``limit`` bytes (code ``too_large``); nothing is kept.
            MissingPart: the disk is full or may not be written; nothing is kept.
        """
        temporary = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}"
        with _explained(self.root):
            try:
                stored = _write_durably(stream, temporary, limit)
                self._name(temporary, stored.sha256)
            finally:
                temporary.unlink(missing_ok=True)
        return stored

    def put_file(self, path: Path) -> StoredObject:
        """Stores a file's bytes; the file itself stays."""
        with path.open("rb") as stream:
            return self.put(stream)

    def open(self, sha256: str) -> BinaryIO:
        """Reads an object from its first byte.

        Raises:
            NotFound: no such object.
        """
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise unknown(sha256) from None

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """The object's own (read-only) path."""
        path = self._path(sha256)
        if not path.is_file():
            raise unknown(sha256)
        yield path

    def exists(self, sha256: str) -> bool:
        return bool(_NAME.fullmatch(sha256)) and self._path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Bytes of the object.

        Raises:
            NotFound: no such object.
        """
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            raise unknown(sha256) from None

    def check(self, sha256: str) -> None:
        """Compares the bytes with their name.

        Raises:
            NotFound: no such object.
            IntegrityFailure: the bytes changed since they were stored.
        """
        digest = hashlib.sha256()
        with self.open(sha256) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise altered(sha256, digest.hexdigest())

    def all(self) -> Iterator[str]:
        """The names of all objects; what is still coming in is not one yet."""
        for folder in sorted(self.root.iterdir()):
            if len(folder.name) == 2 and folder.is_dir():
                yield from sorted(
                    entry.name for entry in folder.iterdir() if _NAME.fullmatch(entry.name)
                )

    def remove(self, sha256: str) -> None:
        """Removes an object for good; a disk of its own has no locks.

        Raises:
            NotFound: no such object.
            MissingPart: the folder may not be written.
        """
        path = self._path(sha256)
        with _explained(self.root):
            try:
                path.unlink()
            except FileNotFoundError:
                raise unknown(sha256) from None
            _sync_folder(path.parent)

    def answers(self) -> None:
        """Whether the folder is there.

        Raises:
            MissingPart: it is not, or may not be read.
        """
        with _explained(self.root):
            self._incoming.stat()

    def clear_abandoned(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Removes what killed processes left half-received; returns how many files."""
        border = time.time() - older_than.total_seconds()
        abandoned = [path for path in self._incoming.iterdir() if path.stat().st_mtime < border]
        for path in abandoned:
            path.unlink(missing_ok=True)
        return len(abandoned)

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):  # also keeps "../" out
            raise unknown(sha256)
        return self.root / sha256[:2] / sha256

    def _name(self, temporary: Path, sha256: str) -> None:
        path = self._path(sha256)
        if not path.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
            _sync_folder(self.root)
        # Over an existing object too: the bytes are the same, and one that had
        # suffered on the disk is whole again.
        temporary.replace(path)
        _sync_folder(path.parent)


def _write_durably(stream: BinaryIO, path: Path, limit: int | None) -> StoredObject:
    digest = hashlib.sha256()
    total = 0
    with path.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if limit is not None and total > limit:
                raise too_large(limit)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())
    return StoredObject(digest.hexdigest(), total)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def too_large(limit: int) -> InvalidRequest:
    """More bytes came than are accepted; every store says it alike."""
    return InvalidRequest(
        f"Tệp lớn hơn giới hạn {limit} byte. Hãy tách tệp hoặc quét ở 300 dpi.",
        f"The file exceeds the limit of {limit} bytes. Split it or scan at 300 dpi.",
        code="too_large",
        limit=limit,
    )


def altered(sha256: str, found: str) -> IntegrityFailure:
    """The bytes under a name are not those that were stored."""
    return IntegrityFailure(
        f"Tệp {sha256} trong kho không còn nguyên vẹn. Hãy khôi phục từ bản sao lưu.",
        f"The stored object {sha256} is not intact any more. Restore it from a backup.",
        sha256=sha256,
        found=found,
    )


def unknown(sha256: str) -> NotFound:
    """No such name; every store says it alike."""
    return NotFound(
        "Không có tệp này trong kho.", "There is no such object in the store.", sha256=sha256
    )


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MissingPart(
                f"Ổ đĩa của kho {root} đã đầy. Hãy giải phóng dung lượng rồi thử lại.",
                f"The disk of the store {root} is full. Free some space and try again.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT):
            raise MissingPart(
                f"Không ghi được vào kho {root}. Hãy kiểm tra đường dẫn và quyền ghi.",
                f"The store {root} cannot be written. Check the path and the right to write.",
            ) from error
        raise
