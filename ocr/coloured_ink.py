"""Print in colour at the head of a page: secrecy and urgency stamps, stamped numbers, card titles.

Cleaning for recognition drops colour, so that seals and pen strokes do not disturb the
black text under them. What is printed in red or blue alone would be lost with them, and a
red "MẬT" must stop the file. So the coloured ink of the head is read once more by itself.
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels
from vocabulary.papers import Box, Line

HEAD: Final = 0.5
"""Share of the page's height that is looked at: seals and signatures stand below it."""

_LEAST_SHARE: Final = 0.0003
"""Coloured pixels of the head below which there is no stamp (measured: stamps have 0.2 %)."""

_CHROMA: Final = 50
"""Distance of the strongest from the weakest channel that counts as ink of a colour; paper tints
and JPEG noise stay below."""

_SURE: Final = 70.0
_COVERED: Final = 0.3


def coloured_layer(pixels: Pixels) -> Pixels | None:
    """The head's coloured ink as dark on white, the size of the upright page; None without any."""
    if pixels.ndim != 3:
        return None
    rows = int(pixels.shape[0] * HEAD)
    head = pixels[:rows]
    chroma = cv2.subtract(head.max(axis=2), head.min(axis=2))
    if np.count_nonzero(chroma > _CHROMA) < _LEAST_SHARE * chroma.size:
        return None
    layer = np.full(pixels.shape[:2], 255, np.uint8)
    layer[:rows] = 255 - np.minimum(chroma.astype(np.uint16) * 2, 255).astype(np.uint8)
    return layer


def worth_keeping(coloured: Line, others: list[Line]) -> bool:
    """Whether a line read in colour is print of its own, not an echo or a scribble."""
    letters = sum(len(word.text) for word in coloured.words)
    surety = sum(word.confidence * len(word.text) for word in coloured.words) / max(letters, 1)
    if letters < 3 or surety < _SURE:
        return False
    return all(_overlap(coloured.box, other.box) < _COVERED for other in others)


def _overlap(inner: Box, outer: Box) -> float:
    wide = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    high = min(inner.y1, outer.y1) - max(inner.y0, outer.y0)
    area = max((inner.x1 - inner.x0) * (inner.y1 - inner.y0), 1e-6)
    return max(wide, 0.0) * max(high, 0.0) / area
