"""Setting text on sheets: lines, paragraphs, rules, page breaks.

A :class:`Sheet` is the hand that moves down the page; what it leaves behind
are the frozen marks of :mod:`demo.papers.model`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from demo.papers.fonts import metrics, text_width
from demo.papers.model import (
    A4,
    GREY,
    MM,
    Mark,
    PaperCode,
    PaperPage,
    PaperWord,
    Rule,
    SetLine,
    Style,
    set_word,
)

Align = Literal["left", "centre", "right", "justify"]
Run = tuple[str, Style]
"""Text of one style; runs of a paragraph are joined by a space."""


@dataclass(frozen=True, slots=True)
class Margins:
    """White borders in points. Decree 30/2020: top, bottom 20-25, left 30-35, right 15-20 mm."""

    top: float = 20 * MM
    right: float = 17 * MM
    bottom: float = 20 * MM
    left: float = 30 * MM


def tokens(runs: Iterable[Run]) -> list[Run]:
    """The words of the runs, each with its style."""
    return [(word, style) for text, style in runs for word in text.split()]


def _space(style: Style) -> float:
    return text_width(" ", style.face, style.size, style.tracking) + style.tracking


def natural_width(words: Sequence[Run]) -> float:
    """Width in points of words set with ordinary spaces."""
    letters = sum(_word_width(word, style) for word, style in words)
    return letters + sum(_space(style) for _, style in words[:-1])


def _word_width(word: str, style: Style) -> float:
    return text_width(word, style.face, style.size, style.tracking) - style.tracking


def broken(words: Sequence[Run], width: float, indent: float = 0.0) -> list[list[Run]]:
    """Words broken into lines no wider than ``width``; the first begins after ``indent``."""
    lines: list[list[Run]] = [[]]
    used = indent
    for word, style in words:
        step = _word_width(word, style)
        if lines[-1]:
            step += _space(lines[-1][-1][1])
        if lines[-1] and used + step > width:
            lines.append([])
            used, step = 0.0, _word_width(word, style)
        lines[-1].append((word, style))
        used += step
    return lines


def balanced(words: Sequence[Run], width: float) -> list[list[Run]]:
    """As few lines as :func:`broken` makes, but none much shorter than the others."""
    lines = broken(words, width)
    count = len(lines)
    while count > 1 and width > 40:
        width -= 6
        narrower = broken(words, width)
        if len(narrower) > count or any(natural_width(line) > width for line in narrower):
            break
        lines = narrower
    return lines


def set_line(words: Sequence[Run], x: float, baseline: float, extra: float = 0.0) -> SetLine:
    """Words set from ``x``; ``extra`` points are added to every space (justified lines)."""
    placed: list[PaperWord] = []
    for text, style in words:
        word = set_word(text, x, baseline, style)
        placed.append(word)
        x = word.box.x1 + _space(style) + extra
    return SetLine(tuple(placed))


class Sheet:
    """Pages in the making. ``y`` is the cursor: where the next line's top will be."""

    def __init__(
        self,
        size: tuple[float, float] = A4,
        margins: Margins | None = None,
        footer: str | None = None,
        page_number_style: Style | None = None,
    ) -> None:
        self.width, self.height = size
        self.margins = margins or Margins()
        self.footer = footer
        self.page_number_style = page_number_style or Style(size=13)
        self.pages: list[PaperPage] = []
        self.marks: list[Mark] = []
        self.codes: list[PaperCode] = []
        self.y = self.margins.top

    @property
    def left(self) -> float:
        return self.margins.left

    @property
    def right(self) -> float:
        return self.width - self.margins.right

    @property
    def text_width(self) -> float:
        return self.right - self.left

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def room(self) -> float:
        """Points left above the bottom margin."""
        return self.height - self.margins.bottom - self.y

    def add(self, *marks: Mark) -> None:
        self.marks.extend(marks)

    def feed(self, points: float) -> None:
        self.y += points

    def need(self, points: float) -> None:
        """Go to a new page if fewer points than these are left."""
        if self.room < points:
            self.turn()

    def turn(self, size: tuple[float, float] | None = None) -> None:
        """End this page and begin the next, of another size if given."""
        self._end_page()
        if size:
            self.width, self.height = size
        self.y = self.margins.top
        # Decree 30/2020: Arabic numerals, centred in the top margin, not on the first page.
        number = [(str(len(self.pages) + 1), self.page_number_style)]
        x = (self.width - natural_width(number)) / 2
        self.add(set_line(number, x, 13.5 * MM))

    def _end_page(self) -> None:
        if self.footer:
            words = tokens([(self.footer, Style(size=9, colour=GREY))])
            x = (self.width - natural_width(words)) / 2
            self.add(set_line(words, x, self.height - 9 * MM))
        self.pages.append(
            PaperPage(
                number=len(self.pages) + 1,
                width_pt=self.width,
                height_pt=self.height,
                marks=tuple(self.marks),
                codes=tuple(self.codes),
            )
        )
        self.marks, self.codes = [], []

    def finish(self) -> tuple[PaperPage, ...]:
        """End the last page; all pages in order."""
        self._end_page()
        return tuple(self.pages)

    def line(
        self,
        runs: Iterable[Run],
        x: float | None = None,
        align: Align = "left",
        leading: float = 1.2,
    ) -> SetLine:
        """One line; ``x`` is its left end, middle or right end as ``align`` says."""
        words = tokens(runs)
        width = natural_width(words)
        anchor = {"left": self.left, "centre": self.centre, "right": self.right}.get(
            align, self.left
        )
        at = anchor if x is None else x
        start = at - {"centre": width / 2, "right": width}.get(align, 0.0)
        size = max(style.size for _, style in words)
        line = set_line(words, start, self._baseline(size, words[0][1]))
        self.add(line)
        self.feed(size * leading)
        return line

    def _baseline(self, size: float, style: Style) -> float:
        return self.y + metrics(style.face).ascent * size

    def paragraph(
        self,
        runs: Iterable[Run],
        *,
        x0: float | None = None,
        x1: float | None = None,
        indent: float = 10 * MM,
        align: Align = "justify",
        leading: float = 1.3,
        after: float = 4.0,
        breaks: bool = True,
    ) -> None:
        """A wrapped paragraph between ``x0`` and ``x1``; breaks over pages unless told not to.

        Centred paragraphs are broken into lines of about the same length.
        """
        left = self.left if x0 is None else x0
        right = self.right if x1 is None else x1
        words_of_all = tokens(runs)
        lines = broken(words_of_all, right - left, indent)
        if align == "centre":
            lines = balanced(words_of_all, right - left)
        for number, words in enumerate(lines):
            size = max(style.size for _, style in words)
            if breaks:
                self.need(size * leading)
            start = left + (indent if number == 0 else 0.0)
            slack = right - start - natural_width(words)
            extra = 0.0
            if align == "centre":
                start += slack / 2
            elif align == "right":
                start += slack
            elif align == "justify" and number < len(lines) - 1 and len(words) > 1:
                extra = slack / (len(words) - 1)
            self.add(set_line(words, start, self._baseline(size, words[0][1]), extra))
            self.feed(size * leading)
        self.feed(after)

    def underline(self, x0: float, x1: float, width: float = 0.7) -> None:
        """A rule a little below the cursor."""
        self.y += 2.2
        self.add(Rule(x0, self.y, x1, self.y, width))

    def leader(self, x0: float, x1: float, baseline: float, style: Style) -> None:
        """Dots from ``x0`` to ``x1``, as forms have them; no words."""
        step = text_width(".", style.face, style.size)
        if x1 - x0 > 3 * step:
            self.add(Rule(x0, baseline - 0.4, x1, baseline - 0.4, 0.9, dash=(0.9, step - 0.9)))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ruled table: its share of the width, how its cells are set."""

    share: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row's texts and style."""

    texts: Sequence[str]
    style: Style


