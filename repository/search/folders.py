"""Generations of the embedded index: folders, the one in use, the one that is being filled.

Writers of all processes line up at a file lock. ``current`` names the generation
in use and is replaced whole; ``next`` names the one that is being filled, and
counts only while its maker holds ``rebuild.lock``: a killed rebuild leaves nothing
that anybody must clean up.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from repository.search.tantivy_form import schema
from vocabulary.errors import Conflict

_FIRST = "g1"


class Folders:
    """The generations under one folder.

    Raises:
        OSError: the folder cannot be made or written.
        ValueError: a generation in it is unreadable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)
        with self.writing():
            if not (path / "current").exists():
                self._name("current", _FIRST)
            self.open(self.current())

    def current(self) -> Path:
        """The generation that is searched."""
        return self._path / (self._path / "current").read_text()

    def written(self) -> list[Path]:
        """The generations that a writer must write to, the searched one first."""
        found = [self.current()]
        pointer = self._path / "next"
        if pointer.exists() and self._being_filled():
            found.append(self._path / pointer.read_text())
        return found

    def state(self) -> tuple[object, ...]:
        """Changes with every commit and every new generation: the engine replaces meta.json."""
        current = self.current()
        stat = (current / "meta.json").stat()
        return current.name, stat.st_ino, stat.st_mtime_ns, stat.st_size

    @staticmethod
    def open(generation: Path) -> tantivy.Index:
        """Opens or makes a generation."""
        generation.mkdir(exist_ok=True)
        index = tantivy.Index(schema(), path=str(generation))
        index.config_reader("manual")
        return index

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The place at the head of the line of all writers, in this process and others."""
        handle = os.open(self._path / "writers.lock", os.O_CREAT | os.O_RDWR, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """A new generation, which becomes the one in use when the context ends well.

        Raises:
            Conflict: somebody else is filling one (code ``search_rebuilt_elsewhere``).
        """
        handle = os.open(self._path / "rebuild.lock", os.O_CREAT | os.O_RDWR, 0o640)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _at_work() from None
            yield from self._fill()
        finally:
            os.close(handle)

    def _fill(self) -> Iterator[Path]:
        with self.writing():
            self._sweep()
            made = self._path / f"g{int(self.current().name[1:]) + 1}"
            self.open(made)
            self._name("next", made.name)
        done = False
        try:
            yield made
            done = True
        finally:
            with self.writing():
                if done:
                    self._name("current", made.name)
                self._sweep()

    def _sweep(self) -> None:
        """Removes every generation but the one in use; whoever reads one still can go on."""
        (self._path / "next").unlink(missing_ok=True)
        kept = self.current()
        for one in self._path.glob("g[0-9]*"):
            if one != kept:
                shutil.rmtree(one, ignore_errors=True)

    def _being_filled(self) -> bool:
        handle = os.open(self._path / "rebuild.lock", os.O_CREAT | os.O_RDWR, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def _name(self, pointer: str, generation: str) -> None:
        """Replaces a pointer whole, on stable storage."""
        new = self._path / f"{pointer}.new"
        with new.open("w") as out:
            out.write(generation)
            out.flush()
            os.fsync(out.fileno())
        new.rename(self._path / pointer)
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _at_work() -> Conflict:
    return Conflict(
        "Chỉ mục đang được dựng lại. Hãy chờ xong rồi thử lại.",
        "The index is being rebuilt already. Wait until that is done.",
        code="search_rebuilt_elsewhere",
    )
