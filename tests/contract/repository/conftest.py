"""Child processes that are gone when the test ends."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
Child = subprocess.Popen[bytes]


@pytest.fixture
def start_child() -> Iterator[Callable[..., Child]]:
    """Starts ``children.py``; whatever still runs at the end is killed."""
    started: list[Child] = []

    def start(*arguments: object) -> Child:
        command = [sys.executable, "-m", "tests.contract.repository.children"]
        child = subprocess.Popen([*command, *map(str, arguments)], cwd=ROOT, stdin=subprocess.PIPE)
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture
def wait_for() -> Callable[[Path], str]:
    """Waits until a file has something in it."""

    def wait(path: Path) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if path.exists() and path.stat().st_size:
                return path.read_text()
            time.sleep(0.01)
        raise AssertionError(f"nothing came in {path.name}")

    return wait
