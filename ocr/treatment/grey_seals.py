"""Round seals on grey scans lifted off the letters they lie on.

A grey scanner or a copier leaves no colour to drop. But its red comes out lighter than print,
and a seal is a ring of known size (Decree 99/2016 and Thông tư 31/2020/TT-BCA: 28 to 42 mm): where
there is one and its ring is lighter than the print beside it, strokes as light as the ring go to
paper within it. What print crosses is as dark as print and stays, as do hairlines close to it.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.pieces import pieces_of
from ocr.ports import Pixels
from ocr.treatment.paper import halved
from ocr.treatment.seals import SealBox

_LEAST_MM: Final = 26
_MOST_MM: Final = 44
_SEARCHED_DPI: Final = 36
"""A ring is looked for on a page reduced to this or up to twice of it."""
_ROUND: Final = 0.6  # of OpenCV's measure from 0 to 1
_STEEP: Final = 120.0
_AROUND: Final = 0.07  # of the radius: how far from its place the ring is looked for
_DARKER: Final = 30  # than paper, wherever there is a ring
_CLOSED: Final = 0.75  # share of the ring that is there
_PRINT_SHARE: Final = 0.08  # the darkest of all ink around is print
_LEAST_LIGHTER: Final = 0.2  # of the way from print to paper
_BETWEEN: Final = 0.7  # of the way from print to ring: what is lighter is the seal's
_NEAR_INCH: Final = 0.017  # blurred edges of print
_LETTER_INCH: Final = 0.1  # longer light strokes are no hairline
_BEYOND: Final = 1.1


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ring:
    """Middle and radius in pixels of the page as delivered."""

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


def lift_grey_seals(grey: Pixels, dpi: float) -> tuple[Pixels, list[SealBox]]:
    """The page without what rings lighter than print hold, and the boxes of those rings.

    The very same array where there is none.
    """
    lifted, boxes = grey, []
    for ring in rings(grey, dpi):
        seal = _ink_of(ring, grey, dpi)
        if seal is None:
            continue
        if lifted is grey:
            lifted = grey.copy()
        left, top, right, bottom = box = ring.box(grey.shape, _BEYOND, _BEYOND)
        here = lifted[top:bottom, left:right]
        here[seal] = int(np.median(here))
        boxes.append(box)
    return lifted, boxes


def rings(grey: Pixels, dpi: float) -> list[Ring]:
    """Circles of a seal's size that are drawn nearly all around."""
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


def _ink_of(ring: Ring, grey: Pixels, dpi: float) -> Mask | None:
    """Pixels of the seal in the ring's box; None where it is no seal or as dark as print."""
    left, top, right, bottom = ring.box(grey.shape, 2.2, 1.3)
    smooth = cv2.medianBlur(grey[top:bottom, left:right], 5 if dpi > 250 else 3)
    paper = float(np.median(smooth))
    level = _ring_level(ring, smooth, (left, top), paper)
    dark = smooth < paper - 2 * _DARKER
    if level is None or not dark.any():
        return None
    near = max(3, round(_NEAR_INCH * dpi)) | 1
    core = cv2.erode(smooth, np.ones((near, near), np.uint8))
    print_level = float(np.quantile(core[dark], _PRINT_SHARE))
    if level - print_level < _LEAST_LIGHTER * (paper - print_level):
        return None
    inked = smooth < paper - _DARKER / 2
    printed = inked & (core <= print_level + _BETWEEN * (level - print_level))
    rows, columns = np.ogrid[top:bottom, left:right]
    within = (columns - ring.x) ** 2 + (rows - ring.y) ** 2 <= (_BEYOND * ring.radius) ** 2
    seal = inked & ~printed & within
    seal &= ~_hairlines(seal, printed, round(_LETTER_INCH * dpi))
    inner = ring.box(grey.shape, _BEYOND, _BEYOND)
    here = np.s_[inner[1] - top : inner[3] - top, inner[0] - left : inner[2] - left]
    return np.asarray(seal[here], np.bool_)


def _hairlines(light: Mask, printed: Mask, longest: int) -> Mask:
    """Short light strokes that begin at print: parts of its letters."""
    labels, stats = pieces_of(light)
    short = np.maximum(stats[:, 2], stats[:, 3]) <= longest
    beside = cv2.dilate(printed.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    touching = np.zeros(len(stats), np.bool_)
    touching[np.unique(labels[beside])] = True
    touching[0] = False
    return np.asarray((touching & short)[labels], np.bool_)


def _ring_level(ring: Ring, smooth: Pixels, corner: tuple[int, int], paper: float) -> float | None:
    """How dark the ring is; None where there is none nearly all around."""
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    radii = np.arange((1 - _AROUND) * ring.radius, (1 + _AROUND) * ring.radius)[:, None]
    columns = np.rint(ring.x - corner[0] + radii * np.cos(angles)).astype(int)
    rows = np.rint(ring.y - corner[1] + radii * np.sin(angles)).astype(int)
    high, wide = smooth.shape
    inside = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
    values = smooth[np.clip(rows, 0, high - 1), np.clip(columns, 0, wide - 1)]
    darkest = np.where(inside, values, 255).min(axis=0)
    if np.mean(darkest < paper - _DARKER) < _CLOSED:
        return None
    return float(np.median(darkest))
