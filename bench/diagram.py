"""The reliability diagram: what is said of fields against what is right."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.field_scoring import Said
from bench.reliability import BINS, told_of, upper_bound

_SIDE: Final = 360
_EDGE: Final = 52
_WHOLE: Final = _SIDE + 2 * _EDGE
_TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

Point = tuple[float, bool]


def draw(said: Sequence[Said], path: Path) -> None:
    """A dot a bin, the larger the more fields it has, with its 95 % interval."""
    points = [(one[2], one[3]) for one in told_of(said)]
    parts = [_frame(), *(_tick(tick) for tick in _TICKS)]
    for low, high in pairwise(BINS):
        here = [point for point in points if low <= point[0] < high]
        if here:
            parts.append(_dot(here))
    parts.append("</svg>")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _frame() -> str:
    far, middle = _EDGE + _SIDE, _EDGE + _SIDE / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WHOLE} {_WHOLE}" '
        'font-family="sans-serif" font-size="12">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" '
        'stroke="#888"/>\n'
        f'<line x1="{_EDGE}" y1="{far}" x2="{far}" y2="{_EDGE}" stroke="#999" '
        'stroke-dasharray="4 3"/>\n'
        f'<text x="{middle}" y="{far + 38}" text-anchor="middle">confidence said</text>\n'
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">'
        "share of the fields that is right</text>"
    )


def _tick(value: float) -> str:
    x, y = _EDGE + value * _SIDE, _EDGE + (1 - value) * _SIDE
    return (
        f'<text x="{x:.0f}" y="{_EDGE + _SIDE + 16}" text-anchor="middle">{value:g}</text>'
        f'<text x="{_EDGE - 6}" y="{y + 4:.0f}" text-anchor="end">{value:g}</text>'
    )


def _dot(here: Sequence[Point]) -> str:
    count = len(here)
    mean = sum(confidence for confidence, _ in here) / count
    right = sum(right for _, right in here)
    least, most = 1 - upper_bound(count - right, count), upper_bound(right, count)
    x = _EDGE + mean * _SIDE
    y, top, bottom = (_EDGE + (1 - value) * _SIDE for value in (right / count, most, least))
    return (
        f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="#36c"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 2 * math.log10(count):.1f}" fill="#36c" '
        f'fill-opacity="0.7"><title>{count} fields</title></circle>'
    )
