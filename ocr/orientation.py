"""Which way up a page lies: 0, 90, 180 or 270 degrees.

Text lines make the page's projection on one side jagged and on the other
even, which tells upright from sideways for the price of two sums over a small
image. What is upside down only reading can tell: the engine reads a few
lines, and the page is turned only where another way reads clearly better.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from ocr.ports import CleanPage, OcrEngine, Pixels
from ocr.treatment.paper import drop_colour

SURE: Final = 0.5
"""Legibility of a page that certainly stands upright (measured: 0.75-0.95, other ways 0.15-0.3)."""

_LONG_SIDE: Final = 800
_STRIPS: Final = 10
_CLEARLY: Final = 1.3  # text: 1.4 to 4
_BETTER_BY: Final = 0.08
_READABLE: Final = 0.22  # a picture without text reads at random, and is left as it lies


def turned(pixels: Pixels, clockwise: int) -> Pixels:
    """The page turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -(clockwise // 90) % 4))


def likely_turns(pixels: Pixels) -> tuple[int, ...]:
    """Turns worth trying, likeliest first."""
    down, across = _sharpness(pixels)
    if across > _CLEARLY * down:
        return (90, 270, 0, 180)
    # ruled tables are as jagged on both sides; most of them are laid in upright
    return (0, 180, 90, 270) if down > _CLEARLY * across else (0, 90, 270, 180)


def upright_turn(pixels: Pixels, engine: OcrEngine, cleaned: Callable[[int], CleanPage]) -> int:
    """Degrees clockwise that set the page upright.

    Args:
        pixels: the page as delivered.
        engine: reads a sample of lines.
        cleaned: the page turned and cleaned; called for the likeliest turn first, and
            for others only where that one does not read well.
    """
    best, best_score = 0, -1.0
    for turn in likely_turns(pixels):
        score = engine.legibility(cleaned(turn))
        if score >= SURE:
            return turn
        if score > best_score + (_BETTER_BY if best_score >= 0 else 0.0):
            best, best_score = turn, score
    return best if best_score >= _READABLE else 0


def _sharpness(pixels: Pixels) -> tuple[float, float]:
    """How jagged the ink's projection is, on the vertical and on the horizontal side."""
    scale = min(1.0, _LONG_SIDE / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(
        drop_colour(np.asarray(small, dtype=np.uint8)),
        1,
        cv2.ADAPTIVE_THRESH_MEAN_C,
        cv2.THRESH_BINARY_INV,
        25,
        15,
    )
    return _jaggedness(np.asarray(ink, dtype=np.uint8)), _jaggedness(
        np.asarray(ink.T, dtype=np.uint8)
    )


def _jaggedness(ink: Pixels) -> float:
    """Mean squared step of the ink from row to row, in strips so that a lean does not smear it."""
    strips = np.array_split(ink, _STRIPS, axis=1)
    steps = [np.diff(strip.mean(axis=1, dtype=np.float64)) for strip in strips if strip.size]
    return float(np.mean([(step**2).mean() for step in steps])) + 1e-12
