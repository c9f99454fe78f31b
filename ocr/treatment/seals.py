"""Seals lifted off the letters they lie on.

Offices lay a picture of their seal over the typed name of the signer, and print or scan the
whole. Dropping the colour then leaves gaps in the letters, and a dark seal leaves its rings.
Within coloured marks of a seal's size each colour's own grey goes to paper, what shows under
it darker than that is made as dark as letters are, and a gap is bridged where letters go on
at both of its ends. A seal pressed in real ink lets black letters through: there a bridge
could only close the holes of letters, and nothing is bridged.
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.middle import median
from ocr.pieces import pieces_of
from ocr.ports import Pixels
from ocr.treatment.paper import halved

_HALVINGS: Final = 3
_REDUCED: Final = 2**_HALVINGS
_COLOURED: Final = 40  # difference of channels, on the reduced page
_STRONG: Final = 55  # the same, of a pixel
_DARK: Final = 120  # brightest channel of ink
_LEAST_INCH: Final = 0.5
_MOST_OF_PAGE: Final = 0.4
_STROKE_INCH: Final = 0.055
"""Width of a seal's ring, 1.4 mm: no wider gap is bridged."""
_MORE_OFTEN: Final = 1.5
"""Colour between letters against letters between colour: from here on letters are covered."""
_STRAY: Final = 10
"""Grey values by which a colour differs from itself, by the scanner's noise."""
_RAISED: Final = 4
"""How often darker what shows under a half-transparent seal is made."""
_BLACK: Final = 30
_RIM: Final = 220
"""Grey from which a pixel at a seal's edge is its blurred rim and not a letter's."""
_FAR: Final = 1000
_DOWN: Final = (1, 0)
"""Most strokes run down; a bridge across or aslant joins what is not one letter."""
_ACROSS: Final = (0, 1)

SealBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page as delivered."""

_Mask = npt.NDArray[np.bool_]
_Way = tuple[int, int]


def lift_seals(
    pixels: Pixels, grey: Pixels, dpi: float, marks: Sequence[SealBox] | None = None
) -> Pixels:
    """``grey`` (the page with colour dropped) without what seals left of themselves.

    The very same array where no coloured mark of a seal's size is on the page.

    Args:
        pixels: the page in colour.
        grey: the same with its colour dropped.
        dpi: resolution of both.
        marks: what :func:`seal_marks` found, where it was asked already.
    """
    boxes = seal_marks(pixels, dpi) if marks is None else marks
    if not boxes:
        return grey
    lifted = grey.copy()
    for left, top, right, bottom in boxes:
        here = np.s_[top:bottom, left:right]
        lifted[here] = _lifted(pixels[here], grey[here], dpi)
    return lifted


def seal_marks(pixels: Pixels, dpi: float) -> list[SealBox]:
    """Boxes of coloured marks as large as a seal, both ways."""
    if pixels.ndim != 3:
        return []
    high, wide = pixels.shape[:2]
    if min(high, wide) < _REDUCED:
        return []
    coloured = (_saturation(halved(pixels, _HALVINGS)) > _COLOURED).astype(np.uint8)
    joined = cv2.dilate(coloured, np.ones((3, 3), np.uint8))
    _, stats = pieces_of(joined)
    least = _LEAST_INCH * dpi / _REDUCED
    boxes = []
    for x, y, w, h, _ in stats[1:].tolist():
        if min(w, h) >= least and w * h <= _MOST_OF_PAGE * coloured.size:
            right, bottom = min(wide, (x + w) * _REDUCED), min(high, (y + h) * _REDUCED)
            boxes.append((x * _REDUCED, y * _REDUCED, right, bottom))
    return boxes


def _lifted(pixels: Pixels, grey: Pixels, dpi: float) -> Pixels:
    """One mark: its colours to paper, letters under it darkened, gaps in letters bridged."""
    coloured = (_saturation(pixels) > _STRONG) & (grey > _DARK)
    around = cv2.dilate(coloured.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ink = (grey <= _DARK) & ~around
    rest = ~(around | ink)
    paper = int(median(grey[rest])) if rest.any() else 255
    lifted = grey.copy()
    lifted[around & ~coloured & (grey > _RIM)] = paper
    strongest = np.argmax(pixels, axis=2)  # a blue signature and a red seal differ in grey
    for channel in range(3):
        one = coloured & (strongest == channel)
        if one.any():
            darker = median(grey[one]) - _STRAY - grey[one]
            lifted[one] = np.clip(paper - _RAISED * np.maximum(darker, 0), _BLACK, 255)
    gaps = _covered(ink, around, coloured, max(2, round(_STROKE_INCH * dpi)))
    if gaps.any():
        lifted[gaps] = int(median(grey[ink]))
    return lifted


def _covered(ink: _Mask, around: _Mask, coloured: _Mask, longest: int) -> _Mask:
    """Where colour cuts through stems of letters; nowhere if stems cut through the colour."""
    gaps = _between(ink, around, _DOWN, longest)
    through = _between(coloured, ink, _ACROSS, longest)
    covering = np.count_nonzero(gaps) > _MORE_OFTEN * np.count_nonzero(through)
    return gaps if covering else np.zeros_like(gaps)


def _saturation(pixels: Pixels) -> Pixels:
    blue, green, red = cv2.split(pixels)
    most = cv2.max(cv2.max(blue, green), red)
    return np.asarray(most - cv2.min(cv2.min(blue, green), red), dtype=np.uint8)


def _between(ends: _Mask, gap: _Mask, way: _Way, longest: int) -> _Mask:
    """Pixels of the gap from which ``ends`` lie ahead and behind, no more than so far apart."""
    ahead = _distance(ends, gap, way, longest)
    behind = _distance(ends, gap, (-way[0], -way[1]), longest)
    return gap & (ahead + behind <= longest + 1)


def _distance(ends: _Mask, gap: _Mask, way: _Way, longest: int) -> npt.NDArray[np.int16]:
    """Steps from the nearest end through nothing but gap."""
    distance = np.full(ends.shape, _FAR, np.int16)
    reached = ends
    for step in range(1, longest + 1):
        reached = _moved(reached, way) & gap & (distance == _FAR)
        distance[reached] = step
    return distance


def _moved(mask: _Mask, way: _Way) -> _Mask:
    """The mask one pixel on; what leaves it is gone."""
    down, right = way
    high, wide = mask.shape
    moved = np.zeros_like(mask)
    moved[max(0, down) : high + min(0, down), max(0, right) : wide + min(0, right)] = mask[
        max(0, -down) : high + min(0, -down), max(0, -right) : wide + min(0, -right)
    ]
    return moved
