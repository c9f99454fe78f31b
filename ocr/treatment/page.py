"""A treated page as it was delivered, and the same page set upright without treating it again."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ocr.ports import CleanPage, Matrix, PixelBox, Pixels, VerticalRule
from ocr.treatment.gutter import gutter_of
from ocr.treatment.leaders import take_off_leaders
from ocr.treatment.lean import Lean

Step = Literal[
    "flattened", "inverted", "colour_dropped", "seals_lifted", "grey_seals_lifted", "levelled",
    "resampled", "edges_whitened", "evened", "contrast_raised", "specks_removed", "rules_removed",
    "leaders_removed",
]  # fmt: skip
"""What can have been done to a page for recognition; see ``docs/reading.md``."""

_BEYOND_RULE: Final = 3  # pixels by which a rule parts more than it reaches


@dataclass(frozen=True, slots=True)
class TreatedPage:
    """A page cleaned up to its leaders, lying as it was delivered.

    ``pixels``, ``dpi``, ``to_source``: as in :class:`ocr.ports.CleanPage`.
    ``across``, ``down``: rules taken off. ``lean``: how the lines run and leaned.
    ``skew_deg``: lean that was taken out, counter-clockwise positive.
    ``seals``: boxes of seals that were lifted off.
    """

    pixels: Pixels
    dpi: float
    across: tuple[PixelBox, ...]
    down: tuple[PixelBox, ...]
    to_source: Matrix
    lean: Lean
    skew_deg: float
    steps: tuple[Step, ...]
    seals: tuple[PixelBox, ...] = ()

    def upright(self, turn: int) -> CleanPage:
        """The page turned clockwise by a multiple of 90 degrees, leaders taken off."""
        high, wide = self.pixels.shape
        across, down, seals = self.across, self.down, self.seals
        pixels = self.pixels
        back = self.to_source
        if turn % 360:
            pixels = np.ascontiguousarray(np.rot90(pixels, -(turn // 90) % 4))
            back = back @ _turned_back(wide, high, turn)
            across = tuple(_turned_box(box, wide, high, turn) for box in across)
            down = tuple(_turned_box(box, wide, high, turn) for box in down)
            seals = tuple(_turned_box(box, wide, high, turn) for box in seals)
            if turn % 180:
                across, down = down, across
        pixels, led = take_off_leaders(pixels, self.dpi)
        gutter = gutter_of(pixels, self.dpi, across)
        steps: tuple[str, ...] = (*self.steps, "leaders_removed") if led else self.steps
        rules = tuple(_rule(box) for box in down)
        if gutter is not None:
            rules = (*rules, VerticalRule(gutter, 0.0, float(pixels.shape[0])))
        return CleanPage(pixels, self.dpi, rules, back, self.skew_deg, steps, gutter, across,
                         seals)  # fmt: skip


def _rule(box: PixelBox) -> VerticalRule:
    x0, y0, x1, y1 = box
    return VerticalRule((x0 + x1) / 2, y0 - _BEYOND_RULE, y1 + _BEYOND_RULE)


def _turned_box(box: PixelBox, wide: int, high: int, turn: int) -> PixelBox:
    x0, y0, x1, y1 = box
    match turn % 360:
        case 90:
            return high - y1, x0, high - y0, x1
        case 180:
            return wide - x1, high - y1, wide - x0, high - y0
        case _:
            return y0, wide - x1, y1, wide - x0


def _turned_back(wide: int, high: int, turn: int) -> Matrix:
    """Pixels of a page turned clockwise back to those of the page of the given size."""
    rows = {
        90: ((0, 1, 0), (-1, 0, high)),
        180: ((-1, 0, wide), (0, -1, high)),
        270: ((0, -1, wide), (1, 0, 0)),
    }[turn % 360]
    return np.array([*rows, (0, 0, 1)], dtype=np.float64)
