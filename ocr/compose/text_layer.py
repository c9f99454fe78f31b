"""The invisible words of a page (text render mode 3), on the baselines of their lines.

Each line is one text object whose matrix lies on the line's baseline, so that
a skewed line stays one line; each word is stretched to the width of its box
and its space to the gap behind it, so that a selection covers what the eye
sees and extraction gives the words with one space between them. (Words as
boxes of their own split "Độc lập - Tự do".) Where a line leans so far that its
words leave their level, the words stand level on it like steps: poppler
splits leaning words.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr.compose.affine import number
from ocr.compose.glyphless import ADVANCE, ASCENT, DESCENT, InvisibleFont
from vocabulary.papers import Baseline, Line, Word

FONT = "F0"
"""Name of the font in the page's resources."""

_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014"
_MOST_RISE = 0.4  # points within a word: poppler splits a word that leaves its level by 0.5
_STEEP = math.radians(25)
_LEAST = 0.05  # points; a word or gap narrower than this is given this much
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Run:
    """A word on its line: from ``start``, ``width`` long, ``rise`` above the line's origin.

    In points; ``start`` along the direction of writing, ``rise`` across it.
    """

    text: str
    start: float
    width: float
    rise: float = 0.0


def text_layer(
    lines: Iterable[Line], font: InvisibleFont, height: float, scale: tuple[float, float]
) -> bytes:
    """The instructions that write all lines invisibly; empty without words.

    Args:
        lines: in reading order, points of the upright page, origin top left.
        font: gives letters their codes.
        height: of the sheet, in points.
        scale: points of the sheet a point of the reading, across and down.
    """
    objects = [text for line in lines if (text := _line(line, font, height, scale))]
    return "\n".join(objects).encode("ascii")


def _line(line: Line, font: InvisibleFont, height: float, scale: tuple[float, float]) -> str:
    words = [word for word in line.words if _shown(word.text)]
    if not words:
        return ""
    scaled = [_scaled(word, scale) for word in words]
    x0, y0, x1, y1 = _baseline(line, scaled, scale)
    length = math.hypot(x1 - x0, y1 - y0)
    along = ((x1 - x0) / length, (y1 - y0) / length)
    size = _font_size(line, scaled, along, scale)
    runs = _runs(scaled, (x0, y0), along)
    level = _level(along)
    lean = math.atan2(along[0] * level[1] - along[1] * level[0], _dot(along, level))
    if max(run.width for run in runs) * abs(math.sin(lean)) > _MOST_RISE and abs(lean) < _STEEP:
        along = level
        runs = [
            _Run(run.text, run.start, run.width, (run.start + run.width / 2) * math.tan(lean))
            for run in _runs(scaled, (x0, y0), level)
        ]
    # y points down in readings and up in PDF: the lean changes its sign
    matrix = (along[0], -along[1], along[1], along[0], x0, height - y0)
    start = " ".join(number(value) for value in matrix)
    shown = _show(runs, size, font)
    return f"BT\n3 Tr\n/{FONT} {number(size)} Tf\n{start} Tm\n{shown}\nET"


def _level(along: tuple[float, float]) -> tuple[float, float]:
    """The nearest direction of writing that does not lean."""
    if abs(along[0]) >= abs(along[1]):
        return (math.copysign(1.0, along[0]), 0.0)
    return (0.0, math.copysign(1.0, along[1]))


def _dot(one: tuple[float, float], other: tuple[float, float]) -> float:
    return one[0] * other[0] + one[1] * other[1]


def _shown(text: str) -> str:
    return " ".join(_NOT_SHOWN.sub("", text).split())


def _scaled(word: Word, scale: tuple[float, float]) -> tuple[str, float, float, float, float]:
    across, down = scale
    box = word.box
    return (_shown(word.text), box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)


Placed = tuple[str, float, float, float, float]


def _baseline(line: Line, words: Sequence[Placed], scale: tuple[float, float]) -> Baseline:
    """The line's baseline, or one through its words where it has none worth the name."""
    given = line.baseline
    x0, y0 = given.x0 * scale[0], given.y0 * scale[1]
    x1, y1 = given.x1 * scale[0], given.y1 * scale[1]
    ends = (x0, y0, x1, y1)
    if all(map(math.isfinite, ends)) and math.hypot(x1 - x0, y1 - y0) > _LEAST:
        return Baseline(x0, y0, x1, y1)
    left, right = min(word[1] for word in words), max(word[3] for word in words)
    bottom = max(word[4] for word in words)
    stands = bottom + (bottom - min(word[2] for word in words)) * DESCENT / 1000
    return Baseline(left, stands, max(right, left + 1.0), stands)


def _font_size(
    line: Line,
    words: Sequence[Placed],
    along: tuple[float, float],
    scale: tuple[float, float],
) -> float:
    """The line's own height, or the middle height of its words: a stain does not swell it."""
    if line.height > 0 and math.isfinite(line.height):
        return max(0.5, line.height * scale[1])
    across = abs(along[0]) >= abs(along[1])
    heights = sorted(y1 - y0 if across else x1 - x0 for _, x0, y0, x1, y1 in words)
    return max(0.5, heights[len(heights) // 2] * 1000 / (ASCENT - DESCENT))


def _runs(
    words: Sequence[Placed], origin: tuple[float, float], along: tuple[float, float]
) -> list[_Run]:
    """Where each word begins and how long it is along the baseline.

    On a line that runs mainly across, the left and right sides of a box say it,
    on one that runs mainly down or up, its top and bottom. Words never run
    backwards or into each other: extraction would make two lines of it.
    """
    runs: list[_Run] = []
    reached = -math.inf
    for text, x0, y0, x1, y1 in words:
        if abs(along[0]) >= abs(along[1]):
            ends = ((x0 - origin[0]) / along[0], (x1 - origin[0]) / along[0])
        else:
            ends = ((y0 - origin[1]) / along[1], (y1 - origin[1]) / along[1])
        start = max(min(ends), reached)
        width = max(max(ends) - start, _LEAST * len(text))
        runs.append(_Run(text, start, width))
        reached = start + width + _LEAST
    return runs


def _show(runs: Sequence[_Run], size: float, font: InvisibleFont) -> str:
    """Words at their places, each followed by a space as wide as the gap."""
    natural = size * ADVANCE / 1000
    parts: list[str] = []
    at = rise = 0.0
    for index, run in enumerate(runs):
        if abs(run.start - at) > 1e-9 or run.rise != rise:
            parts.append(f"{number(run.start - at)} {number(run.rise - rise)} Td")
            at, rise = run.start, run.rise
        stretch = 100 * run.width / (natural * len(run.text))
        parts.append(f"{number(stretch)} Tz {font.encode(run.text)} Tj")
        last = index + 1 == len(runs)
        gap = natural / 2 if last else runs[index + 1].start - run.start - run.width
        behind = " " if not last else _end(runs, size)
        if behind:
            gap = max(gap, _LEAST)
            parts.append(f"{number(100 * gap / natural)} Tz {font.encode(behind)} Tj")
    return "\n".join(parts)


def _end(runs: Sequence[_Run], size: float) -> str:
    """What is to stand behind a line so that its last word stays a word of its own.

    Readers join a word that ends in a hyphen with the next line ("NĐ-" and "CP"
    became "NĐCP"), PDFium even across a space, but not across one that does not
    break. On a page of few words PDFium takes short lines above each other
    (numbers of table rows) for one word that runs down the page.
    """
    if runs[-1].text[-1] in _HYPHENS:
        return "\u00a0"
    return " " if runs[-1].start + runs[-1].width - runs[0].start < 2 * size else ""
