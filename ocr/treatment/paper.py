"""From a scanned page to dark letters on even white paper.

Order and numbers come from measurement: dropping colour frees letters from
red seals and blue ink, dividing by the paper's level removes shadow and
bleed, no median filter (on real pages it costs more marks than it removes
noise).
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels

PAPER: Final = 245
"""Grey value of clean paper after treatment."""

_REDUCE: Final = 8
_INK_LOW, _INK_HIGH = 40, 225


def drop_colour(pixels: Pixels) -> Pixels:
    """Grey by the brightest channel: red seals and blue ink go light, black stays black."""
    if pixels.ndim == 2:
        return pixels
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(blue, green), red), dtype=np.uint8)


def whiten_dark_edges(grey: Pixels) -> Pixels:
    """Paint the black border that a scanner leaves around a sheet: dark mass at the page's edge."""
    scale = 600 / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = (small < 100).astype(np.uint8)
    if not (dark[0].any() or dark[-1].any() or dark[:, 0].any() or dark[:, -1].any()):
        return grey
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((4, 4), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    high, wide = small.shape
    border = np.zeros_like(dark)
    for index in range(1, count):
        x, y, w, h, _ = stats[index]
        at_edge = x == 0 or y == 0 or x + w == wide or y + h == high
        if at_edge and (h > 0.3 * high or w > 0.3 * wide):
            border[labels == index] = 1
    if not border.any():
        return grey
    border = cv2.dilate(border, np.ones((5, 5), np.uint8))
    full = cv2.resize(border, grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
    whitened = grey.copy()
    whitened[full > 0] = PAPER
    return whitened


def even_out(grey: Pixels) -> Pixels:
    """Divide by the paper's own level, found by closing on a reduced image, and stretch."""
    scale = 1 / _REDUCE
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    level = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    )
    level = cv2.medianBlur(level, 9) if min(level.shape) >= 9 else level
    full = cv2.resize(level, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    flat = cv2.divide(grey, np.maximum(full, 24), scale=PAPER)
    return np.asarray(cv2.LUT(flat, _STRETCH), dtype=np.uint8)


_STRETCH: Final = np.clip(
    (np.arange(256) - _INK_LOW) * 255.0 / (_INK_HIGH - _INK_LOW), 0, 255
).astype(np.uint8)
