"""How a line's pixels are laid before the net: one way, for training and for reading."""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels

LINE_HEIGHT: Final = 40
STEP: Final = 4
"""Pixels of a fitted crop that one step of the net's output covers."""

_STRETCH_ACROSS: Final = 1.12
_WIDEST: Final = 6000
_NARROWEST: Final = 12
_INK_SHARE: Final = 0.01
_PAPER_SHARE: Final = 0.80
_LEAST_CONTRAST: Final = 40


def fit(crop: Pixels) -> Pixels:
    """A line crop at the net's height, contrast stretched; ink dark on white."""
    high, wide = crop.shape
    width = min(_WIDEST, max(_NARROWEST, round(wide * LINE_HEIGHT / high * _STRETCH_ACROSS)))
    method = cv2.INTER_AREA if high > LINE_HEIGHT else cv2.INTER_LINEAR
    fitted = cv2.resize(crop, (width, LINE_HEIGHT), interpolation=method)
    counts = np.cumsum(np.bincount(fitted.ravel(), minlength=256))
    low = int(np.searchsorted(counts, counts[-1] * _INK_SHARE))
    high_level = int(np.searchsorted(counts, counts[-1] * _PAPER_SHARE))
    if high_level - low < _LEAST_CONTRAST:
        low = max(0, high_level - _LEAST_CONTRAST)
    span = max(1, high_level - low)
    table = np.clip((np.arange(256) - low) * (255.0 / span), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(fitted, table), dtype=np.uint8)
