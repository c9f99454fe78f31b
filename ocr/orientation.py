"""Which way up a page lies: 0, 90, 180 or 270 degrees.

Whether lines run across or up the page is known from the search for their lean.
What is upside down only reading can tell: the engine reads a few lines, and the
page is turned only where another way reads clearly better. The treated page is
turned as it is, so that another try costs no second treatment.
"""

from typing import Final

import numpy as np

from ocr.ports import CleanPage, OcrEngine, Pixels
from ocr.treatment import TreatedPage
from ocr.treatment.lean import Lean

SURE: Final = 0.5
"""Legibility of a page that certainly stands upright (measured: 0.75-0.95, other ways 0.15-0.3)."""

_CLEARLY: Final = 1.3  # text: 1.4 to 4
_BETTER_BY: Final = 0.08
_READABLE: Final = 0.22  # a picture without text reads at random, and is left as it lies


def turned(pixels: Pixels, clockwise: int) -> Pixels:
    """The page turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -(clockwise // 90) % 4))


def likely_turns(lean: Lean) -> tuple[int, ...]:
    """Turns worth trying, likeliest first."""
    if lean.upended > _CLEARLY * lean.level:
        return (90, 270, 0, 180)
    # ruled tables are as jagged on both sides; most of them are laid in upright
    return (0, 180, 90, 270) if lean.level > _CLEARLY * lean.upended else (0, 90, 270, 180)


def upright(page: TreatedPage, engine: OcrEngine, as_it_lies: CleanPage) -> tuple[int, CleanPage]:
    """Degrees clockwise that set the page upright, and the page so turned.

    Args:
        page: as delivered.
        engine: reads a sample of lines, of the likeliest turn first, and of others only
            where that one does not read well.
        as_it_lies: ``page.upright(0)``, which the caller has looked at before.
    """
    best: tuple[int, CleanPage] | None = None
    best_score = _READABLE
    for turn in likely_turns(page.lean):
        tried = page.upright(turn) if turn else as_it_lies
        score = engine.legibility(tried)
        if score >= SURE:
            return turn, tried
        if score >= best_score:
            best, best_score = (turn, tried), score + _BETTER_BY
    return best if best is not None else (0, as_it_lies)
