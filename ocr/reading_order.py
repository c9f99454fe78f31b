"""In which order lines are read: bands from top to bottom, columns inside a band.

Lines come as pieces that end at a column or cell. Pieces beside each other
make a row; rows that leave one white gutter free make a band of columns (the
head of a paper: issuer left, national motto right; the signature block), read
column by column; bands of three and more columns are tables without rules and
are read row by row. Tables with rules are read cell by cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocr.table_cells import Cell, cell_by_cell, tables

PieceBox = tuple[float, float, float, float]

_ROW_OVERLAP: Final = 0.45
_GUTTER_EM: Final = 0.8
_TABLE_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """Index of a piece and the block it belongs to, in reading order."""

    index: int
    block: int


def reading_order(boxes: Sequence[PieceBox], em: float) -> list[Placed]:
    """Order pieces by their boxes (left, top, right, bottom); ``em``: the page's font size."""
    placed: list[Placed] = []
    block = -1
    flowing = False
    for band in _bands(_rows(boxes), boxes, em):
        columns = _columns(band, boxes, em)
        if len(columns) == 1:
            if not flowing:
                block += 1
            flowing = True
            placed += [Placed(index, block) for row in band for index in row]
            continue
        flowing = False
        if len(columns) >= _TABLE_COLUMNS:
            for row in band:
                for index in row:
                    block += 1
                    placed.append(Placed(index, block))
            continue
        for column in columns:
            block += 1
            ordered = sorted(column, key=lambda index: (boxes[index][1], boxes[index][0]))
            placed += [Placed(index, block) for index in _by_rows(ordered, boxes)]
    return placed


def page_order(
    boxes: Sequence[PieceBox],
    em: float,
    gutter: float | None = None,
    cells: Sequence[Cell | None] = (),
) -> list[Placed]:
    """Order the pieces of a page that may show two pages and have ruled tables.

    Args:
        boxes: left, top, right, bottom of each piece.
        em: the page's font size, in units of the boxes.
        gutter: where two pages on one image part; the left is read first.
        cells: of each piece the table cell it stands in; empty: none does.
    """
    placed: list[Placed] = []
    for side in _sides(boxes, gutter):
        for part in _parts(side, boxes, cells):
            first = 1 + max((one.block for one in placed), default=-1)
            ordered = reading_order([boxes[index] for index in part], em)
            placed += [Placed(part[one.index], first + one.block) for one in ordered]
    return placed


def _sides(boxes: Sequence[PieceBox], gutter: float | None) -> tuple[list[int], ...]:
    if gutter is None:
        return (list(range(len(boxes))),)
    on_left = [(box[0] + box[2]) / 2 < gutter for box in boxes]
    return (
        [index for index, left in enumerate(on_left) if left],
        [index for index, left in enumerate(on_left) if not left],
    )


def _parts(
    side: Sequence[int], boxes: Sequence[PieceBox], cells: Sequence[Cell | None]
) -> Iterator[list[int]]:
    """What lies above a table, its cells one after another, what lies below it."""
    inside = [cells[index] for index in side] if cells else []
    rest = [index for place, index in enumerate(side) if not cells or inside[place] is None]
    for table in tables(inside):
        top = min(boxes[side[place]][1] for place in table)
        above = [index for index in rest if (boxes[index][1] + boxes[index][3]) / 2 < top]
        yield above
        rest = [index for index in rest if index not in above]
        for cell in cell_by_cell(table, inside):
            yield [side[place] for place in cell]
    yield rest


def _by_rows(indices: Sequence[int], boxes: Sequence[PieceBox]) -> list[int]:
    rows = _rows([boxes[index] for index in indices])
    return [indices[place] for row in rows for place in row]


def _rows(boxes: Sequence[PieceBox]) -> list[list[int]]:
    """Pieces that stand beside each other, left to right; rows from top to bottom."""
    rows: list[list[int]] = []
    spans: list[tuple[float, float]] = []
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i][1] + boxes[i][3]):
        _, top, _, bottom = boxes[index]
        for place in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            row_top, row_bottom = spans[place]
            shared = min(bottom, row_bottom) - max(top, row_top)
            least = max(min(bottom - top, row_bottom - row_top), 1e-6)
            if shared > _ROW_OVERLAP * least and not _over_another(boxes, rows[place], index):
                rows[place].append(index)
                count = len(rows[place])
                spans[place] = (
                    row_top + (top - row_top) / count,
                    row_bottom + (bottom - row_bottom) / count,
                )
                break
        else:
            rows.append([index])
            spans.append((top, bottom))
    for row in rows:
        row.sort(key=lambda index: boxes[index][0])
    return rows


def _over_another(boxes: Sequence[PieceBox], row: Sequence[int], index: int) -> bool:
    """Whether a piece stands over or under one of the row rather than beside it."""
    left, _, right, _ = boxes[index]
    for other in row:
        shared = min(right, boxes[other][2]) - max(left, boxes[other][0])
        if shared > 0.5 * min(right - left, boxes[other][2] - boxes[other][0]):
            return True
    return False


def _bands(
    rows: Sequence[Sequence[int]], boxes: Sequence[PieceBox], em: float
) -> list[list[Sequence[int]]]:
    """Neighbouring rows that share a gutter; single rows stay alone."""
    bands: list[list[Sequence[int]]] = []
    for row in rows:
        if bands and _belongs(bands[-1], row, boxes, em):
            bands[-1].append(row)
        else:
            bands.append([row])
    return bands


def _belongs(
    band: Sequence[Sequence[int]], row: Sequence[int], boxes: Sequence[PieceBox], em: float
) -> bool:
    members = [index for one in band for index in one]
    split = max(len(one) for one in band) > 1
    if not split and len(row) == 1:
        return False
    # far below: another part of the page
    bottom = max(boxes[index][3] for index in band[-1])
    if min(boxes[index][1] for index in row) - bottom > 4 * em:
        return False
    before = len(_gutters(members, boxes, em)) if split else 0
    after = len(_gutters([*members, *row], boxes, em))
    return after >= 1 and after >= before


def _gutters(
    indices: Sequence[int], boxes: Sequence[PieceBox], em: float
) -> list[tuple[float, float]]:
    """White stripes that no piece crosses, from left to right."""
    gutters = []
    reach = None
    for left, right in sorted((boxes[index][0], boxes[index][2]) for index in indices):
        if reach is not None and left - reach > _GUTTER_EM * em:
            gutters.append((reach, left))
        reach = right if reach is None else max(reach, right)
    return gutters


def _columns(
    band: Sequence[Sequence[int]], boxes: Sequence[PieceBox], em: float
) -> list[list[int]]:
    members = [index for row in band for index in row]
    gutters = _gutters(members, boxes, em)
    columns: list[list[int]] = [[] for _ in range(len(gutters) + 1)]
    for index in members:
        middle = (boxes[index][0] + boxes[index][2]) / 2
        columns[sum(middle > right for _, right in gutters)].append(index)
    return columns
