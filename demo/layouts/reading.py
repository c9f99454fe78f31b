"""A layout as a reader of its text gives it: words with their places, appearances apart."""

from statistics import median

from demo.layouts.making import Layout
from demo.papers.model import PaperPage, SetLine
from ocr.reading_order import reading_order
from ocr.stamps import set_in
from vocabulary.papers import Baseline, Line, PageReading, Word, WordSource

_COLUMN_GAP_EM = 1.5


def readings(layout: Layout) -> tuple[PageReading, ...]:
    """The pages of a layout as born-digital pages are read."""
    stamps = {id(line) for line in layout.stamps}
    return tuple(_page(page, stamps) for page in layout.pages)


def _page(page: PaperPage, stamps: set[int]) -> PageReading:
    lines = [mark for mark in page.marks if isinstance(mark, SetLine)]
    printed = _joined([_line(line, "text") for line in lines if id(line) not in stamps])
    over = _joined([_line(line, "annotation") for line in lines if id(line) in stamps])
    found = set_in(printed, over)
    em = median(line.height for line in found)
    placed = reading_order([line.box for line in found], em)
    return PageReading(
        page.number, page.width_pt, page.height_pt, 0, "text", 0, 0.0,
        tuple(found[place.index] for place in placed),
    )  # fmt: skip


def _line(line: SetLine, source: WordSource) -> Line:
    words = tuple(Word(word.text, word.box, 100.0, source, "text-layer") for word in line.words)
    base = line.words[0].baseline
    return Line(
        words, Baseline(words[0].box.x0, base, words[-1].box.x1, base), line.words[0].style.size
    )


def _joined(lines: list[Line]) -> list[Line]:
    """Lines on one baseline with no wider gap between them than between words."""
    done: list[Line] = []
    for line in sorted(lines, key=lambda one: (one.baseline.y0, one.box.x0)):
        last = done[-1] if done else None
        if last and abs(last.baseline.y0 - line.baseline.y0) < 0.4 * line.height:
            gap = line.box.x0 - last.box.x1
            if -0.5 * line.height < gap < _COLUMN_GAP_EM * line.height:
                base = Baseline(*last.baseline[:2], line.baseline.x1, line.baseline.y0)
                done[-1] = Line((*last.words, *line.words), base, max(last.height, line.height))
                continue
        done.append(line)
    return done
