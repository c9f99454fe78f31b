"""Readings taken back to the page as it was before it was scanned."""

from collections.abc import Iterable, Sequence

import numpy as np

from bench.pages import TruePage
from bench.scoring import Placed
from ocr.ports import Matrix
from vocabulary.papers import Box


def box_back(back: Matrix, box: Box) -> Box:
    """A box of a scan on the page: its middle moves, its height stays that of the letters.

    A lean makes the box around the corners higher than the letters are.
    """
    x0, y0, x1, y1 = box
    xs, ys = _through(back, [(x0, y0), (x1, y0), (x0, y1), (x1, y1)])
    across = (x0 + x1) / 2
    _, (top, bottom) = _through(back, [(across, y0), (across, y1)])
    middle, half = sum(ys) / 4, abs(bottom - top) / 2
    return Box(min(xs), middle - half, max(xs), middle + half)


def _through(
    back: Matrix, points: Sequence[tuple[float, float]]
) -> tuple[list[float], list[float]]:
    x, y, depth = back @ np.array([[one[0], one[1], 1.0] for one in points]).T
    return (x / depth).tolist(), (y / depth).tolist()


def pixels_back(page: TruePage) -> Matrix:
    """From pixels of the scan to points of the page."""
    return np.asarray(np.linalg.inv(page.to_pixels), dtype=np.float64)


def points_back(page: TruePage) -> Matrix:
    """From points of the scan as shown to points of the page."""
    scale = np.diag([page.dpi / 72, page.dpi / 72, 1.0])
    return np.asarray(pixels_back(page) @ scale, dtype=np.float64)


def pixel_words(words: Iterable[tuple[str, Box]], page: TruePage) -> list[Placed]:
    """Words whose boxes are pixels of the scan, on the page."""
    back = pixels_back(page)
    return [Placed(text, box_back(back, box)) for text, box in words]


def placed_points(words: Iterable[Placed], page: TruePage) -> list[Placed]:
    """Words whose boxes are points of the scan as shown, on the page."""
    back = points_back(page)
    return [Placed(word.text, box_back(back, word.box)) for word in words]
