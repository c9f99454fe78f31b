"""Ruled tables are read cell by cell, whatever their cells hold."""

import numpy as np

from ocr.ports import CleanPage, PixelBox, VerticalRule
from ocr.reading_order import page_order
from ocr.table_cells import ruling_of

DPI = 200.0
EM = 36.0


def page(across: tuple[PixelBox, ...], down: tuple[VerticalRule, ...]) -> CleanPage:
    return CleanPage(np.zeros((2000, 1600), np.uint8), DPI, down, np.eye(3), 0.0, across=across)


def rule(y: float, left: float = 100, right: float = 1500) -> PixelBox:
    return (left, y, right, y + 3)


def down(x: float, top: float = 300, bottom: float = 900) -> VerticalRule:
    return VerticalRule(x, top, bottom)


def line(left: float, top: float, right: float) -> PixelBox:
    return (left, top, right, top + 36)


def order(ruled: CleanPage, *boxes: PixelBox) -> list[int]:
    ruling = ruling_of(ruled)
    placed = page_order(boxes, EM, None, [ruling.cell(box) for box in boxes])
    assert sorted(one.index for one in placed) == list(range(len(boxes)))
    return [one.index for one in placed]


TWO_BY_TWO = page((rule(300), rule(600), rule(900)), (down(100), down(800), down(1500)))


def test_lines_of_a_cell_stay_together():
    left = [line(120, top, 700) for top in (320, 370, 420)]
    right = [line(820, top, 1400) for top in (325, 375)]
    below = [line(120, 620, 700), line(820, 620, 1400), line(120, 670, 600)]
    assert order(TWO_BY_TWO, *left, *right, *below) == [0, 1, 2, 3, 4, 5, 7, 6]


def test_text_above_and_below_a_table_keeps_its_place():
    above, inside, below = line(100, 200, 1500), line(120, 320, 700), line(100, 950, 1500)
    assert order(TWO_BY_TWO, below, inside, above) == [2, 1, 0]


def test_blocks_tell_cells_apart():
    ruling = ruling_of(TWO_BY_TWO)
    boxes = [line(120, 320, 700), line(820, 320, 1400), line(120, 370, 700)]
    placed = page_order(boxes, EM, None, [ruling.cell(box) for box in boxes])
    blocks = {one.index: one.block for one in placed}
    assert blocks[0] == blocks[2] != blocks[1]


def test_a_merged_cell_is_one():
    """The rule between the rows ends at the middle: the right cell is two rows high."""
    merged = page((rule(300), rule(600, 100, 800), rule(900)), (down(100), down(800), down(1500)))
    boxes = [line(120, 320, 700), line(120, 620, 700), *(line(820, y, 1400) for y in (320, 580))]
    assert order(merged, *boxes) == [0, 2, 3, 1]


def test_a_torn_rule_is_whole():
    torn = page(
        (rule(300), rule(600, 100, 390), rule(601, 430, 1500), rule(900)),
        (down(100), down(800), down(1500)),
    )
    assert ruling_of(torn).cell(line(380, 500, 440)) == ruling_of(torn).cell(line(150, 330, 300))


def test_a_table_without_outer_rules_down_has_cells():
    open_sides = page((rule(300), rule(600), rule(900)), (down(800),))
    assert order(open_sides, line(820, 320, 1400), line(120, 330, 700), line(120, 380, 700)) == [
        1,
        2,
        0,
    ]


def test_an_underline_makes_no_cell():
    underlined = page((rule(300, 600, 1000), rule(800, 100, 400)), ())
    assert ruling_of(underlined).cell(line(650, 400, 950)) is None


def test_columns_inside_a_frame_are_columns():
    framed = page((rule(50), rule(1900)), (down(50, 50, 1900), down(1550, 50, 1900)))
    head = [line(120, 100, 600), line(800, 100, 1400), line(120, 150, 600), line(800, 150, 1400)]
    assert order(framed, *head, line(120, 300, 1400)) == [0, 2, 1, 3, 4]
