"""An office on the servers and its worker hosts: processes with data folders of their own.

The hosts share what hosts share in life: the catalogue, the store, the index, the audit
key and the office's keys. Everything else each has for itself.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.settings import Settings
from api.wiring import open_house
from demo.office import MARKER
from ingest.house import House
from tests.faults.service import kill_9, sohoa, start
from tests.servers.engines import Engines, as_environment

LEASE_SECONDS = 10
"""The shortest there is: nobody wants to wait a minute for a dead host in a test."""


@dataclass(frozen=True)
class Host:
    """A worker host that runs."""

    name: str
    home: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def owner(self) -> str:
        """What its name in the catalogue ends with, but for its start time."""
        return f":{self.process.pid}:"

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def kill(self) -> None:
        kill_9(self.process)

    def end(self, seconds: float = 60) -> int:
        """SIGTERM, and the exit code when it has ended by itself."""
        self.process.terminate()
        return self.process.wait(seconds)


class Department:
    """Hosts of one office; ``engines`` are its servers."""

    def __init__(self, folder: Path, engines: Engines) -> None:
        self.folder = folder
        self.desk = folder / "desk"
        key = folder / "audit.key"
        key.write_bytes(b"the same secret on every host")
        self.engines: Engines = {
            **engines, "audit_key_file": key, "lease_seconds": LEASE_SECONDS, "workers": 1,
        }  # fmt: skip
        self.more = as_environment(self.engines)
        self.started: list[Host] = []
        sohoa(self.desk, "demo", "office", more=self.more)

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command at the desk to its end."""
        return sohoa(self.desk, *words, more=self.more, check=check)

    def home(self, name: str) -> Path:
        """A new host's data folder: the office's keys are brought to it, nothing else."""
        home = self.folder / name
        home.mkdir()
        shutil.copytree(self.desk / "keys", home / "keys")
        shutil.copy(self.desk / MARKER, home)
        return home

    def host(self, name: str, inside: Sequence[str] = (), **settings: object) -> Host:
        """Add a host."""
        return self.worker(self.home(name), name, 1, inside, **settings)

    def worker(
        self, home: Path, name: str, at_a_time: int, inside: Sequence[str] = (), **settings: object
    ) -> Host:
        """A worker on a data folder, with so many papers at a time."""
        log = self.folder / f"{name}.log"
        more = {**self.more, **as_environment(settings)}
        words = ("worker", "--concurrency", str(at_a_time))
        made = Host(name, home, log, start(home, log, *words, more=more, inside=inside))
        self.started.append(made)
        return made

    @contextmanager
    def house(self) -> Iterator[House]:
        """The desk's own view of the office."""
        settings: dict[str, Any] = {"home": self.desk, **self.engines}
        with open_house(Settings(**settings)) as house:
            yield house

    def close(self) -> None:
        for host in self.started:
            if host.process.poll() is None:
                kill_9(host.process)


@contextmanager
def department(folder: Path, engines: Engines) -> Iterator[Department]:
    """An office whose hosts are gone when the block ends."""
    made = Department(folder, engines)
    try:
        yield made
    finally:
        made.close()
