"""The way from page pixels to what engines read, with the map back.

Order by measurement: reduce to the working resolution, drop colour, whiten
dark edges, even out the paper, turn level once, take off rules and dot
leaders. No median filter.
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import CleanPage, Matrix, Pixels
from ocr.treatment.paper import drop_colour, even_out, whiten_dark_edges
from ocr.treatment.rules import take_off_leaders, take_off_rules
from ocr.treatment.skew import SMALLEST_DEG, skew_angle

WORK_DPI: Final = 200.0
"""Reading gains nothing above this (300: the same errors at twice the cost)."""

_CLOSE_ENOUGH: Final = 0.08  # do not resample for less than this
_MOST_UPSCALE: Final = 3.0


def clean(pixels: Pixels, dpi: float) -> CleanPage:
    """Clean an upright page for recognition.

    Args:
        pixels: grey or colour, text upright but leaning by up to 3 degrees.
        dpi: resolution of ``pixels``; letters are expected at their size in it.
    """
    grey, back, work_dpi = _to_working_resolution(pixels, dpi)
    grey = even_out(whiten_dark_edges(grey))
    angle = skew_angle(grey)
    if abs(angle) >= SMALLEST_DEG:
        grey, level_back = _turn_level(grey, angle)
        back = back @ level_back
    else:
        angle = 0.0
    grey, rules = take_off_rules(grey, work_dpi)
    grey = take_off_leaders(grey, work_dpi)
    return CleanPage(grey, work_dpi, rules, back, -angle)


def _to_working_resolution(pixels: Pixels, dpi: float) -> tuple[Pixels, Matrix, float]:
    """Reduce (or enlarge) to the working resolution; the map goes back to ``pixels``."""
    factor = min(WORK_DPI / max(dpi, 1.0), _MOST_UPSCALE)
    grey = drop_colour(pixels)
    high, wide = grey.shape
    if abs(factor - 1) > _CLOSE_ENOUGH:
        size = (max(1, round(wide * factor)), max(1, round(high * factor)))
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        grey = np.asarray(cv2.resize(grey, size, interpolation=method), dtype=np.uint8)
    new_high, new_wide = grey.shape
    # pixel centres: resizing keeps the outer edges, so x_old + .5 = (x_new + .5) * ratio;
    # boxes speak of edges, where the shift falls away
    back = np.diag([wide / new_wide, high / new_high, 1.0])
    return grey, back, dpi * new_wide / wide


def _turn_level(grey: Pixels, angle: float) -> tuple[Pixels, Matrix]:
    """Turn counter-clockwise about the middle; the map goes back from the level page."""
    high, wide = grey.shape
    turn = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1), (0.0, 0.0, 1.0)])
    # OpenCV maps pixel centres at whole numbers; boxes have edges at whole numbers
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    level = cv2.warpAffine(
        grey, turn[:2], (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(level, dtype=np.uint8), half @ np.linalg.inv(turn) @ np.linalg.inv(half)
