"""What a command costs: CPU of its whole process tree, wall time, memory.

The measuring process makes itself the reaper of orphans (Linux
``PR_SET_CHILD_SUBREAPER``), so that the CPU of processes whose parent went away
counts, too: nobody looks cheap by leaving work behind.
"""

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU (user and system) and of wall time; memory in MiB.

    ``largest_mib``: peak resident size of the largest process; ``tree_mib``: of the sum
    over the tree, shared pages counted for each. Both sampled ten times a second: the
    kernel's ``ru_maxrss`` of a child begins with the size of the process that forked it.
    """

    exit_code: int
    user_s: float
    system_s: float
    wall_s: float
    largest_mib: float
    tree_mib: float

    @property
    def cpu_s(self) -> float:
        return self.user_s + self.system_s


def _parents() -> Iterator[tuple[int, int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                after_name = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                yield int(entry.name), int(after_name[1]), int(after_name[21]) * _PAGE_KIB


def _tree_kib(root: int) -> tuple[int, int]:
    """Resident KiB of the largest process at or below ``root``, and of all of them."""
    table = list(_parents())
    members = {root}
    grew = True
    while grew:
        below = {pid for pid, parent, _ in table if parent in members} - members
        members |= below
        grew = bool(below)
    sizes = [rss for pid, _, rss in table if pid in members]
    return max(sizes, default=0), sum(sizes)


def measure(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command to its end; its output goes to ``log``."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    done = threading.Event()
    peak = (0, 0)

    def watch(root: int) -> None:
        nonlocal peak
        while not done.wait(0.1):
            largest, whole = _tree_kib(root)
            peak = max(peak[0], largest), max(peak[1], whole)

    begin = time.monotonic()
    with log.open("wb") as out:
        child = subprocess.Popen(  # waited for by os.wait4 below, not by Popen
            [str(part) for part in command], stdout=out, stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
        )  # fmt: skip
        watcher = threading.Thread(target=watch, args=(child.pid,), daemon=True)
        watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begin
        done.set()
        watcher.join()
        child.returncode = os.waitstatus_to_exitcode(status)
    user, system = usage.ru_utime, usage.ru_stime
    for orphan in _orphans():
        user, system = user + orphan.ru_utime, system + orphan.ru_stime
    return Cost(child.returncode, user, system, wall, peak[0] / 1024, peak[1] / 1024)


def _orphans() -> Iterator[resource.struct_rusage]:
    """Costs of processes whose parent went away; waits ten seconds for those still running."""
    patience = time.monotonic() + 10
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            if time.monotonic() > patience:
                return
            time.sleep(0.05)
            continue
        yield usage
