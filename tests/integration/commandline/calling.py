"""Calling the command line in this process: the same entry as the installed program's."""

import io
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a command has said, and its exit code."""

    code: int
    out: str
    err: str

    def records(self) -> list[dict[str, Any]]:
        """Stdout of ``--json``: every line one JSON object, nothing else."""
        found = [json.loads(line) for line in self.out.splitlines()]
        assert all(isinstance(one, dict) for one in found)
        return found

    def complains(self, code: int, vietnamese: str, english: str) -> None:
        """It ended with ``code`` and one sentence in each language, and no traceback."""
        assert self.code == code, self
        assert "Traceback" not in self.err
        lines = [line.strip() for line in self.err.splitlines()]
        assert len(lines) == 2, self.err
        assert lines[0].startswith("sohoa: ")
        assert vietnamese in lines[0]
        assert english in lines[1]


def sohoa(*words: object, home: Path | None = None, typed: str = "", **settings: object) -> Answer:
    """Run ``sohoa WORDS``; settings are given as ``ocr_engine="own"`` for ``SOHOA_OCR_ENGINE``."""
    wanted = {f"SOHOA_{name.upper()}": str(value) for name, value in settings.items()}
    if home is not None:
        wanted["SOHOA_HOME"] = str(home)
    out, err = io.StringIO(), io.StringIO()
    with (
        _environment(wanted),
        _calling([str(word) for word in words], typed),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Answer(code, out.getvalue(), err.getvalue())


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("SOHOA_")]:
        del os.environ[name]
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _calling(words: list[str], typed: str) -> Iterator[None]:
    """The command's words and keyboard; its signal handlers do not outlive it."""
    argv, stdin = sys.argv, sys.stdin
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    sys.argv, sys.stdin = ["sohoa", *words], io.StringIO(typed)
    try:
        yield
    finally:
        sys.argv, sys.stdin = argv, stdin
        for number, handler in handlers.items():
            signal.signal(number, handler)
