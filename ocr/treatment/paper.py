"""From a page of any light to dark letters on even white paper.

Order and numbers come from measurement: dropping colour frees letters from
red seals and blue ink, dividing by the paper's level removes shadow and
bleed. The paper's level changes slowly, so it is found on an image reduced
eight times, by halving, which costs a fifth of one reduction by eight.
"""

from typing import Final

import cv2
import numpy as np

from ocr.pieces import pieces_of
from ocr.ports import Pixels

PAPER: Final = 245
"""Grey value of clean paper after treatment."""

_HALVINGS: Final = 3
_BAND: Final = 64  # rows
_INK_LOW, _INK_HIGH = 40, 225
_EDGE_BELOW: Final = 100
_EDGE_SPAN: Final = 0.3


def drop_colour(pixels: Pixels) -> Pixels:
    """Grey by the brightest channel: red seals and blue ink go light, black stays black."""
    if pixels.ndim == 2:
        return pixels
    grey = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(pixels), _BAND):  # what fits the processor's cache: a fifth of the time
        blue, green, red = cv2.split(pixels[top : top + _BAND])
        cv2.max(cv2.max(blue, green), red, grey[top : top + _BAND])
    return grey


def reduced(grey: Pixels, halvings: int = _HALVINGS) -> Pixels:
    """The page halved several times, each pixel the mean of four."""
    for _ in range(halvings):
        size = (max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return grey


def halved(pixels: Pixels, times: int) -> Pixels:
    """A grey or coloured image halved without its odd last row and column.

    Exact halves cost an eighth of any other reduction, of a coloured page above all.
    """
    for _ in range(times):
        high, wide = (side // 2 for side in pixels.shape[:2])
        even = pixels[: 2 * high, : 2 * wide]
        pixels = np.asarray(cv2.resize(even, (wide, high), interpolation=cv2.INTER_AREA))
    return pixels


def whiten_dark_edges(grey: Pixels) -> Pixels:
    """Paint the black border that a scanner leaves around a sheet: dark mass at the page's edge."""
    small = reduced(grey)
    dark = (small < _EDGE_BELOW).astype(np.uint8)
    if not (dark[0].any() or dark[-1].any() or dark[:, 0].any() or dark[:, -1].any()):
        return grey
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    labels, stats = pieces_of(dark)
    high, wide = small.shape
    x, y, w, h, _ = stats.T
    at_edge = (x == 0) | (y == 0) | (x + w == wide) | (y + h == high)
    large = (h > _EDGE_SPAN * high) | (w > _EDGE_SPAN * wide)
    chosen = at_edge & large
    chosen[0] = False
    if not chosen.any():
        return grey
    border = cv2.dilate(chosen[labels].astype(np.uint8) * PAPER, np.ones((3, 3), np.uint8))
    full = cv2.resize(border, grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.max(grey, full), dtype=np.uint8)


def even_out(grey: Pixels) -> Pixels:
    """Divide by the paper's own level, and stretch so that letters are dark and paper is white."""
    return np.asarray(cv2.LUT(divide_by_paper(grey), _STRETCH), dtype=np.uint8)


def divide_by_paper(grey: Pixels) -> Pixels:
    """Paper at :data:`PAPER` everywhere, whatever shadow lay on it.

    The level is what stays when everything narrower than 0.6 inch is filled (at 200 dpi).
    """
    small = reduced(grey)
    level = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    )
    level = cv2.medianBlur(level, 9) if min(level.shape) >= 9 else level
    full = cv2.resize(level, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, cv2.max(full, 24), scale=PAPER), dtype=np.uint8)


def stretched(low: float, high: float = _INK_HIGH) -> Pixels:
    """A table from grey to grey: ``low`` and darker to black, ``high`` and lighter to white."""
    table = np.clip((np.arange(256) - low) * 255.0 / (high - low), 0, 255)
    return np.asarray(table, dtype=np.uint8)


_STRETCH: Final = stretched(_INK_LOW)
