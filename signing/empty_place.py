"""Finding a place on a page where a stamp covers nothing.

All places of a stamp of one size are looked at together: the page is laid out in cells, and
sums over rectangles of cells come from one table of running sums.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vocabulary.papers import Box

_MOST_CELLS: Final = 2000
"""Along a side; a cell is a point on pages of ordinary size."""
CLEAR: Final = 1.0
"""Points kept free around a stamp."""

Counts = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ground:
    """What of a page is taken: running sums of taken cells, and points a cell."""

    sums: Counts
    cell: float
    width: float
    height: float

    @classmethod
    def of(cls, width: float, height: float, taken: Sequence[Box]) -> "Ground":
        """The ground of a page of that size (points) with these boxes taken."""
        cell = max(1.0, max(width, height) / _MOST_CELLS)
        cells = np.zeros((math.ceil(height / cell), math.ceil(width / cell)), np.int32)
        for box in taken:
            left, top = max(0, int(box.x0 / cell)), max(0, int(box.y0 / cell))
            right, bottom = math.ceil(box.x1 / cell), math.ceil(box.y1 / cell)
            cells[top : max(bottom, 0), left : max(right, 0)] = 1
        sums = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), np.int32)
        np.cumsum(cells, 0, out=sums[1:, 1:])
        np.cumsum(sums[1:, 1:], 1, out=sums[1:, 1:])
        return cls(sums, cell, width, height)

    def covered(self, lefts: Any, tops: Any, size: tuple[float, float]) -> Counts:
        """Taken cells under a box of that size at each top (rows) and left (columns)."""
        lefts, tops = np.atleast_1d(lefts), np.atleast_1d(tops)
        x0, x1 = self._cells(lefts, size[0], self.sums.shape[1] - 1)
        y0, y1 = self._cells(tops, size[1], self.sums.shape[0] - 1)
        sums = self.sums
        found: Counts = (
            sums[np.ix_(y1, x1)] - sums[np.ix_(y0, x1)]
            - sums[np.ix_(y1, x0)] + sums[np.ix_(y0, x0)]
        )  # fmt: skip
        return found

    def _cells(self, starts: Any, length: float, most: int) -> tuple[Any, Any]:
        first = np.floor((starts - CLEAR) / self.cell).clip(0, most).astype(int)
        last = np.ceil((starts + length + CLEAR) / self.cell).clip(0, most).astype(int)
        return first, last

    def nearest_empty(
        self, corner: tuple[float, float], size: tuple[float, float], within: Box
    ) -> Box | None:
        """The empty place within a part of the page that is nearest to the corner's place.

        Args:
            corner: left and top of the box where it belongs.
            size: its width and height.
            within: where it may stand.
        """
        lefts = _steps(within.x0, within.x1 - size[0], corner[0])
        tops = _steps(within.y0, within.y1 - size[1], corner[1])
        if not len(lefts) or not len(tops):
            return None
        empty = self.covered(lefts, tops, size) == 0
        if not empty.any():
            return None
        far = np.hypot(tops[:, None] - corner[1], lefts[None, :] - corner[0])
        row, column = np.unravel_index(np.where(empty, far, np.inf).argmin(), far.shape)
        left, top = float(lefts[column]), float(tops[row])
        return Box(left, top, left + size[0], top + size[1])


def _steps(first: float, last: float, through: float) -> npt.NDArray[np.float64]:
    """Places two points apart (or more on huge pages), among them ``through``."""
    if last < first:
        return np.empty(0)
    step = max(2.0, (last - first) / _MOST_CELLS)
    places = np.arange(first, last + 1e-6, step)
    if first <= through <= last:
        places = np.unique(np.append(places, through))
    return places
