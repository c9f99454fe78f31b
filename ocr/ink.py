"""Ink that became no word: confidence speaks only of words that were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ocr.ports import CleanPage, Pixels, ReadLine

_DARK_BELOW: Final = 128
_PRESENT_IN: Final = 0.004  # square inches: about thirty letters' dots; dust stays below
_SPECK_PT: Final = 1.5
_SHARE: Final = 0.3
_LEAST_IN: Final = 0.02  # square inches: about a line of text


@dataclass(frozen=True, slots=True)
class Ink:
    """``present``: more than dust; ``without_text``: much of it lies outside of all words."""

    present: bool
    without_text: bool


def ink_of(page: CleanPage, lines: Sequence[ReadLine]) -> Ink:
    """Measure the ink of a cleaned page and what of it the words do not cover."""
    dark = cv2.compare(page.pixels, _DARK_BELOW, cv2.CMP_LT)
    dark = _without_specks(np.asarray(dark, dtype=np.uint8), page.dpi)
    square_inch = page.dpi * page.dpi
    total = cv2.countNonZero(dark) / square_inch
    if total < _PRESENT_IN:
        return Ink(present=False, without_text=False)
    for line in lines:
        x0, y0, x1, y1 = line.box
        margin = 0.3 * line.size
        dark[
            max(0, int(y0 - margin)) : int(y1 + margin) + 1,
            max(0, int(x0 - margin)) : int(x1 + margin) + 1,
        ] = 0
    left = cv2.countNonZero(dark) / square_inch
    return Ink(present=True, without_text=left > _LEAST_IN and left > _SHARE * total)


def _without_specks(dark: Pixels, dpi: float) -> Pixels:
    """Dust goes; letters stay (opening would eat thin strokes, so pieces are measured)."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    least = max(3, int((dpi / 72 * _SPECK_PT) ** 2 * 0.5))
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    if keep[1:].all():
        return dark
    return np.where(keep[labels], dark, 0).astype(np.uint8) if count > 1 else dark
