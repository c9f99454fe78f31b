"""One page to a :class:`vocabulary.papers.PageReading`: the room's whole way.

Born-digital pages give their own text. Scans are turned upright, cleaned for
recognition only, read, and everything found is mapped back to points on the
upright page, where the text layer and the person's eye need it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import numpy as np

from ocr.codes import read_codes
from ocr.coloured_ink import coloured_layer, worth_keeping
from ocr.ink import Ink, ink_of
from ocr.name_stamps import could_be_name, name_stamps, without_echoes
from ocr.opening.frames import box_through, point_through, turning
from ocr.opening.pages import OpenDocument, RawPage
from ocr.orientation import turned, upright
from ocr.plausible_words import plausible_share
from ocr.ports import CleanPage, Matrix, OcrEngine, Pixels, ReadLine, ReadWord
from ocr.reading_order import page_order
from ocr.stamps import set_in
from ocr.table_cells import Cell, ruling_of
from ocr.treatment import clean, treat
from ocr.word_choices import whole_word_alternatives
from vocabulary.papers import Baseline, Line, PageCode, PageReading, PageSource, Word

_LOW_CONFIDENCE: Final = 80.0
_SCRIBBLE_CONFIDENCE: Final = 62.0  # text in faces the net never saw reads at 75
_SCRIBBLE_SHARE: Final = 0.12
_ENOUGH_WORDS: Final = 20
_VIETNAMESE_SHARE: Final = 0.3  # Vietnamese papers 0.75 to 0.95, English, French, Russian to 0.11
_STROKE_LETTERS: Final = 3
_STROKE_CONFIDENCE: Final = 60.0
_DEFAULT_EM_PT: Final = 13.0
_FLAG_OF_STEP: Final = {
    "flattened": "photographed",
    "inverted": "inverted",
    "contrast_raised": "faint",
    "specks_removed": "noisy",
}


def read_page(document: OpenDocument, number: int, engine: OcrEngine) -> PageReading:
    """Read page ``number`` (from 1) of an opened document.

    Raises:
        Stopped: the page cannot be opened or read; the reason says why.
    """
    raw = document.page(number)
    if raw.pixels is None:
        return _own_reading(raw)
    return _scan_reading(raw, engine)


def _own_reading(raw: RawPage) -> PageReading:
    """A page that carries its own text (or nothing at all)."""
    upright = turning(raw.width_pt, raw.height_pt, raw.text_turn)
    wide, high = _upright_size(raw, raw.text_turn)
    own = [_mapped(line, upright) for line in raw.own_lines]
    lines = _in_order(
        set_in(
            [line for line in own if not _is_stamp(line)], [line for line in own if _is_stamp(line)]
        )
    )
    source: PageSource = "text" if lines else "blank"
    flags = raw.flags if lines else (*raw.flags, "blank")
    return PageReading(raw.number, wide, high, 0, source, raw.text_turn, 0.0, lines, flags)


def _scan_reading(raw: RawPage, engine: OcrEngine) -> PageReading:
    assert raw.pixels is not None
    # letters' size in pixels, whatever the page's own points say
    dpi = _pixels_an_inch(raw)
    treated = treat(raw.pixels, *dpi)
    lying = treated.upright(0)
    if not ink_of(lying, ()).present:
        return _own_or_blank(raw)
    turn, page = upright(treated, engine, lying)
    read = _without_scribble(engine.read(page))
    to_points = _to_upright_points(raw, page, turn)
    stamps = [_mapped(line, turning(raw.width_pt, raw.height_pt, turn)) for line in raw.own_lines]
    if engine.chooser is not None:
        read = engine.chooser.choose(_read_in_order(read, page))
    printed = [_line(line, to_points, engine.name) for line in read]
    shown = _Shown(turned(raw.pixels, turn), *(dpi[::-1] if turn in (90, 270) else dpi),
                   _upright_points(raw, turn))  # fmt: skip
    if raw.number == 1:
        printed += _coloured_lines(shown, engine, printed)
    stamped = _stamped_names(shown, engine, printed)
    own = (without_echoes(line, stamped) for line in printed)
    printed = [line for line in own if line is not None] + stamped
    unordered = set_in(printed, stamps)
    cells = _cells(page, unordered, to_points)
    lines = _in_order(unordered, _gutter_in_points(page, to_points), cells)
    wide, high = _upright_size(raw, turn)
    reading = PageReading(
        number=raw.number,
        width_pt=wide,
        height_pt=high,
        dpi=raw.dpi,
        source="scan",
        rotation=turn,
        skew_deg=page.skew_deg,
        lines=lines,
        flags=raw.flags,
        codes=tuple(_turned_code(raw, turn, code) for code in read_codes(raw)),
        treatment=page.steps,
    )
    flags = (*raw.flags, *_treatment_flags(page), *_flags(reading, ink_of(page, read)))
    return replace(reading, flags=flags)


def _pixels_an_inch(raw: RawPage) -> tuple[float, float]:
    """Across and down: a fax has twice as many pixels across as down."""
    across, down = (float(np.hypot(*raw.to_points[:2, column])) for column in (0, 1))
    return 72.0 / max(across, 1e-6), 72.0 / max(down, 1e-6)


def _treatment_flags(page: CleanPage) -> tuple[str, ...]:
    """What a person should know of the page's state."""
    flags = [flag for step, flag in _FLAG_OF_STEP.items() if step in page.steps]
    return tuple(flags if page.gutter is None else [*flags, "two_pages"])


