"""Which cell of a ruled table a line stands in, by the rules around it.

No grid is rebuilt: a line's cell is told by the nearest rule on each of its
sides that reaches past it. So merged cells, tables in tables and frames need
no cases of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ocr.ports import CleanPage, PixelBox

_EM_PT: Final = 13.0
_SAME_EM: Final = 0.3  # rules no farther apart than this are one
_JOINED_EM: Final = 1.5  # letters and stamps tear gaps of this width into a rule
_PAST_EM: Final = 0.3
_OPEN: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Cell:
    """Sides in pixels of the cleaned page; endless where an outer rule is not drawn."""

    top: float
    left: float
    bottom: float
    right: float


@dataclass(frozen=True, slots=True)
class _Rule:
    """``at``: across its direction; ``start`` and ``end``: along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of a page."""

    across: tuple[_Rule, ...]
    down: tuple[_Rule, ...]
    past: float

    def cell(self, box: PixelBox) -> Cell | None:
        """The cell around a box's middle; None outside tables."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        above, below = _beside(self.across, y, x, self.past)
        left, right = _beside(self.down, x, y, self.past)
        if above is None or below is None or (left is None and right is None):
            return None
        return Cell(
            above, -_OPEN if left is None else left, below, _OPEN if right is None else right
        )


def ruling_of(page: CleanPage) -> Ruling:
    """The rules that were taken off a page, torn ones whole again."""
    em = _EM_PT * page.dpi / 72
    across = (_Rule((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in page.across)
    down = (_Rule(rule.x, rule.top, rule.bottom) for rule in page.rules)
    return Ruling(_whole(across, em), _whole(down, em), _PAST_EM * em)


def tables(cells: Sequence[Cell | None]) -> list[list[int]]:
    """Places of the lines of each table, from top to bottom; lines outside are in none."""
    inside = sorted(
        (place for place, cell in enumerate(cells) if cell is not None),
        key=lambda place: _top(cells[place]),
    )
    found: list[list[int]] = []
    reach = -_OPEN
    for place in inside:
        cell = cells[place]
        assert cell is not None
        if not found or cell.top > reach:
            found.append([])
        found[-1].append(place)
        reach = max(reach, cell.bottom)
    return found


def cell_by_cell(table: Sequence[int], cells: Sequence[Cell | None]) -> list[list[int]]:
    """The lines of a table in groups, one a cell, rows from top to bottom."""
    ordered = sorted(table, key=lambda place: _key(cells[place]))
    return [list(group) for _, group in groupby(ordered, key=lambda place: _key(cells[place]))]


def _key(cell: Cell | None) -> tuple[float, float, float, float]:
    assert cell is not None
    return cell.top, cell.left, cell.bottom, cell.right


def _top(cell: Cell | None) -> float:
    return _OPEN if cell is None else cell.top


def _whole(rules: Iterable[_Rule], em: float) -> tuple[_Rule, ...]:
    """Rules on one line put on it exactly, those that only a gap parts joined."""
    lines: list[list[_Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= _SAME_EM * em:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    whole: list[_Rule] = []
    for line in lines:
        at = line[0].at
        start, end = None, 0.0
        for rule in sorted(line, key=lambda rule: rule.start):
            if start is not None and rule.start - end > _JOINED_EM * em:
                whole.append(_Rule(at, start, end))
                start = None
            if start is None:
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        if start is not None:
            whole.append(_Rule(at, start, end))
    return tuple(whole)


def _beside(
    rules: Sequence[_Rule], at: float, along: float, past: float
) -> tuple[float | None, float | None]:
    """The nearest rule before and the nearest behind a point."""
    reaching = [r.at for r in rules if r.start - past <= along <= r.end + past]
    before = max((place for place in reaching if place <= at), default=None)
    behind = min((place for place in reaching if place > at), default=None)
    return before, behind
