"""What goes to stdout (results) and to stderr (progress, complaints)."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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


@contextmanager
def progress(total: int, what: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing otherwise."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=stderr,
        disable=not stderr.is_terminal,
    )
    with bar:
        bar.add_task(what, total=total)
        yield bar


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Tells a bar on a terminal how many of how many are done; nothing otherwise."""
    with progress(0, what) as bar:

        def told(done: int, total: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=total)

        yield told
