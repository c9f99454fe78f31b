"""Where things of a PDF page stand on the page as shown.

User space has its origin bottom left of the boxes and knows nothing of
/Rotate and /UserUnit; everything that leaves this package is in points of the
page as shown, origin top left.
"""

from dataclasses import dataclass

import numpy as np

from ocr.ports import Matrix
from vocabulary.papers import Box


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The visible part of a page.

    ``box``: left, bottom, right, top in user space; ``turn``: /Rotate, degrees
    clockwise; ``unit``: /UserUnit, points a user space unit.
    """

    box: tuple[float, float, float, float]
    turn: int
    unit: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        left, bottom, right, top = self.box
        wide, high = (right - left) * self.unit, (top - bottom) * self.unit
        return (high, wide) if self.turn in (90, 270) else (wide, high)

    @property
    def to_shown(self) -> Matrix:
        """User space to points of the page as shown."""
        left, bottom, right, top = self.box
        rows = {
            0: ((1, 0, -left), (0, -1, top)),
            90: ((0, 1, -bottom), (1, 0, -left)),
            180: ((-1, 0, right), (0, 1, -bottom)),
            270: ((0, -1, top), (-1, 0, right)),
        }[self.turn]
        matrix = np.array([*rows, (0, 0, 1)], dtype=np.float64)
        return np.diag([self.unit, self.unit, 1.0]) @ matrix

    def shown_box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of user space as shown."""
        return box_through(self.to_shown, (left, bottom, right, top))


def box_through(matrix: Matrix, box: tuple[float, float, float, float]) -> Box:
    """The smallest upright box around the image of a box under a map."""
    x0, y0, x1, y1 = box
    corners = matrix @ np.array([[x0, x1, x0, x1], [y0, y0, y1, y1], [1.0] * 4])
    xs, ys = corners[0] / corners[2], corners[1] / corners[2]
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def point_through(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """The image of a point under a map."""
    mapped = matrix @ np.array([x, y, 1.0])
    return float(mapped[0] / mapped[2]), float(mapped[1] / mapped[2])


def turning(width: float, height: float, turn: int) -> Matrix:
    """Turns a page of a given size clockwise by 0, 90, 180 or 270 degrees, origin kept top left."""
    rows = {
        0: ((1, 0, 0), (0, 1, 0)),
        90: ((0, -1, height), (1, 0, 0)),
        180: ((-1, 0, width), (0, -1, height)),
        270: ((0, 1, 0), (-1, 0, width)),
    }[turn % 360]
    return np.array([*rows, (0, 0, 1)], dtype=np.float64)
