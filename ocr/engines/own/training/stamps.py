"""Names as rubber stamps print them: script faces, ink pressed to the edges, broken, in specks.

Offices stamp the name of who signs with a stamp of its own, often in a face that no paper is
typed in. Its letters come out hollow (ink flees from under the middle of a stroke), worn or
smeared, and a scanner's thresholds turn faint ones to specks.
"""

import random
from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels

POINTS: Final = (11, 12, 12, 13, 13, 14, 14, 15, 16, 17, 18, 20)
_HOLLOW_SHARE: Final = 0.45
_BROKEN_SHARE: Final = 0.4
_SPREAD_SHARE: Final = 0.4
_SPREAD: Final = (2, 2, 3, 4)
_RAGGED_SHARE: Final = 0.5
_BENT_SHARE: Final = 0.5
_HELD_SHARE: Final = 0.7
_THINNEST_MM: Final = 0.28
"""Strokes that rubber holds; a face's hairlines are cut thicker or break off."""


class Rubber:
    """Presses sheets of ink as stamps, the same way for the same ``rng``."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def press(self, ink: Pixels, dpi: float) -> Pixels:
        """The ink (0 is paper, 255 is ink) as a stamp leaves it."""
        rng, scale = self._rng, dpi / 200
        if rng.random() < _BENT_SHARE:
            ink = self._bent(ink, scale)
        if rng.random() < _HELD_SHARE:
            ink = _held(ink, dpi)
        if rng.random() < _RAGGED_SHARE:
            ink = self._ragged(ink, scale)
        if rng.random() < _SPREAD_SHARE:
            wide = max(2, round(rng.choice(_SPREAD) * scale))
            pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
            ink = np.asarray(cv2.dilate(ink, pen), np.uint8)
        if rng.random() < _HOLLOW_SHARE:
            ink = self._hollow(ink, scale)
        if rng.random() < _BROKEN_SHARE:
            ink = self._broken(ink, scale)
        return ink

    def _bent(self, ink: Pixels, scale: float) -> Pixels:
        """Letters drawn otherwise, each place in its own way: no two cutters draw alike."""
        rng = self._rng
        high, wide = ink.shape
        reach, far = rng.uniform(5, 12) * scale, rng.uniform(0.4, 2.2) * scale
        coarse = max(1, round(reach / 2))
        size = (high // coarse + 2, wide // coarse + 2)
        rows, columns = np.indices((high, wide), np.float32)
        aside, off = (
            cv2.resize(self._field(size, reach / coarse), (wide, high)) * far for _ in range(2)
        )
        moved = cv2.remap(ink, columns + aside, rows + off, cv2.INTER_LINEAR)
        return np.asarray(moved, np.uint8)

    def _hollow(self, ink: Pixels, scale: float) -> Pixels:
        """Nothing or little left of what lies inside of strokes."""
        rng = self._rng
        reach = max(1, round(scale * rng.uniform(0.7, 1.4)))
        inside = cv2.erode(ink, np.ones((3, 3), np.uint8), iterations=reach)
        return np.asarray(cv2.addWeighted(ink, 1, inside, -rng.uniform(0.5, 1), 0), np.uint8)

    def _ragged(self, ink: Pixels, scale: float) -> Pixels:
        """Edges that wander by a part of a pixel or two, as rubber's do."""
        rng = self._rng
        noise = self._field(ink.shape, rng.uniform(0.8, 2.2) * scale)
        soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 1.1) * scale).astype(np.float32)
        moved = (soft - 128 + noise * rng.uniform(10, 70)) * rng.uniform(1.2, 3) + 128
        return np.asarray(np.clip(moved, 0, 255), np.uint8)

    def _broken(self, ink: Pixels, scale: float) -> Pixels:
        """Holes and specks: a share of the ink did not reach the paper."""
        rng = self._rng
        field = self._field(ink.shape, rng.uniform(0.5, 2.0) * scale)
        lost = np.quantile(field, rng.uniform(0.05, 0.4))
        slope = rng.uniform(1.5, 6)
        kept = np.clip((field - lost) * slope + 0.5, rng.uniform(0, 0.4), 1)
        return np.asarray(ink * kept, np.uint8)

    def _field(
        self, shape: tuple[int, ...], coarse: float
    ) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        grain = np.random.default_rng(self._rng.randrange(2**32))
        white = grain.standard_normal(shape, dtype=np.float32)
        field = cv2.GaussianBlur(white, (0, 0), max(0.3, coarse))
        return np.asarray(field / max(float(field.std()), 1e-6), np.float32)


def _held(ink: Pixels, dpi: float) -> Pixels:
    """Hairlines made as thick as rubber holds; thicker strokes stay as they are."""
    across = max(2, round(_THINNEST_MM * dpi / 25.4))
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, pen)
    thin = cv2.subtract(ink, thick)
    return np.asarray(cv2.max(ink, cv2.dilate(thin, pen)), np.uint8)
