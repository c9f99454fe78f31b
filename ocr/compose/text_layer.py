"""The invisible words of a page (text render mode 3), on the baselines of their lines.

Each line is one text object whose matrix lies on the line's baseline, so that
a skewed line stays one line; each word is stretched to the width of its box
and its space to the gap behind it, so that a selection covers what the eye
sees and extraction gives the words with one space between them. (Words as
boxes of their own split "Độc lập - Tự do".)
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

_LEAST = 0.05  # points; a word or gap narrower than this is given this much
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Run:
    """A word on its baseline: from ``start``, ``width`` long, in points along the line."""

    text: str
    start: float
    width: float


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
    # y points down in readings and up in PDF: the lean changes its sign
    matrix = (along[0], -along[1], along[1], along[0], x0, height - y0)
    start = " ".join(number(value) for value in matrix)
    shown = _show(runs, size, font)
    return f"BT\n3 Tr\n/{FONT} {number(size)} Tf\n{start} Tm\n{shown}\nET"


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
    at = 0.0
    for index, run in enumerate(runs):
        if abs(run.start - at) > 1e-9:
            parts.append(f"{number(run.start - at)} 0 Td")
            at = run.start
        stretch = 100 * run.width / (natural * len(run.text))
        parts.append(f"{number(stretch)} Tz {font.encode(run.text)} Tj")
        last = index + 1 == len(runs)
        gap = natural / 2 if last else runs[index + 1].start - run.start - run.width
        if not last or _short(runs, size):
            gap = max(gap, _LEAST)
            parts.append(f"{number(100 * gap / natural)} Tz {font.encode(' ')} Tj")
    return "\n".join(parts)


def _short(runs: Sequence[_Run], size: float) -> bool:
    """Whether PDFium might take the line for a part of a word that runs down the page.

    It does so on a page of few words with short lines above each other (numbers
    of table rows). A space behind the line keeps them apart. (Nothing keeps it
    from joining a word that ends in a hyphen with the next line: it looks
    behind spaces for one.)
    """
    return runs[-1].start + runs[-1].width - runs[0].start < 2 * size
