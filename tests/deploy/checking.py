"""The checker of deployment files (checker/main.go), built once and kept by its sources."""

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.servers.go_programs import _go
from tests.servers.running import CACHE

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).parent / "checker"


@cache
def program() -> Path:
    """The program, built if need be (two minutes of processor time, once).

    Raises:
        RuntimeError: it could not be built, with the end of what the compiler said.
    """
    names = ("go.mod", "go.sum", "main.go")
    version = hashlib.sha256(b"".join((SOURCES / one).read_bytes() for one in names)).hexdigest()
    built = CACHE / f"checker-{version[:16]}" / "checker"
    if built.exists():
        return built
    part = built.parent.with_name(f"{built.parent.name}.part{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    environment = {
        **os.environ, "GOFLAGS": "-buildvcs=false -p=2 -mod=readonly", "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }  # fmt: skip
    command = ["nice", _go(), "build", "-trimpath", "-ldflags=-s -w", "-o", str(part / "checker")]
    done = subprocess.run(
        [*command, "."], cwd=SOURCES, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            "the checker of deployment files could not be built; the Go module proxy must be "
            f"reachable once:\n{done.stderr[-3000:]}"
        )
    if not built.parent.exists():
        part.rename(built.parent)
    return built


def check(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one check; what was rendered stands in ``stdout``, what is wrong in ``stderr``."""
    return subprocess.run(
        [str(program()), *map(str, words)], capture_output=True, text=True, check=False
    )
