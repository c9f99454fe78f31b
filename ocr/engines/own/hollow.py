"""Hollow letters: a rubber stamp presses its ink to the edges of its letters, as outlines.

The net knows letters with pale insides, not outlines with paper in them. What paper is shut
in and narrower than a stroke is such an inside; the round of an "o" is wider. Where a scanner
broke the outlines into specks nothing is shut in; such lines are told by their many pieces.
"""

from typing import Final

import cv2
import numpy as np

from ocr.pieces import pieces_of
from ocr.ports import Pixels

_FINER: Final = 3
_INK_BELOW: Final = 200
_NARROW_EM: Final = 0.05
"""Largest distance, in em, from an inside's middle to the ink around it. Measured on rendered
stamps: 0.035 fills less, from 0.06 on small letters lose their rounds."""
_INK: Final = 38
_SOFT: Final = 1.2
_LEAST_A_LETTER: Final = 0.3
"""Narrow insides for each letter: 0.46 in the middle of rendered stamps, under 0.28 in 99 of 100
doubtful lines of scanned decisions."""
_FAINT: Final = 180
_PIECES_A_LETTER: Final = 4.5
"""Stamps in specks have 5.5, lines of scanned decisions with letters in them up to 3.3."""


def in_specks(crop: Pixels, letters: int) -> bool:
    """Whether a line's letters are broken into specks; ``letters``: how many it has, roughly."""
    _, stats = pieces_of(crop < _FAINT)
    return len(stats) - 1 > _PIECES_A_LETTER * letters


def filled(crop: Pixels, em: float, letters: int) -> Pixels | None:
    """A line's crop with its hollow letters filled; None where the letters are not hollow.

    Args:
        crop: cleaned, dark on white.
        em: size of its letters in pixels.
        letters: how many were read, roughly.
    """
    fine = cv2.resize(crop, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_CUBIC)
    ink = cv2.compare(fine, _INK_BELOW, cv2.CMP_LT)
    ink = cv2.morphologyEx(
        ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    )
    paper = cv2.bitwise_not(ink)
    count, labels, _, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    from_ink = cv2.distanceTransform(paper, cv2.DIST_L2, 3)
    widest = np.zeros(count, np.float32)
    np.maximum.at(widest, labels.ravel(), from_ink.ravel())
    narrow = widest < _NARROW_EM * em * _FINER
    narrow[0] = False
    if np.count_nonzero(narrow) < _LEAST_A_LETTER * letters:
        return None
    drawn = np.where((ink > 0) | narrow[labels], np.uint8(_INK), np.uint8(255))
    soft = cv2.GaussianBlur(drawn, (0, 0), _SOFT)
    size = (crop.shape[1], crop.shape[0])
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
