"""The way from page pixels to what engines read, each step named, with the map back.

On a small image of the page: is it a photograph, is it light on dark, how do its lines
lean. Then in this order: drop colour, lift seals, resample once (perspective, lean and resolution
together), whiten dark edges, even out the paper, stretch the contrast, take off specks
where there are many, rules, and dot leaders once the page stands upright.
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import CleanPage, Matrix, PixelBox, Pixels
from ocr.treatment.contrast import raise_contrast
from ocr.treatment.grey_seals import lift_grey_seals
from ocr.treatment.lean import LONG_SIDE, SMALLEST_DEG, lean_of
from ocr.treatment.noise import NOISY, speck_share, take_off_specks
from ocr.treatment.page import Step, TreatedPage
from ocr.treatment.paper import divide_by_paper, drop_colour, whiten_dark_edges
from ocr.treatment.polarity import inverted, is_inverted
from ocr.treatment.rules import take_off_rules
from ocr.treatment.seals import SealBox, lift_seals, seal_marks
from ocr.treatment.shears import levelled
from ocr.treatment.sheet import FlatSheet, photographed_sheet
from ocr.treatment.warp import resampled, scaled, turning_about

WORK_DPI: Final = 200.0
"""Reading gains nothing above this (300: the same errors at twice the cost)."""

_CLOSE_ENOUGH: Final = 0.08  # do not resample for less than this
_SQUARE: Final = 0.005
"""Pixels this much wider than high are square ones of a page rounded to whole points."""
_LITTLE_DEG: Final = 3.0  # shears do for a turn
_MOST_UPSCALE: Final = 3.0
_LARGEST: Final = 20_000_000  # pixels of a working image


def clean(pixels: Pixels, dpi: float, dpi_down: float | None = None) -> CleanPage:
    """Treat a page that is known to lie upright (see :func:`treat`)."""
    return treat(pixels, dpi, dpi_down).upright(0)


def treat(pixels: Pixels, dpi: float, dpi_down: float | None = None) -> TreatedPage:
    """Clean a page for recognition, lying as it does.

    Args:
        pixels: grey or colour; lines may lean by up to 8.5 degrees and run any of four ways.
        dpi: resolution of ``pixels`` across; letters are expected at their size in it.
        dpi_down: resolution down the page where it is another (fax: 204 by 98).
    """
    steps: list[Step] = []
    sheet = photographed_sheet(pixels)
    grey = drop_colour(pixels)
    marks = seal_marks(pixels, dpi)
    if pixels.ndim == 3:
        steps.append("colour_dropped")
        lifted = lift_seals(pixels, grey, dpi, marks)
        if lifted is not grey:
            grey = lifted
            steps.append("seals_lifted")
    if not marks:
        grey, marks = lift_grey_seals(grey, dpi)
        if marks:
            steps.append("grey_seals_lifted")
    if sheet is not None:
        steps.insert(0, "flattened")
    small = _small(grey, sheet, dpi, dpi_down or dpi)
    if is_inverted(small):
        grey, small = inverted(grey), inverted(small)
        steps.append("inverted")
    lean = lean_of(small)
    angle = lean.angle if abs(lean.angle) >= SMALLEST_DEG else 0.0
    grey, to_source, work_dpi, done = _to_work(grey, sheet, (dpi, dpi_down or dpi), angle)
    steps += done
    page = whiten_dark_edges(grey)
    if page is not grey:
        steps.append("edges_whitened")
    page, more = _on_white(page)
    steps += more
    page, across, down = take_off_rules(page, work_dpi)
    if across or down:
        steps.append("rules_removed")
    return TreatedPage(page, work_dpi, across, down, to_source, lean, -angle, tuple(steps),
                       tuple(_moved(box, to_source) for box in marks))  # fmt: skip


def _moved(box: SealBox, to_source: Matrix) -> PixelBox:
    """A box of the page as delivered, on the treated page."""
    left, top, right, bottom = box
    corners = np.array([[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]])
    x, y, scale = np.linalg.inv(to_source) @ corners
    x, y = x / scale, y / scale
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _on_white(page: Pixels) -> tuple[Pixels, list[Step]]:
    """Dark letters on even white paper."""
    steps: list[Step] = ["evened"]
    page, faint = raise_contrast(divide_by_paper(page))
    if faint:
        steps.append("contrast_raised")
    if speck_share(page) > NOISY:
        page = take_off_specks(page)
        steps.append("specks_removed")
    return page, steps


def _small(grey: Pixels, sheet: FlatSheet | None, across: float, down: float) -> Pixels:
    """The page at about a thousand pixels of length, with square pixels."""
    high, wide = grey.shape
    ratio = across / down
    if sheet is not None:
        wide, high = sheet.size
    scale = min(1.0, LONG_SIDE / max(wide, high * ratio))
    size = (max(1, round(wide * scale)), max(1, round(high * ratio * scale)))
    if sheet is None:
        return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    return resampled(grey, np.diag([scale, ratio * scale, 1.0]) @ sheet.to_sheet, size)


def _to_work(
    grey: Pixels, sheet: FlatSheet | None, dpi: tuple[float, float], angle: float
) -> tuple[Pixels, Matrix, float, list[Step]]:
    """The page flat, level and at the working resolution; the map goes back to ``grey``."""
    high, wide = grey.shape
    across, down = dpi
    to_sheet = np.eye(3)
    if sheet is not None:
        (wide, high), to_sheet = sheet.size, sheet.to_sheet
        if sheet.dpi is not None:
            across = down = sheet.dpi
    factors = [min(WORK_DPI / max(value, 1.0), _MOST_UPSCALE) for value in (across, down)]
    if all(abs(factor - 1) <= _CLOSE_ENOUGH for factor in factors):
        factors = [1.0, 1.0 if abs(across / down - 1) <= _SQUARE else across / down]
    area = wide * high * factors[0] * factors[1]
    shrink = min(1.0, (_LARGEST / area) ** 0.5)
    factors = [factor * shrink for factor in factors]
    to_new, size = scaled(wide, high, *factors)
    work_dpi = across * factors[0]
    if sheet is None and factors == [1.0, 1.0] and 0 < abs(angle) <= _LITTLE_DEG:
        shifted, to_new = levelled(grey, angle)
        whole = resampled(shifted, np.eye(3), size)
        return whole, np.asarray(np.linalg.inv(to_new)), work_dpi, ["levelled"]
    steps: list[Step] = []
    if angle:
        to_new = turning_about(wide * factors[0], high * factors[1], angle) @ to_new
        steps.append("levelled")
    if any(abs(factor - 1) > 1e-9 for factor in factors):
        steps.append("resampled")
    to_new = to_new @ to_sheet
    to_source = np.asarray(np.linalg.inv(to_new), dtype=np.float64)
    return resampled(grey, to_new, size), to_source, work_dpi, steps
