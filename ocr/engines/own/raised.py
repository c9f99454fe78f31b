"""Raised figures: signs of footnotes and powers ("KSTT⁴", "m²"), which the net takes for marks.

A raised figure is a piece of a line that stands clear of the baseline, is higher than any
mark and, unlike a mark, has no letter of the line under it. Each is read by itself at the
size of other figures.
"""

from typing import Final

import cv2
import numpy as np

from ocr.engines.own.components import Components, Numbers
from ocr.pieces import Labels
from ocr.ports import PixelBox, Pixels

_CLEAR_EM: Final = 0.2  # of the baseline; Word raises by a third of the size
_HANGS_EM: Final = 0.06  # under the baseline, of a lowered figure
_LOW_EM: Final = 0.36
_COMMA_EM: Final = 0.16  # is narrower
_HIGH_EM: Final = (0.3, 0.56)  # figures of 55 to 75 percent; marks reach 0.25
_WIDE_EM: Final = (0.08, 0.42)
_BESIDE_EM: Final = 0.3  # from the letter before
_FIGURE_EM: Final = 0.676  # height of a Times figure
_ACROSS_EM: Final = 0.2
_WHITE: Final = 255


def raised_of(parts: Components, owner: Labels, bands: Numbers) -> dict[int, tuple[PixelBox, ...]]:
    """Boxes of raised pieces by their line's number (from 1), left to right."""
    em, wide = parts.em, parts.right - parts.left
    baseline = np.concatenate(([0.0], bands[:, 3]))[np.maximum(owner, 0)]
    above = baseline - parts.bottom > _CLEAR_EM * em
    below = (
        (parts.bottom - baseline > _HANGS_EM * em)
        & (baseline - parts.top < _LOW_EM * em)
        & (wide > _COMMA_EM * em)
    )
    likely = (
        (owner > 0)
        & (above | below)
        & (parts.height > _HIGH_EM[0] * em)
        & (parts.height < _HIGH_EM[1] * em)
        & (wide > _WIDE_EM[0] * em)
        & (wide < _WIDE_EM[1] * em)
    )
    found: dict[int, list[PixelBox]] = {}
    for piece in np.flatnonzero(likely)[np.argsort(parts.left[likely], kind="stable")].tolist():
        left, right = float(parts.left[piece]), float(parts.right[piece])
        of_line = parts.usable & (owner == owner[piece])
        of_line[piece] = False
        over_or_under = of_line & (parts.left < right - 1) & (parts.right > left + 1)
        gap = left - parts.right[of_line & parts.letter & (parts.left < left)]
        if not over_or_under.any() and len(gap) and gap.min() < _BESIDE_EM * em:
            box = (left, float(parts.top[piece]), right, float(parts.bottom[piece]))
            found.setdefault(int(owner[piece]), []).append(box)
    return {number: tuple(boxes) for number, boxes in found.items()}


def as_line(crop: Pixels, box: PixelBox) -> Pixels:
    """The figure in a box of a line's crop, as a line of its own would be cut out."""
    left, top, right, bottom = (round(side) for side in box)
    figure = crop[max(0, top) : bottom, max(0, left) : right]
    em = figure.shape[0] / _FIGURE_EM
    across, down = round(_ACROSS_EM * em), round((em - figure.shape[0]) / 2)
    return np.asarray(
        cv2.copyMakeBorder(figure, down, down, across, across, cv2.BORDER_CONSTANT, value=_WHITE),
        dtype=np.uint8,
    )
