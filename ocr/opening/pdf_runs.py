"""Letters to words, by where they stand.

Real text keeps letters of a word within 0.08 em of each other and words more
than 0.09 em apart (measured on 150,000 pairs of 138 official pages). A space
that is drawn ends a word however narrow the line is set; PDFium's made-up
spaces also stand where only the font changes and do not.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocr.opening.frames import box_through, point_through, turning
from ocr.opening.pdf_glyphs import Glyph
from vocabulary.papers import Box

SAME_BASELINE_EM: Final = 0.4
"""Superscripts stand 0.33 em above the baseline of their line."""

_WORD_GAP_EM: Final = 0.09
_BACK_EM: Final = 1.0
_DOUBLE_EM: Final = 0.1  # a bold made by drawing twice, a shadow
_MARK_REACH: Final = 3


@dataclass(slots=True)
class Part:
    """A letter with what is set above and below it."""

    text: str
    font: str
    x0: float
    x1: float


@dataclass(slots=True)
class Run:
    """A word while it grows, in the frame in which it stands upright."""

    x0: float
    baseline: float
    x1: float
    top: float
    bottom: float
    size: float
    parts: list[Part] = field(default_factory=list)
    text: str = ""


def without_doubles(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Letters drawn twice at one place once: the one on top, in the place of the first."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], int] = {}
    for glyph in glyphs:
        if glyph.gap:
            kept.append(glyph)
            continue
        column, row = round(glyph.x / 2), round(glyph.y / 2)
        known = _same_place(glyph, column, row, kept, places)
        if known is None:
            places[glyph.text, column, row] = len(kept)
            kept.append(glyph)
        elif glyph.style.painted:
            kept[known] = glyph
    return kept


def _same_place(
    glyph: Glyph,
    column: int,
    row: int,
    kept: Sequence[Glyph],
    places: dict[tuple[str, int, int], int],
) -> int | None:
    reach = _DOUBLE_EM * glyph.style.size
    for across in (0, -1, 1):
        for down in (0, -1, 1):
            known = places.get((glyph.text, column + across, row + down))
            if known is None:
                continue
            if math.hypot(kept[known].x - glyph.x, kept[known].y - glyph.y) <= reach:
                return known
    return None


def runs_of(glyphs: Iterable[Glyph], page_size: tuple[float, float], turn: int) -> list[Run]:
    """Words of the letters that one turn sets upright, in drawing order, without their text."""
    upright = turning(*page_size, turn)
    runs: list[Run] = []
    current: Run | None = None
    spaced = False
    waiting: list[Part] = []
    for glyph in glyphs:
        if glyph.gap:
            spaced = spaced or glyph.drawn
            continue
        x, y, box = glyph.x, glyph.y, glyph.box
        if turn:
            x, y = point_through(upright, x, y)
            box = Box(*box_through(upright, box))
        part = Part(glyph.text, glyph.style.font, box.x0, box.x1)
        if unicodedata.combining(glyph.text[0]):
            waiting += _set_on(current, part, glyph.style.size)
            continue
        if spaced or current is None or not _continues(current, y, box, glyph.style.size):
            current = Run(box.x0, y, box.x1, box.y0, box.y1, glyph.style.size)
            runs.append(current)
        part.text += "".join(mark.text for mark in waiting)
        _add(current, part, box, glyph.style.size)
        spaced, waiting = False, []
    return runs


def _continues(run: Run, y: float, box: Box, size: float) -> bool:
    em = max(size, run.size, 1.0)
    if abs(y - run.baseline) >= SAME_BASELINE_EM * em:
        return False
    return -_BACK_EM * em < box.x0 - run.x1 < _WORD_GAP_EM * em


def _add(run: Run, part: Part, box: Box, size: float) -> None:
    run.parts.append(part)
    run.x0, run.x1 = min(run.x0, box.x0), max(run.x1, box.x1)
    run.top, run.bottom = min(run.top, box.y0), max(run.bottom, box.y1)
    run.size = max(run.size, size)


def _set_on(run: Run | None, mark: Part, size: float) -> list[Part]:
    """Put a combining mark on the letter it is drawn at; give it back if that is yet to come."""
    middle = (mark.x0 + mark.x1) / 2
    if run is None or middle > run.x1 + _WORD_GAP_EM * size:
        return [mark]
    nearest = min(run.parts[-_MARK_REACH:][::-1], key=lambda part: _distance(part, middle))
    nearest.text += mark.text
    return []


def _distance(part: Part, x: float) -> float:
    return max(part.x0 - x, x - part.x1, 0.0)
