"""Who holds a job: the name of a process that nobody else has, now or later."""

import hashlib
import os
import socket
from functools import cache
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE: Final = Path("/proc/self/ns/pid")


@cache
def this_host() -> str:
    """The name of everything that sees the same processes as this one.

    A host's own name is not enough: machines copied from one image and containers
    often share it, and whoever looked for a process of the other would find none and
    take a living worker's job away. After a restart of the machine it is another name,
    and jobs from before are freed when their lease ends.
    """
    seen = f"{_BOOT.read_text().strip()} {_NAMESPACE.readlink()}"
    return f"{socket.gethostname()}/{hashlib.sha256(seen.encode()).hexdigest()[:12]}"


def process_owner(pid: int | None = None) -> str:
    """The owner string ``host:pid:starttime`` of a process (default: this one)."""
    pid = os.getpid() if pid is None else pid
    return f"{this_host()}:{pid}:{_start_time(pid) or 0}"


def owner_is_dead(owner: str) -> bool:
    """Whether the process named by an owner string of this host is gone.

    The start time tells a process from a later one that was given the same pid.
    """
    _, pid, started = owner.rsplit(":", 2)
    return _start_time(int(pid)) != int(started)


def _start_time(pid: int) -> int | None:
    """Field 22 of /proc/PID/stat, ticks since boot; None for no process or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command, in parentheses, may hold spaces and parentheses itself.
    rest = stat.rpartition(")")[2].split()
    return None if rest[0] in "ZX" else int(rest[19])
