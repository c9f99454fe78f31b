"""A disk of a few kilobytes, seen by the commands that run on it and by nobody else.

A tmpfs in a mount namespace of its own, which root may make, and others where
user namespaces are allowed. Elsewhere a limit on the size of files stands for
it: writes fail at the same places, if with another word of the system.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.faults.service import ROOT
from tests.integration.commandline.calling import Answer

_HOLD = """
mount -t tmpfs -o size={kib}k none {folder} && echo ready
while read size; do mount -o remount,size=$size {folder} && echo done; done
"""


class SmallDisk(Protocol):
    """``folder`` is the disk for the commands that ``run`` starts."""

    folder: Path

    def run(self, *words: object, **environment: object) -> Answer: ...
    def files(self) -> dict[str, int]:
        """Names (below ``folder``) and sizes of all files on it."""
        ...

    def room(self, kib: int) -> None:
        """Leave so much room beside what is on it."""
        ...


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[SmallDisk]:
    """A disk of ``kib`` KiB on ``folder``."""
    folder.mkdir()
    user = [] if os.geteuid() == 0 else ["-r"]
    holder = subprocess.Popen(
        ["unshare", *user, "-m", "sh", "-c", _HOLD.format(kib=kib, folder=f"'{folder}'")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if holder.stdout.readline() == "ready\n":
            yield _Namespace(folder, holder)
        else:
            yield _Limited(folder, kib)
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


class _Namespace:
    def __init__(self, folder: Path, holder: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self._holder = holder
        self._seen = Path(f"/proc/{holder.pid}/root{folder}")

    def run(self, *words: object, **environment: object) -> Answer:
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        enter = ["nsenter", "-t", str(self._holder.pid), *user, "-m", "--"]
        return _run([*enter, sys.executable, "-m", "api.cli", *map(str, words)], environment)

    def files(self) -> dict[str, int]:
        return _files(self._seen)

    def room(self, kib: int) -> None:
        used = os.statvfs(self._seen)
        blocks = used.f_blocks - used.f_bfree
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.write(f"{blocks * used.f_frsize // 1024 + kib}k\n")
        self._holder.stdin.flush()
        assert self._holder.stdout.readline() == "done\n"


class _Limited:
    def __init__(self, folder: Path, kib: int) -> None:
        self.folder = folder
        self._kib = kib

    def run(self, *words: object, **environment: object) -> Answer:
        limit = f"--fsize={self._kib * 1024}:unlimited"
        command = ["prlimit", limit, sys.executable, "-m", "api.cli", *map(str, words)]
        return _run(command, environment)

    def files(self) -> dict[str, int]:
        return _files(self.folder)

    def room(self, kib: int) -> None:
        largest = max(self.files().values(), default=0)
        self._kib = largest // 1024 + kib


def _files(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _run(command: list[str], environment: dict[str, object]) -> Answer:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **{k: str(v) for k, v in environment.items()}},
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)