def _gutter_in_points(page: CleanPage, to_points: Matrix) -> float | None:
    if page.gutter is None:
        return None
    return point_through(to_points, page.gutter, page.pixels.shape[0] / 2)[0]


def _turned_code(raw: RawPage, turn: int, code: PageCode) -> PageCode:
    if code.box is None:
        return code
    upright = turning(raw.width_pt, raw.height_pt, turn)
    return replace(code, box=box_through(upright, code.box))


@dataclass(frozen=True, slots=True)
class _Shown:
    """The page upright in its colours; ``to_points``: from its pixels to points of the page."""

    pixels: Pixels
    across: float
    down: float
    to_points: Matrix


def _coloured_lines(shown: _Shown, engine: OcrEngine, printed: list[Line]) -> list[Line]:
    """What is printed in colour alone at the head of the first page."""
    layer = coloured_layer(shown.pixels)
    if layer is None:
        return []
    page = clean(layer.pixels, shown.across, shown.down)
    to_points = shown.to_points @ _moved_down(layer.top) @ page.to_source
    found = [_line(line, to_points, engine.name) for line in _without_scribble(engine.read(page))]
    return [line for line in found if worth_keeping(line, printed)]


def _stamped_names(shown: _Shown, engine: OcrEngine, printed: list[Line]) -> list[Line]:
    """Names of those who sign, stamped in blue or violet: such ink is dropped with all colour."""
    found = []
    for stamp in name_stamps(shown.pixels, shown.across, shown.down):
        page = stamp.cleaned()
        to_points = shown.to_points @ stamp.to_page @ page.to_source
        lines = [_line(line, to_points, engine.name) for line in engine.read(page)]
        found += [line for line in lines if could_be_name(line, printed)]
    return found


def _without_scribble(lines: Sequence[ReadLine]) -> Sequence[ReadLine]:
    """Lines without what a pen or a picture was read as.

    A stroke of a signature makes a letter or two, unsure; a picture makes many
    words, unsure, and no word of any language among them.
    """
    words = [word for line in lines for word in line.words]
    if not words:
        return ()
    surety = float(np.mean([word.confidence for word in words]))
    language = plausible_share([word.text for word in words])
    if surety < _SCRIBBLE_CONFIDENCE and language < _SCRIBBLE_SHARE:
        return ()
    return [line for line in lines if not _is_stroke(line)]


def _is_stroke(line: ReadLine) -> bool:
    letters = sum(len(word.text) for word in line.words)
    surest = max(word.confidence for word in line.words)
    return letters <= _STROKE_LETTERS and surest < _STROKE_CONFIDENCE


def _is_stamp(line: Line) -> bool:
    return line.words[0].source == "annotation"


