"""How dark a page's ink is, and the stretch that makes faint ink readable.

A page of full ink keeps the measured stretch. Where even the darkest strokes
are light (a worn ribbon, a pencil copy, toner at its end), the stretch starts
near them, so that letters come out as dark as the reader knows them.
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels
from ocr.treatment.paper import PAPER, stretched

_USUAL_LOW: Final = 40
_FAINT_ABOVE: Final = 110  # of the darkest strokes; office scans lie at 30 to 90
_INK_BELOW: Final = PAPER - 30
_CORE: Final = 0.15  # share of the ink that counts as the strokes' core
_LEAST_INK: Final = 0.002  # share of the page: some lines of text
_CORE_TO: Final = 0.18  # where the core comes to lie between black (0) and white (1)
_HIGH: Final = 225
_LEAST_SPAN: Final = 30


def ink_level(flat: Pixels) -> float | None:
    """Grey value of the strokes' core on a page of even paper; None on a page without text."""
    counts = cv2.calcHist([flat], [0], None, [256], [0, 256]).ravel()[:_INK_BELOW]
    total = float(counts.sum())
    if total < _LEAST_INK * flat.size:
        return None
    return float(np.searchsorted(np.cumsum(counts), _CORE * total))


def raise_contrast(flat: Pixels) -> tuple[Pixels, bool]:
    """Stretch a page of even paper; says whether its ink was faint."""
    level = ink_level(flat)
    faint = level is not None and level > _FAINT_ABOVE
    low = float(_USUAL_LOW)
    if faint and level is not None:
        high = min(float(_HIGH), PAPER - 8.0)
        low = min((level - _CORE_TO * high) / (1 - _CORE_TO), high - _LEAST_SPAN)
    table = stretched(max(low, _USUAL_LOW))
    return np.asarray(cv2.LUT(flat, table), dtype=np.uint8), faint
