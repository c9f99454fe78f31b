"""Print in colour at the head of a page: secrecy and urgency stamps, stamped numbers, card titles.

Cleaning for recognition drops colour, so that seals and pen strokes do not disturb the
black text under them. What is printed in red or blue alone would be lost with them, and a
red "MẬT" must stop the file. So the coloured ink of the head is read once more by itself.
"""

from dataclasses import dataclass
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

_SAMPLE_STEP: Final = 5
_MARGIN: Final = 0.01  # of the page's height, above and below the coloured rows
_SURE: Final = 70.0
_COVERED: Final = 0.3


@dataclass(frozen=True, slots=True)
class ColouredLayer:
    """``pixels``: coloured ink dark on white, some rows of the page from row ``top``."""

    pixels: Pixels
    top: int


def coloured_layer(pixels: Pixels) -> ColouredLayer | None:
    """The head's coloured ink on an upright page; None without any."""
    if pixels.ndim != 3:
        return None
    head = pixels[: int(pixels.shape[0] * HEAD)]
    if not _has_colour(head):
        return None
    blue, green, red = cv2.split(head)
    strongest = cv2.max(cv2.max(blue, green), red)
    chroma = cv2.subtract(strongest, cv2.min(cv2.min(blue, green), red))
    coloured = cv2.compare(chroma, _CHROMA, cv2.CMP_GT)
    if cv2.countNonZero(coloured) < _LEAST_SHARE * chroma.size:
        return None
    rows = np.flatnonzero(cv2.reduce(coloured, 1, cv2.REDUCE_MAX).ravel())
    margin = round(_MARGIN * pixels.shape[0])
    top, bottom = max(0, int(rows[0]) - margin), min(len(head), int(rows[-1]) + margin)
    doubled = cv2.add(chroma[top:bottom], chroma[top:bottom])
    return ColouredLayer(np.asarray(cv2.bitwise_not(doubled), dtype=np.uint8), top)


def _has_colour(head: Pixels) -> bool:
    """Whether a sample of the pixels has enough colour to look at all of them."""
    sample = head[::_SAMPLE_STEP, ::_SAMPLE_STEP].astype(np.int16)
    spread = sample.max(axis=2) - sample.min(axis=2)
    return bool(np.count_nonzero(spread > _CHROMA) >= _LEAST_SHARE / 2 * spread.size)


def worth_keeping(coloured: Line, others: list[Line]) -> bool:
    """Whether a line read in colour is print of its own, not an echo or a scribble."""
    letters = sum(len(word.text) for word in coloured.words)
    surety = sum(word.confidence * len(word.text) for word in coloured.words) / max(letters, 1)
    if letters < 3 or surety < _SURE:
        return False
    return all(share_inside(coloured.box, other.box) < _COVERED for other in others)


def share_inside(inner: Box, outer: Box) -> float:
    """Share of the first box that lies in the second."""
    wide = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    high = min(inner.y1, outer.y1) - max(inner.y0, outer.y0)
    area = max((inner.x1 - inner.x0) * (inner.y1 - inner.y0), 1e-6)
    return max(wide, 0.0) * max(high, 0.0) / area
