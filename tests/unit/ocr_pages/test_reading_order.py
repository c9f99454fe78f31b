"""Heads and signature blocks are read column by column, tables row by row."""

from ocr.reading_order import reading_order

EM = 14.0


def order(*boxes: tuple[float, float, float, float]) -> list[int]:
    return [placed.index for placed in reading_order(boxes, EM)]


def line(left: float, top: float, right: float) -> tuple[float, float, float, float]:
    return (left, top, right, top + 14)


def test_running_text_goes_from_top_to_bottom_in_one_block():
    boxes = [line(80, 200, 500), line(80, 100, 500), line(80, 120, 500)]
    placed = reading_order(boxes, EM)
    assert [place.index for place in placed] == [1, 2, 0]
    assert {place.block for place in placed} == {0}


def test_the_head_is_read_issuer_first_then_the_motto_then_the_body():
    head = [line(60, 60, 250), line(300, 60, 540), line(80, 78, 230), line(330, 78, 510)]
    placed = reading_order([*head, line(60, 140, 540), line(60, 160, 540)], EM)
    assert [place.index for place in placed] == [0, 2, 1, 3, 4, 5]
    assert [place.block for place in placed] == [0, 0, 1, 1, 2, 2]


def test_columns_of_unequal_length_stay_together():
    assert order(line(60, 60, 250), line(300, 60, 540), line(80, 78, 230), line(300, 96, 540)) == [
        0,
        2,
        1,
        3,
    ]


def test_a_table_is_read_row_by_row_each_cell_a_block():
    rows = [
        box
        for top in (100, 120)
        for box in (line(60, top, 90), line(150, top, 300), line(350, top, 500))
    ]
    placed = reading_order(rows, EM)
    assert [place.index for place in placed] == [0, 1, 2, 3, 4, 5]
    assert len({place.block for place in placed}) == 6


def test_no_line_is_lost_or_doubled():
    boxes = [
        line(x, y, x + 60 + 37 * (x % 3)) for x in range(0, 500, 83) for y in range(0, 700, 31)
    ]
    assert sorted(order(*boxes)) == list(range(len(boxes)))


def test_a_page_without_lines_has_no_order():
    assert order() == []
