"""How far text lines lean and which way they run, by the sharpness of the page's projections.

Only the lower edges of the ink are counted: letters stand on a common line,
so these edges fall together on the page's side when it is looked at along the
lines. A coarse search over the whole range runs on a small image, the fine
one on the full one near the best angle.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ports import Pixels

SMALLEST_DEG: Final = 0.15
"""Below this a page is left alone: turning blurs letters more than the lean hurts."""

LARGEST_DEG: Final = 8.5
"""Sheets drawn in by a feeder or laid on the glass lean by 8 degrees at most."""

LONG_SIDE: Final = 1000
"""Longer side in pixels of the image that is searched."""

_USUAL_DEG: Final = 3.0
_FAR_GAIN: Final = 1.25  # beyond the usual lean only lines that are clearly sharper count
_COARSE_DEG: Final = 0.5
_FINE_DEG: Final = (0.2, 0.1, 0.05)
_ENOUGH_EDGES: Final = 100
_MARGIN: Final = 0.04


@dataclass(frozen=True, slots=True)
class Lean:
    """``angle``: degrees counter-clockwise by which the page is to be turned back.

    ``level``, ``upended``: how sharp the lines are that run across and up the page.
    """

    angle: float
    level: float
    upended: float


@dataclass(frozen=True, slots=True)
class _Edges:
    """Places of lower edges, seen with the lines running across."""

    rows: npt.NDArray[np.float32]
    columns: npt.NDArray[np.float32]
    length: int

    def sharpness(self, angle: float) -> float:
        """Sum of squared steps of the projection along lines that lean by ``angle``."""
        slope = np.float32(np.tan(np.radians(angle)))
        shifted = (self.rows - slope * self.columns).astype(np.intp)
        profile = np.bincount(shifted, minlength=self.length)
        steps = np.diff(profile.astype(np.float64))
        return float((steps * steps).sum())


def lean_of(grey: Pixels) -> Lean:
    """Measure a page (dark on light) of any lighting; no lean where there is too little ink."""
    ink = _ink(grey)
    halved = _halved(ink)
    found = []
    for way in (0, 1):
        edges = _edges(np.rot90(halved, -way))
        if len(edges.rows) < _ENOUGH_EDGES:
            return Lean(0.0, 0.0, 0.0)
        sharp = {angle: edges.sharpness(angle) for angle in _COARSE}
        best = max(_COARSE, key=lambda angle, sharp=sharp: sharp[angle])  # type: ignore[misc]
        if abs(best) > _USUAL_DEG:
            near = max((a for a in _COARSE if abs(a) <= _USUAL_DEG), key=sharp.__getitem__)
            best = best if sharp[best] > _FAR_GAIN * sharp[near] else near
        found.append((sharp[best] / len(edges.rows), best))
    (level, across), (upended, up) = found
    way, angle = (0, across) if level >= upended else (1, up)
    return Lean(_refined(_edges(np.rot90(ink, -way)), angle), level, upended)


_COARSE: Final = tuple(
    float(angle) for angle in np.arange(-LARGEST_DEG, LARGEST_DEG + 0.01, _COARSE_DEG)
)


def _refined(edges: _Edges, angle: float) -> float:
    best, highest = angle, edges.sharpness(angle)
    for step in _FINE_DEG:
        middle = best
        for offset in (-2 * step, -step, step, 2 * step):
            value = edges.sharpness(middle + offset)
            if value > highest:
                best, highest = middle + offset, value
    return best


def _ink(grey: Pixels) -> Pixels:
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    high, wide = ink.shape
    top, left = int(high * _MARGIN), int(wide * _MARGIN)
    return np.asarray(ink[top : high - top, left : wide - left], dtype=np.uint8)


def _halved(ink: Pixels) -> Pixels:
    high, wide = ink.shape[0] // 2 * 2, ink.shape[1] // 2 * 2
    rows = ink[0:high:2, :wide] | ink[1:high:2, :wide]
    return rows[:, 0::2] | rows[:, 1::2]


def _edges(ink: Pixels) -> _Edges:
    """Ink with paper right below."""
    rows, columns = np.nonzero(ink[:-1] > ink[1:])
    reach = int(np.tan(np.radians(LARGEST_DEG + 1.5)) * ink.shape[1]) + 2
    return _Edges(
        rows.astype(np.float32) + reach, columns.astype(np.float32), ink.shape[0] + 2 * reach
    )