def table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Cells], pad: float = 4.0) -> None:
    """A table with ruled cells over the text width; rows never break, pages do between them."""
    total = sum(column.share for column in columns)
    edges = [sheet.left]
    for column in columns:
        edges.append(edges[-1] + sheet.text_width * column.share / total)
    for row in rows:
        _row(sheet, columns, edges, row, pad)
    sheet.feed(6)


def _row(
    sheet: Sheet, columns: Sequence[Column], edges: Sequence[float], row: Cells, pad: float
) -> None:
    size = row.style.size
    spans = list(pairwise(edges))
    cells = [
        broken(tokens([(text, row.style)]), right - left - 2 * pad)
        for text, (left, right) in zip(row.texts, spans, strict=True)
    ]
    height = max(len(lines) for lines in cells) * size * 1.2 + 2 * pad
    sheet.need(height)
    top, bottom = sheet.y, sheet.y + height
    for lines, column, (left, right) in zip(cells, columns, spans, strict=True):
        sheet.y = top + (height - len(lines) * size * 1.2) / 2
        for words in lines:
            if words:
                middle = column.align == "centre"
                x = (left + right) / 2 if middle else left + pad
                sheet.line(words, x, "centre" if middle else "left")
        for x in (left, right):
            sheet.add(Rule(x, top, x, bottom, 0.5))
    for y in (top, bottom):
        sheet.add(Rule(edges[0], y, edges[-1], y, 0.5))
    sheet.y = bottom
