"""What every test may use, and the notice about the real documents of the shared samples."""

import gc
import os
import signal
from pathlib import Path

import pytest

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"

pytest_plugins = [
    "tests.judges.fixtures",
    "tests.servers.elasticsearch",
    "tests.servers.postgresql",
    "tests.servers.catalogues",  # after what it imports
    "tests.servers.s3",
    "tests.servers.engines",
]


def pytest_configure() -> None:
    """Ctrl-C is heard here and by what is started: a shell has its background groups ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no search for garbage and no forked child goes through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 100)


def pytest_report_header() -> str:
    """Say whether the tests on real documents run."""
    if SAMPLES.is_dir():
        return f"real documents: tests on ../shared/samples run ({SAMPLES.name} found)"
    return "real documents: ../shared/samples is not there, so the tests on them do NOT run"


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's top folder."""
    return ROOT
