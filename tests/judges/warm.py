"""A judge that stays warm: one JVM for a whole test run, one JSON line an answer.

A JVM start costs 1 to 3 seconds, a warm verdict 10 to 300 milliseconds.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.judges.build import class_path

Pairs = Iterable[tuple[str, str]]


class WarmJudge:
    """A running judge; ``main`` is its Java main class."""

    def __init__(self, main: str, log: Path) -> None:
        self._log = log.open("wb")
        command = ["java", "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += ["-Djava.awt.headless=true", "-cp", class_path(), main]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )

    def ask(self, pairs: Pairs) -> dict[str, Any]:
        """One request, one answer; an answer with ``error`` raises."""
        request = [f"{key}={value}" for key, value in pairs]
        if any(mark in pair for pair in request for mark in "\t\n"):
            raise ValueError("a request holds neither tabs nor line breaks")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\t".join(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            said = Path(self._log.name).read_text(errors="replace")[-3000:]
            raise RuntimeError(f"the judge ended: {said}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Ends the JVM."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=20)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()