def _own_or_blank(raw: RawPage) -> PageReading:
    """An image without ink: blank, unless an annotation speaks on it."""
    reading = _own_reading(raw)
    return replace(reading, dpi=raw.dpi, source="scan" if reading.lines else "blank")


def _upright_size(raw: RawPage, turn: int) -> tuple[float, float]:
    if turn in (90, 270):
        return raw.height_pt, raw.width_pt
    return raw.width_pt, raw.height_pt


def _to_upright_points(raw: RawPage, page: CleanPage, turn: int) -> Matrix:
    """Pixels of the cleaned page to points of the upright page."""
    upright_points = turning(raw.width_pt, raw.height_pt, turn)
    return np.asarray(upright_points @ raw.to_points @ page.to_source)


def _upright_points(raw: RawPage, turn: int) -> Matrix:
    """Pixels of the page turned upright to points of the upright page."""
    assert raw.pixels is not None
    high, wide = raw.pixels.shape[:2]
    turn_back = np.linalg.inv(turning(wide, high, turn))
    return np.asarray(turning(raw.width_pt, raw.height_pt, turn) @ raw.to_points @ turn_back)


def _moved_down(rows: int) -> Matrix:
    return np.array([[1, 0, 0], [0, 1, rows], [0, 0, 1]], dtype=np.float64)


def _line(line: ReadLine, to_points: Matrix, engine: str) -> Line:
    words = tuple(_word(word, to_points, engine) for word in line.words)
    x0, y0, x1, y1 = line.baseline
    start, end = point_through(to_points, x0, y0), point_through(to_points, x1, y1)
    down = point_through(to_points, x0, y0 + line.size)
    height = float(np.hypot(down[0] - start[0], down[1] - start[1]))
    return Line(words, Baseline(*start, *end), height)


def _word(word: ReadWord, to_points: Matrix, engine: str) -> Word:
    return Word(
        text=word.text,
        box=box_through(to_points, word.box),
        confidence=word.confidence,
        source="ocr",
        engine=engine,
        raw=word.raw,
        alternatives=whole_word_alternatives(word),
    )


def _mapped(line: Line, matrix: Matrix) -> Line:
    """A line of the page as shown, on the upright page."""
    x0, y0, x1, y1 = line.baseline
    return replace(
        line,
        words=tuple(replace(word, box=box_through(matrix, word.box)) for word in line.words),
        baseline=Baseline(*point_through(matrix, x0, y0), *point_through(matrix, x1, y1)),
    )


def _in_order(
    lines: Sequence[Line], gutter: float | None = None, cells: Sequence[Cell | None] = ()
) -> tuple[Line, ...]:
    """Lines in reading order, each with its block; the left of two pages before the right."""
    if not lines:
        return ()
    em = median([line.height for line in lines]) or _DEFAULT_EM_PT
    placed = page_order([line.box for line in lines], em, gutter, cells)
    return tuple(replace(lines[place.index], block=place.block) for place in placed)


def _read_in_order(lines: Sequence[ReadLine], page: CleanPage) -> list[ReadLine]:
    if not lines:
        return []
    em = median([line.size for line in lines])
    boxes = [line.box for line in lines]
    ruling = ruling_of(page)
    cells = [ruling.cell(box) for box in boxes]
    return [lines[place.index] for place in page_order(boxes, em, page.gutter, cells)]


def _cells(page: CleanPage, lines: Sequence[Line], to_points: Matrix) -> list[Cell | None]:
    """The table cell of each line; ``to_points`` maps the page's pixels to the lines' points."""
    ruling = ruling_of(page)
    back = np.asarray(np.linalg.inv(to_points), dtype=np.float64)
    return [ruling.cell(box_through(back, line.box)) for line in lines]


def _flags(reading: PageReading, ink: Ink) -> tuple[str, ...]:
    flags = []
    confidence = reading.confidence
    if confidence is not None and confidence < _LOW_CONFIDENCE:
        flags.append("low_confidence")
    if ink.without_text:
        flags.append("ink_without_text")
    words = [word.text for word in reading.words]
    if len(words) >= _ENOUGH_WORDS and plausible_share(words) < _VIETNAMESE_SHARE:
        flags.append("other_language")
    return tuple(flags)
