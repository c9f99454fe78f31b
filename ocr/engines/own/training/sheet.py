"""Sets lines of text on a small sheet: ink only, with the place of every word.

A sheet is a cut of a page: a few rows one under the other, a row one line of
text or several cells side by side. Damage, cleaning and the line finder then
treat it as they treat a page.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from ocr.engines.own.training.faces import FAMILIES, Family, face, family_for
from ocr.engines.own.training.text import TextLine, TextSource
from ocr.ports import Pixels

_POINTS: Final = (8, 9, 10, 11, 11, 12, 12, 13, 13, 13, 14, 14, 14, 15, 16)
_STYLES: Final = (56, 26, 13, 5)  # regular, bold, italic, bold italic
_WIDEST_PT: Final = 560.0  # a landscape page's text
_ROWS: Final = (5, 10)


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word's text and its box on the sheet: left and right end of its advance, its line's em."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of text as set; ``baseline`` and ``em`` in pixels."""

    source: TextLine
    words: tuple[SetWord, ...]
    baseline: float
    em: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """``ink``: 0 is paper, 255 is ink; ``dpi``: of its pixels; ``rules``: x of drawn rules."""

    ink: Pixels
    dpi: float
    lines: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """The faces lines are set in and their sizes in points, each as often as it stands there."""

    families: Sequence[Family] = FAMILIES
    points: Sequence[int] = _POINTS


TYPED: Final = Manner()


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a row is set; lengths in ems."""

    families: Sequence[Family]

    style: int
    size: int
    space: float
    tracking: float
    stretch: float


def make_sheet(
    source: TextSource, dpi: float, rng: random.Random, ruled: bool, manner: Manner = TYPED
) -> Sheet:
    """A sheet at ``dpi``; ``ruled``: with the rules of a table's cells."""
    wide = round(_WIDEST_PT * dpi / 72 * rng.uniform(0.75, 1.0))
    lines: list[SetLine] = []
    top = round(dpi * 0.1)
    high = top
    base = rng.choice(manner.points)
    pitch = rng.uniform(1.1, 1.3) if rng.random() < 0.55 else rng.uniform(1.05, 1.7)
    canvas = Image.new("L", (wide, round(dpi * 4.2)), 0)
    draw = ImageDraw.Draw(canvas)
    columns = _columns(wide, dpi, rng) if ruled or rng.random() < 0.3 else [(0, wide)]
    for _ in range(rng.randint(*_ROWS)):
        points = base if rng.random() < 0.8 else rng.choice(manner.points)
        setting = _setting(manner, points, dpi, rng)
        baseline = high + 1.05 * setting.size
        if baseline + 0.5 * setting.size > canvas.height:
            break
        for left, right in columns:
            lines += _set_row(draw, source, setting, (left, right), baseline, rng)
        high = round(high + pitch * setting.size)
    high += round(dpi * 0.12)
    if ruled:
        _draw_rules(draw, columns, high, dpi, rng)
    ink = np.asarray(canvas, dtype=np.uint8)[: min(canvas.height, high + round(dpi * 0.08))]
    return Sheet(np.ascontiguousarray(ink), dpi, tuple(lines))


def _columns(wide: int, dpi: float, rng: random.Random) -> list[tuple[int, int]]:
    count = rng.choice((2, 2, 3, 3, 4, 5))
    cuts = sorted(rng.uniform(0.08, 0.92) for _ in range(count - 1))
    ends = [0, *(round(cut * wide) for cut in cuts), wide]
    pairs = list(pairwise(ends))
    return [pair for pair in pairs if pair[1] - pair[0] > dpi * 0.4] or [(0, wide)]


