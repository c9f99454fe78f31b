"""A page as rows: words standing together on one line of one column.

Readers group words in their own way: some join the two columns of a head into
one line, some leave a stamped digit as a line of its own. The rules need one
form, so lines are cut at wide gaps and before the national name (Quốc hiệu),
and pieces of one line that stand close are put together again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from ocr.fields.leaning import straight_words
from ocr.fields.matching import Squeezed, distance, key, squeeze
from vocabulary.papers import Box, PageReading, Word

_GAP = 1.7  # of the line's height: wider than any space of justified text measured
_JOIN = 1.3  # of the line's height: a stamped digit stands nearer than this to its line
_DRAWN = frozenset("_=*~|.·…-—–")  # what rules and dotted lines are made of
_END_HYPHEN = re.compile(r"[\x02\xad]")
_ETH = frozenset("\u00d0\u00f0")
_SIGNS = frozenset({"-", "–", "&", "."})
_CUTS = ("conghoaxahoichunghia", "doclaptudohanh")


@dataclass(frozen=True)
class Row:
    """Words on one line of one column, left to right."""

    words: tuple[Word, ...]
    page: int

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def key(self) -> str:
        return key(self.text)

    @cached_property
    def squeezed(self) -> Squeezed:
        return squeeze(self.words)

    @cached_property
    def box(self) -> Box:
        return union(self.words)

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0

    @property
    def centre(self) -> float:
        return (self.box.x0 + self.box.x1) / 2

    @property
    def middle(self) -> float:
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True)
class Sheet:
    """A page for the rules: its rows from top to bottom, left to right."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]
    flags: tuple[str, ...] = ()

    @cached_property
    def body(self) -> tuple[float, float]:
        """Left and right edge of the text, from the long rows; the page's where there is none."""
        long = [row.box for row in self.rows if row.box.x1 - row.box.x0 > 0.55 * self.width]
        if len(long) < 3:
            return 0.14 * self.width, 0.92 * self.width
        return min(box.x0 for box in long), median(box.x1 for box in long)

    @property
    def centre(self) -> float:
        """Where centred rows have their middle."""
        left, right = self.body
        return (left + right) / 2

    def is_centred(self, row: Row) -> bool:
        """Whether the row stands in the middle of the text."""
        return abs(row.centre - self.centre) < 0.06 * self.width

    def below(self, y: float) -> tuple[Row, ...]:
        """Rows whose middle is below ``y``."""
        return tuple(row for row in self.rows if row.middle > y)


def union(words: Sequence[Word]) -> Box:
    """The box around words."""
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box


def sheet_of(page: PageReading) -> Sheet:
    """The rows of a page.

    Words without a letter, digit or punctuation of use (rules drawn with
    underscores, unmapped glyphs) are left out.
    """
    pieces = [
        piece for line in page.lines for piece in _cut(_useful(straight_words(page, line.words)))
    ]
    rows = [Row(tuple(words), page.number) for words in _rejoin(pieces)]
    rows = [row for row in rows if row.key]  # specks that a scanner's dirt was read as
    rows.sort(key=lambda row: (row.middle, row.box.x0))
    return Sheet(page.number, page.width_pt, page.height_pt, _steady(rows), page.flags)


def _useful(words: Iterable[Word]) -> list[Word]:
    kept = (_plain(word) for word in words if _says_something(word))
    return sorted(kept, key=lambda word: word.box.x0)


def _plain(word: Word) -> Word:
    """A hyphen at a line's end is a control character in some text layers; Đ an Icelandic eth."""
    if word.text.isprintable() and not _ETH & set(word.text):
        return word
    text = _END_HYPHEN.sub("-", word.text).replace("\u00d0", "Đ").replace("\u00f0", "đ")
    return replace(word, text=text)


def _says_something(word: Word) -> bool:
    if word.box.y1 <= word.box.y0 or word.text.startswith("(cid:"):
        return False
    return word.text in _SIGNS or not set(word.text) <= _DRAWN


def _cut(words: Sequence[Word]) -> list[list[Word]]:
    if not words:
        return []
    height = median(word.box.y1 - word.box.y0 for word in words)
    pieces = [[words[0]]]
    for before, word in pairwise(words):
        if word.box.x0 - before.box.x1 > _GAP * height:
            pieces.append([])
        pieces[-1].append(word)
    return [part for piece in pieces for part in _cut_before_nation(piece)]


def _cut_before_nation(words: list[Word]) -> list[list[Word]]:
    """Cuts "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI ..." where the right column begins."""
    keys = [key(word.text) for word in words]
    found: list[tuple[int, int]] = []
    for start in range(1, len(words)):
        if keys[start][:1] not in ("c", "d"):
            continue
        rest = "".join(keys[start : start + 8])
        for cut in _CUTS:
            limit = len(cut) // 5
            steps = distance(rest[: len(cut)], cut, limit)
            if rest[:1] == cut[:1] and steps <= limit:
                found.append((steps, start))
    if not found:
        return [words]
    place = min(found)[1]  # "... PHÙ CỪ CỘNG HÒA": the nearest, not the first
    return [words[:place], words[place:]]


def _rejoin(pieces: list[list[Word]]) -> list[list[Word]]:
    """Puts pieces of one line that stand close to each other together."""
    boxed = sorted(((union(piece), piece) for piece in pieces), key=lambda one: one[0].x0)
    joined: list[tuple[Box, list[Word]]] = []
    for box, piece in boxed:
        for place, (other, words) in enumerate(joined):
            if _continues(other, box) and not _opens_nation(piece):
                together = sorted([*words, *piece], key=lambda word: word.box.x0)
                joined[place] = (other.union(box), together)
                break
        else:
            joined.append((box, piece))
    return [words for _box, words in joined]


def _continues(left: Box, right: Box) -> bool:
    """Whether the right piece is of the left one's line; it may stand in a hole of it."""
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    low, tall = sorted((left.y1 - left.y0, right.y1 - right.y0))
    return overlap >= 0.55 * low and tall <= 1.8 * low and right.x0 - left.x1 < _JOIN * low


def _opens_nation(piece: list[Word]) -> bool:
    return key("".join(word.text for word in piece)).startswith(tuple(cut[:8] for cut in _CUTS))


def _steady(rows: list[Row]) -> tuple[Row, ...]:
    """Orders rows of one height left to right though their middles differ by a hair."""
    ordered: list[Row] = []
    band: list[Row] = []
    for row in rows:
        if band and row.middle - band[0].middle > 0.4 * min(row.height, band[0].height):
            ordered += sorted(band, key=lambda one: one.box.x0)
            band = []
        band.append(row)
    ordered += sorted(band, key=lambda one: one.box.x0)
    return tuple(ordered)
