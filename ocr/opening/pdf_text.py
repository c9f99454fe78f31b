"""Letters of a born-digital page to words and lines with boxes and baselines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ocr.opening.frames import box_through, point_through, turning
from ocr.opening.pdf_glyphs import Glyph
from ocr.ports import Matrix
from vocabulary.papers import Baseline, Box, Line, Word, WordSource
from vocabulary.text import nfc

TEXT_ENGINE: Final = "text-layer"
_SAME_BASELINE_EM: Final = 0.4  # superscripts stand 0.33 em above theirs
_COLUMN_GAP_EM: Final = 1.5  # justified lines leave up to about 1 em between words
_WORD_GAP_EM: Final = 1.2


@dataclass(slots=True)
class _Run:
    """A word while it grows, in the frame in which it stands upright."""

    text: str
    x0: float
    baseline: float
    x1: float
    top: float
    bottom: float
    size: float


def lines_of(
    glyphs: Iterable[Glyph], page_size: tuple[float, float], source: WordSource
) -> tuple[Line, ...]:
    """Words joined to lines, cut where a column or cell ends; boxes as shown on the page."""
    by_turn: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        by_turn.setdefault(glyph.turn, []).append(glyph)
    lines: list[Line] = []
    for turn, group in by_turn.items():
        upright = turning(*page_size, turn)
        back = np.asarray(np.linalg.inv(upright), dtype=np.float64)
        pieces = _pieces(_runs(group, upright))
        lines.extend(_line(piece, back, source) for piece in pieces)
    return tuple(lines)


def main_turn(glyphs: Sequence[Glyph]) -> int:
    """Degrees clockwise that set most of the page's letters upright."""
    counts: dict[int, int] = {}
    for glyph in glyphs:
        if not glyph.gap:
            counts[glyph.turn] = counts.get(glyph.turn, 0) + 1
    return max(counts, key=lambda turn: counts[turn]) if counts else 0


def _runs(glyphs: Iterable[Glyph], upright: Matrix) -> list[_Run]:
    runs: list[_Run] = []
    current: _Run | None = None
    for glyph in glyphs:
        if glyph.gap:
            current = None
            continue
        x, y = point_through(upright, glyph.x, glyph.y)
        box = box_through(upright, glyph.box)
        if current is not None and not _continues(current, x, y, glyph.size):
            current = None
        if current is None:
            current = _Run("", box.x0, y, box.x1, box.y0, box.y1, glyph.size)
            runs.append(current)
        current.text += glyph.text
        current.x0, current.x1 = min(current.x0, box.x0), max(current.x1, box.x1)
        current.top, current.bottom = min(current.top, box.y0), max(current.bottom, box.y1)
        current.size = max(current.size, glyph.size)
    return [run for run in runs if run.text.strip()]


def _continues(run: _Run, x: float, y: float, size: float) -> bool:
    em = max(size, run.size, 1.0)
    return abs(y - run.baseline) < _SAME_BASELINE_EM * em and -em < x - run.x1 < _WORD_GAP_EM * em


def _pieces(runs: list[_Run]) -> list[list[_Run]]:
    """Runs on one baseline, cut at wide gaps."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        row = rows[-1] if rows else None
        if row and run.baseline - row[0].baseline < _SAME_BASELINE_EM * max(
            row[0].size, run.size, 1.0
        ):
            row.append(run)
        else:
            rows.append([run])
    pieces: list[list[_Run]] = []
    for row in rows:
        row.sort(key=lambda run: run.x0)
        piece = [row[0]]
        for run in row[1:]:
            if run.x0 - piece[-1].x1 > _COLUMN_GAP_EM * max(run.size, piece[-1].size):
                pieces.append(piece)
                piece = []
            piece.append(run)
        pieces.append(piece)
    return pieces


def _line(runs: list[_Run], back: Matrix, source: WordSource) -> Line:
    words = tuple(
        Word(
            text=nfc(run.text.strip()),
            box=Box(*box_through(back, (run.x0, run.top, run.x1, run.bottom))),
            confidence=100.0,
            source=source,
            engine=TEXT_ENGINE,
        )
        for run in runs
    )
    baseline = float(np.median([run.baseline for run in runs]))
    start = point_through(back, runs[0].x0, baseline)
    end = point_through(back, runs[-1].x1, baseline)
    return Line(words, Baseline(*start, *end), max(run.size for run in runs))
