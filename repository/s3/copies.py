"""Local copies of stored objects: whole, checked, bounded, safe under readers.

Who borrows a copy gets a hard link of its own, so that clearing room, by whatever
process, never takes a file away from somebody who reads it.
"""

import contextlib
import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from repository.s3.outline import chunks


class LocalCopies:
    """Copies under ``folder``; those last used are kept up to ``most_bytes``."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self._kept = folder / "kept"
        self._lent = folder / "lent"
        self._most_bytes = most_bytes
        self._checked: set[str] = set()  # a copy from before may have met a power cut
        self._lock = threading.Lock()
        for one in (self._kept, self._lent):
            one.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(self._lent)

    @contextmanager
    def lend(self, sha256: str, fetch: Callable[[BinaryIO], None]) -> Iterator[Path]:
        """A path to the object's bytes while the context lasts.

        ``fetch`` writes them where there is no copy yet, and raises where they are not intact.
        """
        path = self._lent / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            if not self._take_kept(sha256, path):
                with path.open("xb") as file:
                    os.fchmod(file.fileno(), 0o400)
                    fetch(file)
                self._keep(sha256, path)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def forget(self, sha256: str) -> None:
        """Let go of a copy; who has borrowed it reads on."""
        with self._lock:
            self._checked.discard(sha256)
            (self._kept / sha256).unlink(missing_ok=True)

    def _take_kept(self, sha256: str, path: Path) -> bool:
        kept = self._kept / sha256
        try:
            path.hardlink_to(kept)
            os.utime(path)
        except FileNotFoundError:
            return False
        with self._lock:
            known = sha256 in self._checked
        if not known and _sha256_of(path) != sha256:
            path.unlink()
            kept.unlink(missing_ok=True)
            return False
        with self._lock:
            self._checked.add(sha256)
        return True

    def _keep(self, sha256: str, path: Path) -> None:
        """Best effort: a copy that is not kept is fetched again."""
        size = path.stat().st_size
        if size > self._most_bytes:
            return
        with self._lock, contextlib.suppress(OSError):
            (self._kept / sha256).hardlink_to(path)
            self._checked.add(sha256)
            self._make_room()

    def _make_room(self) -> None:
        held = sorted(
            ((entry.stat().st_mtime, entry.stat().st_size, entry) for entry in _files(self._kept)),
            key=lambda one: one[0],
        )
        total = sum(size for _, size, _ in held)
        for _, size, entry in held:
            if total <= self._most_bytes:
                return
            entry.unlink(missing_ok=True)
            self._checked.discard(entry.name)
            total -= size


def _sweep(lent: Path) -> None:
    """Remove what processes that are gone had borrowed."""
    for entry in _files(lent):
        pid = entry.name.partition("-")[0]
        if not Path(f"/proc/{pid}").exists():
            entry.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    """The files that are there, also while others remove some."""
    for entry in list(folder.iterdir()):
        if entry.is_file():
            yield entry


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in chunks(file):
            digest.update(chunk)
    return digest.hexdigest()
