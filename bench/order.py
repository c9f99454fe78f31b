"""How much of the reading order is right: pairs of neighbouring words found again.

The order that a person would read in is made from what a born-digital page
itself tells (its ruled cells, its gaps), never by the product's own rules:
table cells one after another, the columns of a head and of a signature block
one after another, everything else line by line.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import pdfplumber

from bench.scoring import Placed, normal
from vocabulary.papers import Box

_GAP_EM: Final = 1.5  # a wider gap parts columns
_NEAR_EM: Final = 1.0  # lines of one band of columns stand no farther apart

Piece = list[Placed]


def bigram_recall(truth: Sequence[Placed], read: Sequence[Placed]) -> tuple[int, int]:
    """Pairs of neighbouring words of the truth that were read as neighbours; pairs in all."""
    wanted, found = (Counter(pairwise(_plain(words))) for words in (truth, read))
    return (wanted & found).total(), wanted.total()


def _plain(words: Sequence[Placed]) -> list[str]:
    return [part for word in words for part in normal(word.text).split()]


def in_reading_order(words: Sequence[Placed], cells: Sequence[Sequence[Box]]) -> list[Placed]:
    """Words in the order a person reads them.

    Args:
        words: of one page, in any order.
        cells: of each table its cells.
    """
    items: list[tuple[float, list[Placed]]] = []
    rest = list(words)
    for table in cells:
        inside, rest = _taken(rest, table)
        if inside:
            items.append((min(cell.y0 for cell in table), inside))
    items += [(min(word.box.y0 for word in band), band) for band in _bands(_lines(rest))]
    return [word for _, ordered in sorted(items, key=lambda item: item[0]) for word in ordered]


def _taken(words: list[Placed], table: Sequence[Box]) -> tuple[list[Placed], list[Placed]]:
    """Words inside a table, cell by cell; and the others."""
    by_cell: dict[int, list[Placed]] = {}
    rest = []
    ordered = sorted(table, key=lambda cell: (round(cell.y0), cell.x0))
    for word in words:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        for number, cell in enumerate(ordered):
            if cell.x0 <= x <= cell.x1 and cell.y0 <= y <= cell.y1:
                by_cell.setdefault(number, []).append(word)
                break
        else:
            rest.append(word)
    inside = [
        word for number in sorted(by_cell) for line in _lines(by_cell[number]) for word in line
    ]
    return inside, rest


def _lines(words: Sequence[Placed]) -> list[Piece]:
    """Words on one height, left to right; lines from top to bottom."""
    lines: list[Piece] = []
    for word in sorted(words, key=lambda word: word.box.y0 + word.box.y1):
        middle = (word.box.y0 + word.box.y1) / 2
        for line in lines[-2:]:
            box = line[0].box
            if box.y0 + 0.25 * (box.y1 - box.y0) < middle < box.y1 - 0.25 * (box.y1 - box.y0):
                line.append(word)
                break
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.box.x0)
    return lines


def _pieces(line: Piece) -> list[Piece]:
    pieces = [[line[0]]]
    for before, word in pairwise(line):
        if word.box.x0 - before.box.x1 > _GAP_EM * (word.box.y1 - word.box.y0):
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _bands(lines: Sequence[Piece]) -> list[list[Placed]]:
    """Single lines, and bands of lines in two columns read one column after the other."""
    bands: list[list[Placed]] = []
    place = 0
    while place < len(lines):
        gutter = _gutter(lines[place])
        reach = place
        if gutter is not None:
            gutter, reach = _widest_band(lines, place, gutter)
        if gutter is None or reach == place:
            bands.append(list(lines[place]))
        else:
            middle = sum(gutter) / 2
            band = lines[place : reach + 1]
            left = [word for line in band for word in line if word.box.x0 < middle]
            right = [word for line in band for word in line if word.box.x0 >= middle]
            bands.append(left + right)
        place = reach + 1
    return bands


def _gutter(line: Piece) -> tuple[float, float] | None:
    pieces = _pieces(line)
    if len(pieces) != 2:
        return None
    return pieces[0][-1].box.x1, pieces[1][0].box.x0


def _widest_band(
    lines: Sequence[Piece], place: int, gutter: tuple[float, float]
) -> tuple[tuple[float, float], int]:
    """The gutter that the following lines leave free, and the last line that does."""
    reach = place
    for number in range(place + 1, len(lines)):
        line, before = lines[number], lines[number - 1]
        em = line[0].box.y1 - line[0].box.y0
        pieces = _pieces(line)
        left = [piece for piece in pieces if piece[-1].box.x1 <= (gutter[0] + gutter[1]) / 2]
        right = [piece for piece in pieces if piece not in left]
        edges = (
            max([gutter[0], *(piece[-1].box.x1 for piece in left)]),
            min([gutter[1], *(piece[0].box.x0 for piece in right)]),
        )
        far = line[0].box.y0 - max(word.box.y1 for word in before) > _NEAR_EM * em * (
            1.0 if len(pieces) == 1 else 3.0
        )
        if far or edges[1] - edges[0] < 0.5 * em or len(pieces) > 2:
            break
        gutter, reach = edges, number
    return gutter, reach


def cells_of(path: Path, number: int) -> list[list[Box]]:
    """The ruled cells of each table of a born-digital page, in points from the top left."""
    with pdfplumber.open(path) as pdf:
        return [
            [Box(*(float(value) for value in cell)) for cell in table.cells]
            for table in pdf.pages[number - 1].find_tables()
            if len(table.cells) >= 4
        ]
