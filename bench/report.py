"""What a measurement prints: tables, and which of the set targets hold."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rich.console import Console
from rich.table import Table as RichTable

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first columns are words, the others figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is held against a limit; ``most`` or ``least`` says on which side."""

    what: str
    limit: float
    got: float
    side: Literal["most", "least"]

    @property
    def holds(self) -> bool:
        return self.got <= self.limit if self.side == "most" else self.got >= self.limit


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a measurement. ``remarks``: what was not measured and why, lists of errors."""

    name: str
    tables: tuple[Table, ...] = ()
    targets: tuple[Target, ...] = ()
    remarks: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        targets = [{**asdict(target), "holds": target.holds} for target in self.targets]
        return {**asdict(self), "targets": targets}


def say(line: str) -> None:
    """Progress, apart from the figures."""
    print(f"bench: {line}", file=sys.stderr, flush=True)


def show(section: Section) -> None:
    """Print a section's tables and remarks."""
    console = Console(width=max(shutil.get_terminal_size().columns, 132))
    for table in section.tables:
        drawn = RichTable(title=table.title, title_justify="left")
        for place, head in enumerate(table.heads):
            words = all(isinstance(row[place], str) for row in table.rows)
            drawn.add_column(head, justify="left" if words else "right")
        for row in table.rows:
            drawn.add_row(*(_text(cell) for cell in row))
        console.print(drawn)
    for remark in section.remarks:
        console.print(remark, markup=False, highlight=False)


def show_targets(sections: Sequence[Section]) -> None:
    """Print what was to be shown and what was got."""
    drawn = RichTable(title="Targets", title_justify="left")
    for head in ("part", "what", "wanted", "got", ""):
        drawn.add_column(head, justify="right" if head in ("wanted", "got") else "left")
    for section in sections:
        for target in section.targets:
            sign = "<=" if target.side == "most" else ">="
            drawn.add_row(section.name, target.what, f"{sign} {target.limit:g}",
                          f"{target.got:.3f}".rstrip("0").rstrip("."),
                          "holds" if target.holds else "MISSED")  # fmt: skip
    Console(width=max(shutil.get_terminal_size().columns, 132)).print(drawn)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
