"""Starting, killing and asking the real service as a stranger on the same machine would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers.running import TLS

ROOT = Path(__file__).resolve().parents[2]


Settings = Mapping[str, str]
"""Further ``SOHOA_…`` of a command's environment."""


def environment(home: Path, more: Settings | None = None) -> dict[str, str]:
    told = {**os.environ, "SOHOA_HOME": str(home), "OMP_THREAD_LIMIT": "1"}
    return {**told, **(more or {})}


def sohoa(
    home: Path, *words: str, check: bool = True, more: Settings | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        env=environment(home, more), cwd=ROOT, capture_output=True, text=True, check=check,
    )  # fmt: skip


def start(
    home: Path, log: Path, *words: str, more: Settings | None = None, inside: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """Start a command that keeps running; what it says goes to ``log``.

    ``inside``: words before the command, which put it elsewhere (a network of its own).
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            [*inside, sys.executable, "-m", "api.cli", *words],
            env=environment(home, more), cwd=ROOT, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip


def kill_9(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Service:
    """A service and how to talk to it."""

    process: subprocess.Popen[bytes]
    url: str
    home: Path

    def accounts(self) -> Mapping[str, Mapping[str, str]]:
        told: Mapping[str, Mapping[str, str]] = json.loads(
            (self.home / "demo-accounts.json").read_text(encoding="utf-8")
        )
        return told

    def client(self, who: str = "clerk") -> httpx.Client:
        token = self.accounts()[who]["token"]
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, verify=TLS
        )


def serve(
    home: Path, log: Path, port: int | None = None, workers: int = 2, more: Settings | None = None
) -> Service:
    """Start the service and wait until it answers."""
    port = port or free_port()
    process = start(home, log, "serve", "--port", str(port), "--workers", str(workers), more=more)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/healthz", timeout=5, verify=TLS).status_code == 200:
                return Service(process, url, home)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the service did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