def _setting(manner: Manner, points: float, dpi: float, rng: random.Random) -> _Setting:
    size = max(10, round(points * dpi / 72))
    chance = rng.random()
    space = rng.uniform(0.2, 0.32) if chance < 0.6 else rng.uniform(0.12, 0.2)
    if chance > 0.82:
        space = rng.uniform(0.3, 0.7)
    tracking, stretch = 0.0, 1.0
    if rng.random() < 0.22:
        tracking = max(-0.055, rng.gauss(-0.015, 0.022))
    if rng.random() < 0.22:
        stretch = rng.uniform(0.8, 1.12)
    style = rng.choices((0, 1, 2, 3), _STYLES)[0]
    return _Setting(manner.families, style, size, space, tracking, stretch)


def _set_row(
    draw: ImageDraw.ImageDraw,
    source: TextSource,
    setting: _Setting,
    column: tuple[int, int],
    baseline: float,
    rng: random.Random,
) -> list[SetLine]:
    """One line in a column; another beside it with a wide gap where there is room."""
    em = setting.size
    left, end = column[0] + em * rng.uniform(0.3, 0.6), column[1] - em * 0.3
    if column[1] - column[0] > 6 * em and rng.random() < 0.12:
        left += em * rng.uniform(0, 4)
    set_lines: list[SetLine] = []
    while end - left > 1.2 * em:
        room = int((end - left) / (0.46 * em))
        text = source.line(max(1, min(room, 95)) if rng.random() < 0.45 else None)
        line, left = _set_line(draw, text, setting, (left, end), baseline, rng)
        if line is not None:
            set_lines.append(line)
        left += em * rng.uniform(1.6, 5)
        if rng.random() < 0.3:
            break
    return set_lines


def _set_line(
    draw: ImageDraw.ImageDraw,
    text: TextLine,
    setting: _Setting,
    room: tuple[float, float],
    baseline: float,
    rng: random.Random,
) -> tuple[SetLine | None, float]:
    """Words set until the room ends; the line's end."""
    family = family_for(text.text, rng, setting.families)
    em, x = setting.size, room[0]
    if family is None:
        return None, x
    style, words = setting.style, []
    for word in text.text.split(" "):
        if rng.random() < 0.025:
            style = rng.choice((0, 0, 1, 2, 3))
        advance = _advance(word, family, style, setting)
        if x + advance > room[1]:
            break
        _draw_word(draw, word, (x, baseline), family, style, setting)
        words.append(SetWord(word, x, x + advance))
        x += advance + setting.space * em
        if rng.random() < 0.004:
            x += em * rng.uniform(0.3, 0.6)
    if not words:
        return None, x
    if rng.random() < 0.04:
        low = round(baseline + em * rng.uniform(0.1, 0.17))
        box = (words[0].left, low, words[-1].right, low + max(1, em // 18) - 1)
        draw.rectangle(box, fill=255)
    return SetLine(text, tuple(words), baseline, em), x


def _advance(word: str, family: Family, style: int, setting: _Setting) -> float:
    font = face(family.files[style], setting.size)
    return float(font.getlength(word) + setting.tracking * setting.size * len(word))


def _draw_word(
    draw: ImageDraw.ImageDraw,
    word: str,
    place: tuple[float, float],
    family: Family,
    style: int,
    setting: _Setting,
) -> None:
    font = face(family.files[style], setting.size)
    if not setting.tracking:
        draw.text(place, word, 255, font, anchor="ls")
        return
    x, y = place
    for char in word:
        draw.text((x, y), char, 255, font, anchor="ls")
        x += font.getlength(char) + setting.tracking * setting.size


def _draw_rules(
    draw: ImageDraw.ImageDraw,
    columns: list[tuple[int, int]],
    high: int,
    dpi: float,
    rng: random.Random,
) -> None:
    thick = max(1, round(dpi / 72 * rng.uniform(0.4, 1.0)))
    for x in {columns[0][0], *(end for _, end in columns)}:
        draw.line((x, 0, x, high), fill=255, width=thick)
    draw.line((columns[0][0], round(dpi * 0.04), columns[-1][1], round(dpi * 0.04)), 255, thick)
    draw.line((columns[0][0], high, columns[-1][1], high), fill=255, width=thick)
