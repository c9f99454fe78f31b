"""Words of a born-digital page to lines with boxes and baselines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Final

import numpy as np

from ocr.opening.frames import box_through, point_through, turning
from ocr.opening.legacy_encodings import LegacyEncoding, decode, draws_capitals
from ocr.opening.pdf_glyphs import Glyph
from ocr.opening.pdf_runs import SAME_BASELINE_EM, Run, runs_of
from ocr.opening.text_trust import FontText, encodings_of
from ocr.opening.written_text import joined_letters, spelled
from ocr.ports import Matrix
from vocabulary.papers import Baseline, Box, Line, Word, WordSource

TEXT_ENGINE: Final = "text-layer"
_COLUMN_GAP_EM: Final = 1.5  # justified lines leave up to about 1 em between words
_SPACED_LETTERS: Final = 4
_SPACED_WORD: Final = 1.6  # a word's gap to a letter's in a letter-spaced title


@dataclass(frozen=True, slots=True)
class Written:
    """Lines of text, and what its fonts say, by font name."""

    lines: tuple[Line, ...]
    fonts: Mapping[str, FontText]


def lines_of(
    glyphs: Iterable[Glyph], page_size: tuple[float, float], source: WordSource
) -> Written:
    """Words joined to lines, cut where a column or cell ends; boxes as shown on the page."""
    by_turn: dict[int, list[Glyph]] = {}
    turn = 0
    for glyph in glyphs:
        turn = turn if glyph.gap else glyph.style.turn
        by_turn.setdefault(turn, []).append(glyph)
    runs = {turn: runs_of(group, page_size, turn) for turn, group in by_turn.items()}
    fonts = encodings_of(_texts([run for group in runs.values() for run in group]))
    lines: list[Line] = []
    for turn, group in runs.items():
        back = np.asarray(np.linalg.inv(turning(*page_size, turn)), dtype=np.float64)
        for run in group:
            run.text = _text(run, fonts)
        pieces = _pieces([run for run in group if run.text.strip()])
        lines.extend(_line(_unspaced(piece), back, source) for piece in pieces)
    return Written(tuple(lines), fonts)


def main_turn(glyphs: Sequence[Glyph]) -> int:
    """Degrees clockwise that set most of the page's letters upright."""
    counts: dict[int, int] = {}
    for glyph in glyphs:
        if not glyph.gap:
            counts[glyph.style.turn] = counts.get(glyph.style.turn, 0) + 1
    return max(counts, key=lambda turn: counts[turn]) if counts else 0


def _texts(runs: Sequence[Run]) -> Mapping[str, str]:
    """What stands in each font, word by word, as coded."""
    texts: dict[str, list[str]] = {}
    for run in runs:
        for font, parts in groupby(run.parts, key=lambda part: part.font):
            texts.setdefault(font, []).append("".join(part.text for part in parts))
    return {font: " ".join(words) for font, words in texts.items()}


def _text(run: Run, fonts: Mapping[str, FontText]) -> str:
    pieces = []
    for font, parts in groupby(run.parts, key=lambda part: part.font):
        text = "".join(part.text for part in parts)
        encoding: LegacyEncoding | None = fonts[font].encoding
        if encoding is not None:
            text = decode(text, encoding, capitals=draws_capitals(font))
        pieces.append(text)
    return spelled("".join(pieces))


def _pieces(runs: list[Run]) -> list[list[Run]]:
    """Runs on one baseline, cut at wide gaps."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        row = rows[-1] if rows else None
        if row and run.baseline - row[0].baseline < SAME_BASELINE_EM * max(
            row[0].size, run.size, 1.0
        ):
            row.append(run)
        else:
            rows.append([run])
    pieces: list[list[Run]] = []
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


def _unspaced(runs: list[Run]) -> list[Run]:
    """Letter-spaced titles ("Q U Y Ế T  Đ Ị N H") as the words they are."""
    done: list[Run] = []
    for single, group in groupby(runs, key=lambda run: len(run.text) == 1 and run.text.isalpha()):
        letters = list(group)
        if single and len(letters) >= _SPACED_LETTERS:
            letters = _words_of_letters(letters)
        done += letters
    return done


def _words_of_letters(letters: list[Run]) -> list[Run]:
    gaps = [after.x0 - before.x1 for before, after in pairwise(letters)]
    usual = median(gaps)
    words = [[letters[0]]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap > _SPACED_WORD * usual:
            words.append([])
        words[-1].append(letter)
    if len(words) == 1:
        syllables = joined_letters("".join(letter.text for letter in letters))
        if syllables is None:
            return letters
        places = iter(letters)
        words = [[next(places) for _ in syllable] for syllable in syllables]
    elif any(joined_letters("".join(run.text for run in word)) is None for word in words):
        return letters
    return [_joined(word) for word in words]


def _joined(runs: list[Run]) -> Run:
    return Run(
        x0=min(run.x0 for run in runs),
        baseline=runs[0].baseline,
        x1=max(run.x1 for run in runs),
        top=min(run.top for run in runs),
        bottom=max(run.bottom for run in runs),
        size=max(run.size for run in runs),
        text="".join(run.text for run in runs),
    )


def _line(runs: list[Run], back: Matrix, source: WordSource) -> Line:
    words = tuple(
        Word(
            text=run.text.strip(),
            box=Box(*box_through(back, (run.x0, run.top, run.x1, run.bottom))),
            confidence=100.0,
            source=source,
            engine=TEXT_ENGINE,
        )
        for run in runs
    )
    baseline = median([run.baseline for run in runs])
    start = point_through(back, runs[0].x0, baseline)
    end = point_through(back, runs[-1].x1, baseline)
    return Line(words, Baseline(*start, *end), max(run.size for run in runs))
