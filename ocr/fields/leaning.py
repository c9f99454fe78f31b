"""Pages that lean are laid out for the rules as if they stood straight.

Boxes are those of the page as it is, for the eye; lines of a page that leans by a
degree overlap in them. Places given back are those of the leaning page again.
"""

from dataclasses import replace
from math import cos, radians, sin

from vocabulary.papers import Box, PageReading, Word

_SLIGHT_DEG = 0.12  # over a line of 450 pt less than a point


def straight_words(page: PageReading, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words with boxes as they would be without the page's lean."""
    if abs(page.skew_deg) < _SLIGHT_DEG:
        return words
    return tuple(replace(word, box=_straight(word.box, page)) for word in words)


def leaning_box(box: Box, page: PageReading) -> Box:
    """Where a box of the straight page is on the page as it is: the box around its corners."""
    if abs(page.skew_deg) < _SLIGHT_DEG:
        return box
    corners = [_turned(x, y, page, -1.0) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _straight(box: Box, page: PageReading) -> Box:
    """Middle turned back; width and height without what leaning added to them."""
    x, y = _turned((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, page, 1.0)
    lean = abs(sin(radians(page.skew_deg)))
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    width = max(wide - lean * high, 0.6 * wide) / 2
    height = max(high - lean * wide, 0.4 * high) / 2
    return Box(x - width, y - height, x + width, y + height)


def _turned(x: float, y: float, page: PageReading, way: float) -> tuple[float, float]:
    """A point turned about the page's middle; ``way`` 1 straightens, -1 leans again."""
    angle = way * radians(page.skew_deg)
    middle_x, middle_y = page.width_pt / 2, page.height_pt / 2
    right, down = x - middle_x, y - middle_y
    return (
        middle_x + right * cos(angle) - down * sin(angle),
        middle_y + right * sin(angle) + down * cos(angle),
    )
