"""Rings of seals: where they are on a page without colour, and their strokes alone.

Seals of offices are round and some 28 to 42 mm across; both limits are a little wider here.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.middle import median
from ocr.ports import Pixels
from ocr.treatment.paper import halved
from ocr.treatment.seals import SealBox

Mask = npt.NDArray[np.bool_]

_LEAST_MM: Final = 26
_MOST_MM: Final = 44
_SEARCHED_DPI: Final = 36
"""A ring is looked for on a page reduced to this or up to twice of it."""
_ROUND: Final = 0.6  # of OpenCV's measure from 0 to 1
_STEEP: Final = 120.0
_ANGLES: Final = 720
_OUTER: Final = (0.88, 1.12)  # of the radius: where the outer edge is looked for
_ROUNDS: Final = 3
_FITTED: Final = 100  # angles that tell of the edge, at least
_DRAWN: Final = 0.4  # share of all angles at which a ring's radius has ink
_INNERMOST: Final = 0.3
_EDGE: Final = 2  # pixels that a ring wanders
_CROSSING: Final = 4  # pixels beyond a ring: what goes on there crosses it


@dataclass(frozen=True, slots=True)
class Ring:
    """Middle and radius in pixels."""

    x: float
    y: float
    radius: float

    def box(self, shape: tuple[int, ...], aside: float = 1.0, off: float = 1.0) -> SealBox:
        """What lies around it, so many radii across and down, on a page of ``shape``."""
        high, wide = shape[:2]
        across, down = aside * self.radius, off * self.radius
        return (
            max(0, round(self.x - across)), max(0, round(self.y - down)),
            min(wide, round(self.x + across)), min(high, round(self.y + down)),
        )  # fmt: skip

    def moved(self, left: float, top: float) -> "Ring":
        """The same, from another corner."""
        return Ring(self.x - left, self.y - top, self.radius)


def rings(grey: Pixels, dpi: float) -> list[Ring]:
    """Circles of a seal's size that are drawn nearly all around, to some pixels."""
    times = max(0, int(np.log2(max(dpi, 1) / _SEARCHED_DPI)))
    inch = dpi / 2**times
    small = halved(grey, times)
    if min(small.shape) < inch:
        return []
    circles = cv2.HoughCircles(
        cv2.GaussianBlur(small, (0, 0), 0.8), cv2.HOUGH_GRADIENT_ALT, 1, 0.4 * inch,
        param1=_STEEP, param2=_ROUND,
        minRadius=int(_LEAST_MM / 50.8 * inch), maxRadius=round(_MOST_MM / 50.8 * inch),
    )  # fmt: skip
    found = [] if circles is None else circles.reshape(-1, circles.shape[-1])[:, :3].tolist()
    return [Ring(*(value * 2**times for value in circle)) for circle in found]


def ring_strokes(dark: Mask, ring: Ring) -> Mask | None:
    """What of the ink ``dark`` is this ring's and of rings inside it, with its blurred rims.

    Letters across them are not. None where its outer edge is no circle.
    """
    exact = _fitted(dark, ring)
    if exact is None:
        return None
    around = _around(dark, exact, int(_OUTER[1] * exact.radius))
    drawn = np.pad(np.asarray(around.mean(axis=0) > _DRAWN, np.int8), 1)
    ends = np.flatnonzero(np.diff(drawn))
    strokes = np.zeros_like(around)
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        if start < _INNERMOST * exact.radius:
            continue
        inner, outer = start - _EDGE, end + _EDGE
        crossing = around[:, inner - _CROSSING : inner].all(axis=1)
        beyond = around[:, outer : outer + _CROSSING]
        if beyond.shape[1] == _CROSSING:
            crossing |= beyond.all(axis=1)
        strokes[~crossing, inner:outer] = True
    own = dark & _back(strokes, exact, dark.shape)
    rims = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(rims & ~(dark & ~own), np.bool_)


def _fitted(dark: Mask, ring: Ring) -> Ring | None:
    """The circle through the outer edge of the ink."""
    turns = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    waves = np.stack([np.ones(_ANGLES), np.cos(turns), np.sin(turns)], axis=1)
    for _ in range(_ROUNDS):
        reach = int(_OUTER[1] * ring.radius)
        around = _around(dark, ring, reach)[:, int(_OUTER[0] * ring.radius) :]
        told = around.any(axis=1)
        edge = reach - 1 - np.argmax(around[:, ::-1], axis=1)
        offset = np.zeros(3)
        for _ in range(_ROUNDS):
            if np.count_nonzero(told) < _FITTED:
                return None
            offset = np.linalg.lstsq(waves[told], edge[told], rcond=None)[0]
            apart = np.abs(edge - waves @ offset)
            told &= apart <= max(2.0, 2 * median(apart[told]))
        ring = Ring(ring.x + offset[1], ring.y + offset[2], float(offset[0]))
    return ring


def _around(dark: Mask, ring: Ring, reach: int) -> Mask:
    """The ink by angle and by distance from the middle."""
    unrolled = cv2.warpPolar(
        dark.astype(np.uint8) * 255, (reach, _ANGLES), (ring.x, ring.y), reach,
        cv2.WARP_POLAR_LINEAR | cv2.WARP_FILL_OUTLIERS,
    )  # fmt: skip
    return np.asarray(unrolled > 127, np.bool_)


def _back(strokes: Mask, ring: Ring, shape: tuple[int, ...]) -> Mask:
    """What lies at which angle and distance, in its place."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    down, right = rows - ring.y, columns - ring.x
    distance = np.rint(np.hypot(down, right)).astype(np.int32)
    angle = np.rint(np.arctan2(down, right) * (_ANGLES / (2 * np.pi))).astype(np.int32) % _ANGLES
    within = distance < strokes.shape[1]
    return np.asarray(within & strokes[angle, np.minimum(distance, strokes.shape[1] - 1)], np.bool_)
