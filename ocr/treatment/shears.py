"""Levelling a page that leans little by two shears: columns up or down, then rows left or right.

Each stretch of columns or rows is moved as a whole, by quarters of a pixel: a convolution by four
values, at a third of the cost of looking at sixteen pixels for each and as sharp (two of the
three shears of Paeth, A Fast Algorithm for General Raster Rotation, 1986; the third matters only
where a page leans much).
"""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ports import Matrix, Pixels

_PARTS: Final = 4
_BEND: Final = -0.75  # as OpenCV's cubic interpolation


def levelled(grey: Pixels, angle: float) -> tuple[Pixels, Matrix]:
    """The page turned counter-clockwise about its middle, and the map of pixel edges to it.

    Args:
        grey: the page.
        angle: degrees, small: lengths change by its sine squared.
    """
    high, wide = grey.shape
    slope = float(np.tan(np.radians(angle)))
    columns = slope * (wide / 2 - 0.5 - np.arange(wide))
    rows = slope * (np.arange(high) + 0.5 - high / 2)
    shifted = cv2.transpose(_sheared(cv2.transpose(grey), columns))
    done = _sheared(shifted, rows)
    middle = np.array([[1, 0, wide / 2], [0, 1, high / 2], [0, 0, 1]])
    upright = np.array([[1, 0, 0], [-slope, 1, 0], [0, 0, 1]])
    level = np.array([[1, slope, 0], [0, 1, 0], [0, 0, 1]])
    return done, middle @ level @ upright @ np.linalg.inv(middle)


def _sheared(grey: Pixels, shifts: npt.NDArray[np.float64]) -> Pixels:
    """Each row moved to the right by its shift; what stands outermost is repeated behind it."""
    done = np.empty_like(grey)
    parts = np.rint(shifts * _PARTS).astype(np.intp)
    edges = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(parts)]
    for first, end in pairwise(edges):
        whole, part = divmod(int(parts[first]), _PARTS)
        rows = done[first:end]
        if whole > 0:
            rows[:, whole:], rows[:, :whole] = grey[first:end, :-whole], grey[first:end, :1]
        elif whole < 0:
            rows[:, :whole], rows[:, whole:] = grey[first:end, -whole:], grey[first:end, -1:]
        else:
            rows[:] = grey[first:end]
        if part:
            cv2.filter2D(rows, -1, _WEIGHTS[part], rows, (2, 0), borderType=cv2.BORDER_REPLICATE)
    return done


def _weights(part: int) -> npt.NDArray[np.float32]:
    """Cubic weights of the pixels two and one before, here and one after, for a shift within one.

    Source: Keys, Cubic Convolution Interpolation for Digital Image Processing, 1981.
    """
    apart = np.abs(np.array([-2.0, -1.0, 0.0, 1.0]) + part / _PARTS)
    near = ((_BEND + 2) * apart - (_BEND + 3)) * apart**2 + 1
    far = ((_BEND * apart - 5 * _BEND) * apart + 8 * _BEND) * apart - 4 * _BEND
    weights = np.where(apart <= 1, near, np.where(apart < 2, far, 0))
    return np.asarray(weights[None], dtype=np.float32)


_WEIGHTS: Final = tuple(_weights(part) for part in range(_PARTS))
