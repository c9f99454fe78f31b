"""How far text lines lean, by the sharpness of the page's projection on its side."""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels

SMALLEST_DEG: Final = 0.15
"""Below this a page is left alone: turning blurs letters more than the lean hurts."""

_LIMIT_DEG: Final = 3.0
_FINE_DEG: Final = 0.1
_LONG_SIDE: Final = 1000
_ENOUGH_INK: Final = 200


def skew_angle(grey: Pixels) -> float:
    """Degrees counter-clockwise by which the lines have to be turned back, within 3 degrees."""
    scale = min(1.0, _LONG_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    high, wide = ink.shape
    ink = ink[int(high * 0.04) : int(high * 0.96), int(wide * 0.05) : int(wide * 0.95)]
    ys, xs = np.nonzero(ink)
    if len(ys) < _ENOUGH_INK:
        return 0.0
    rows = ys.astype(np.float32) + 100
    columns = xs.astype(np.float32)
    length = int(ink.shape[0]) + 200

    def sharpness(angle: float) -> float:
        shifted = (rows - np.float32(np.tan(np.radians(angle))) * columns).astype(np.intp)
        profile = np.bincount(np.clip(shifted, 0, length - 1), minlength=length)
        steps = np.diff(profile.astype(np.float64))
        return float((steps * steps).sum())

    coarse = np.arange(-_LIMIT_DEG, _LIMIT_DEG + 0.01, 0.5)
    near = float(max(coarse, key=lambda angle: sharpness(float(angle))))
    fine = np.arange(near - 0.5, near + 0.51, _FINE_DEG)
    return float(max(fine, key=lambda angle: sharpness(float(angle))))
