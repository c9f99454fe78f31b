"""What goes to stdout (results) and to stderr (progress, complaints)."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from vocabulary.errors import SohoaError

stderr = Console(stderr=True, soft_wrap=True, highlight=False)


def emit(record: Any) -> None:
    """One JSON object on one line of stdout, and nothing else there."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(line: str) -> None:
    """One plain line of stdout, for people."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(error: SohoaError) -> None:
    """The error in both languages on stderr, Vietnamese first."""
    note = error.detail.get("note")
    stderr.print(f"sohoa: {error.vi}", markup=False)
    stderr.print(f"       {error.en}{f' ({note})' if note else ''}", style="dim", markup=False)


class _Rate(ProgressColumn):
    """How many a second; the end time beside it follows from it."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s")


_LINE_EVERY_S: Final = 30.0


class _Lines(Progress):
    """Where no terminal is (a night's import under cron): a line on stderr now and then."""

    def __init__(self, *columns: ProgressColumn, console: Console) -> None:
        super().__init__(*columns, console=console, disable=not console.is_terminal)
        self._began = self._told = time.monotonic()

    def update(self, *given: Any, **named: Any) -> None:
        super().update(*given, **named)
        self._tell()

    def advance(self, *given: Any, **named: Any) -> None:
        super().advance(*given, **named)
        self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if self.console.is_terminal or now - self._told < _LINE_EVERY_S:
            return
        self._told = now
        [task] = self.tasks
        self.console.print(line_of(task, now - self._began), markup=False)


def line_of(task: Task, seconds: float) -> str:
    """How far, how fast, how long still, of what took ``seconds`` so far."""
    done, total = int(task.completed), int(task.total or 0)
    rate = done / seconds
    left = "" if not rate or not total else f", còn khoảng {_span((total - done) / rate)}"
    return f"{task.description}: {done}/{total}, {rate:.1f}/s{left}"


def _span(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"


@contextmanager
def progress(total: int, what: str) -> Iterator[Progress]:
    """A progress bar on a terminal; elsewhere a line on stderr every half minute."""
    bar = _Lines(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=stderr,
    )
    with bar:
        bar.add_task(what, total=total)
        yield bar


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Tells :func:`progress` how many of how many are done."""
    with progress(0, what) as bar:

        def told(done: int, total: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=total)

        yield told
