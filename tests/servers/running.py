"""Starting a server, waiting until it answers, stopping it whatever happens."""

import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "servers"
"""Where built and downloaded servers are kept, under names that carry their versions."""

TLS: Final = ssl.create_default_context()
"""For clients that call often: to read the trusted roots anew takes 20 ms of the processor."""


@dataclass
class Server:
    """A running server; ``log`` has all that it said."""

    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 60) -> None:
        """Start it and wait until it is ready; a second start after a kill is the same.

        Raises:
            RuntimeError: it ended or did not become ready, with the end of its log.
        """
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment}, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self.ready():
                return
            time.sleep(0.05)
        self.stop()
        said = self.log.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"{self.command[0]} did not become ready:\n{said}")

    def kill(self) -> None:
        """The power goes: no goodbye."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 15) -> None:
        """Ask it to end; after ``seconds`` it is made to."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()


def free_ports(count: int = 1) -> list[int]:
    """Ports of loopback that nobody listens on; all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
