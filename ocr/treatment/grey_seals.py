"""Seals without colour lifted off the letters they lie on.

A grey scanner or a copier leaves no colour to drop. But red comes out lighter than print: where
there is a seal's ring and it is lighter than the print beside it, strokes as light as it go to
paper within it. What print crosses is as dark as print and stays, as do the hairlines of letters.
Where the ring is as dark as print only its own strokes go, told by their distance from its middle.
"""

from typing import Final

import cv2
import numpy as np

from ocr.middle import median
from ocr.pieces import pieces_of
from ocr.ports import Pixels
from ocr.treatment.rings import Mask, Ring, ring_strokes, rings
from ocr.treatment.seals import SealBox

_AROUND: Final = 0.07  # of the radius: how far from its place the ring is looked for
_DARKER: Final = 30  # than paper, wherever there is a ring
_CLOSED: Final = 0.75  # share of the ring that is there
_PRINT_SHARE: Final = 0.08  # the darkest of all ink around is print
_LEAST_LIGHTER: Final = 0.2  # of the way from print to paper
_BETWEEN: Final = 0.7  # of the way from print to ring: what is lighter is the seal's
_LETTER_INCH: Final = 0.1  # longer light strokes are no hairline
_BEYOND: Final = 1.1  # of the radius: as far as a ring found to some pixels can reach
_BESIDE: Final = (2.2, 1.3)


def lift_grey_seals(grey: Pixels, dpi: float) -> tuple[Pixels, list[SealBox]]:
    """The page without what is the seals', and their boxes.

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
        here[seal] = int(median(here))
        boxes.append(box)
    return lifted, boxes


def _ink_of(ring: Ring, grey: Pixels, dpi: float) -> Mask | None:
    """Pixels of the seal in the ring's box; None where there is no ring."""
    left, top, right, bottom = ring.box(grey.shape, *_BESIDE)
    smooth = cv2.medianBlur(grey[top:bottom, left:right], 5 if dpi > 250 else 3)
    paper = median(smooth)
    placed = ring.moved(left, top)
    level = _ring_level(placed, smooth, paper)
    dark = smooth < paper - 2 * _DARKER
    if level is None or not dark.any():
        return None
    core = cv2.erode(smooth, np.ones((5, 5), np.uint8))
    print_level = float(np.quantile(core[dark], _PRINT_SHARE))
    inner = placed.box(smooth.shape, _BEYOND, _BEYOND)
    here = np.s_[inner[1] : inner[3], inner[0] : inner[2]]
    if level - print_level < _LEAST_LIGHTER * (paper - print_level):
        black = np.asarray(smooth[here] < (paper + print_level) / 2, np.bool_)
        return ring_strokes(black, placed.moved(*inner[:2]))
    inked = smooth < paper - _DARKER / 2
    printed = inked & (core <= print_level + _BETWEEN * (level - print_level))
    rows, columns = np.ogrid[: smooth.shape[0], : smooth.shape[1]]
    reach = (_BEYOND * ring.radius) ** 2
    seal = inked & ~printed & ((columns - placed.x) ** 2 + (rows - placed.y) ** 2 <= reach)
    seal &= ~_hairlines(seal, printed, round(_LETTER_INCH * dpi))
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


def _ring_level(ring: Ring, smooth: Pixels, paper: float) -> float | None:
    """How dark the ring is; None where there is none nearly all around."""
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    radii = np.arange((1 - _AROUND) * ring.radius, (1 + _AROUND) * ring.radius)[:, None]
    columns = np.rint(ring.x + radii * np.cos(angles)).astype(int)
    rows = np.rint(ring.y + radii * np.sin(angles)).astype(int)
    high, wide = smooth.shape
    inside = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
    values = smooth[np.clip(rows, 0, high - 1), np.clip(columns, 0, wide - 1)]
    darkest = np.where(inside, values, 255).min(axis=0)
    if np.mean(darkest < paper - _DARKER) < _CLOSED:
        return None
    return median(darkest)
