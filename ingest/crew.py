"""What a worker process has done and is doing: counted here, written to the catalogue by beats.

The counts have no names of people, papers or files: kinds of jobs, outcomes, engines, reasons.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from vocabulary.papers import PageReading

PAGES: Final = "pages"
JOBS: Final = "jobs"
SECONDS: Final = "seconds"
STOPPED: Final = "stopped"
SIGNING: Final = "signing_waits"


class Tally:
    """Counts of one worker process; safe for its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}
        self._busy = 0

    @property
    def busy(self) -> int:
        """Jobs at work now."""
        return self._busy

    def add(self, name: str, label: str, value: float = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts.setdefault(name, Counter())[label] += value  # type: ignore[assignment]

    def totals(self) -> dict[str, dict[str, float]]:
        """All counts since the start."""
        with self._lock:
            return {name: dict(labels) for name, labels in self._counts.items()}

    @contextmanager
    def at_work(self, kind: str) -> Iterator[None]:
        """A job is worked on inside the block; its seconds are counted."""
        began = time.monotonic()
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
            self.add(SECONDS, kind, time.monotonic() - began)

    def ended(self, kind: str, outcome: str) -> None:
        """A job came to an outcome: done, stopped, waits, again, lost, failed."""
        self.add(JOBS, f"{kind} {outcome}")

    def page(self, reading: PageReading) -> None:
        """A page was read and kept."""
        self.add(PAGES, engine_of(reading))


def engine_of(reading: PageReading) -> str:
    """The engine that read most words of the page; where nothing was read, why."""
    engines = Counter(word.engine for word in reading.words)
    return engines.most_common(1)[0][0] if engines else str(reading.source)
