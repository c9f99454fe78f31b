"""Ink that became no word: confidence speaks only of words that were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ocr.ports import CleanPage, ReadLine

_DARK_BELOW: Final = 128
_PRESENT_IN: Final = 0.004  # square inches: about thirty letters' dots; dust stays below
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
    # dust goes; letters' strokes are two pixels wide and more from 150 dpi on
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
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
