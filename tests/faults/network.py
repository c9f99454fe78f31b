"""A host that reaches this machine over two cables of its own, one of which can be pulled.

A network namespace with two pairs of virtual devices: the database is at the far end of
one, everything else at the far end of the other. Where namespaces are not to be had the
host is an ordinary process, and a proxy that falls silent stands for the pulled cable.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from tests.servers.troubled_way import troubled_way

DATABASE: Final = "10.213.77.1"
OTHERS: Final = "10.213.78.1"


class Cable(Protocol):
    """The way to the database. ``inside``: words that put a command on its other end."""

    inside: Sequence[str]

    def pull(self) -> None: ...
    def plug_in(self) -> None: ...


@dataclass
class Namespace:
    """Cables to a network namespace."""

    inside: Sequence[str]
    device: str

    def pull(self) -> None:
        """Nothing arrives any more, and nobody is told so."""
        _ip("link", "set", self.device, "down")

    def plug_in(self) -> None:
        _ip("link", "set", self.device, "up")


@contextmanager
def namespace() -> Iterator[Namespace | None]:
    """A network of its own, None where there is none to be had."""
    holder = subprocess.Popen(
        ["unshare", "-n", "sh", "-c", "echo ready; exec sleep 3600"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    try:
        there = holder.stdout.readline() == "ready\n"
        yield _connected(holder.pid) if there and os.geteuid() == 0 else None
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
        for device in _devices(holder.pid):  # they go with the namespace, but not at once
            subprocess.run(["ip", "link", "del", device], capture_output=True, check=False)


def _devices(pid: int) -> tuple[str, str]:
    return f"db{pid}", f"oth{pid}"


def _connected(pid: int) -> Namespace | None:
    inside = ("nsenter", "-t", str(pid), "-n", "--")
    try:
        _ip("link", "set", "lo", "up", inside=inside)
        for device, here in zip(_devices(pid), (DATABASE, OTHERS), strict=True):
            far = f"{device}x"
            _ip("link", "add", device, "type", "veth", "peer", "name", far)
            _ip("link", "set", far, "netns", str(pid))
            _ip("addr", "add", f"{here}/24", "dev", device)
            _ip("link", "set", device, "up")
            there = f"{here.rpartition('.')[0]}.2/24"
            _ip("addr", "add", there, "dev", far, inside=inside)
            _ip("link", "set", far, "up", inside=inside)
    except (OSError, subprocess.CalledProcessError):
        return None
    return Namespace(inside, _devices(pid)[0])


def _ip(*words: str, inside: Sequence[str] = ()) -> None:
    subprocess.run([*inside, "ip", *words], check=True, capture_output=True)


@dataclass
class SilentProxy:
    """What stands for the cable elsewhere."""

    way: object
    inside: Sequence[str] = ()

    def pull(self) -> None:
        self.way.silent = True  # type: ignore[attr-defined]

    def plug_in(self) -> None:
        self.way.silent = False  # type: ignore[attr-defined]


@contextmanager
def way_to(port: int, found: Namespace | None) -> Iterator[str]:
    """Where the far host finds what listens on that port of loopback: host:port."""
    if found is None:
        yield f"127.0.0.1:{port}"
        return
    with troubled_way(port, host=OTHERS) as way:
        yield way.address.partition("//")[2]


@contextmanager
def cable_to(port: int, found: Namespace | None) -> Iterator[tuple[Cable, str]]:
    """The cable to the database on that port, and where the far host finds it: host:port."""
    if found is not None:
        yield found, f"{DATABASE}:{port}"
        return
    with troubled_way(port) as way:
        yield SilentProxy(way), way.address.partition("//")[2]
