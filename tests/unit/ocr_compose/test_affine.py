"""Pages turned and scaled stand where they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.compose.affine import allowed_size, box_through, number, then, turned, upright_sheet


@pytest.mark.parametrize(
    ("degrees", "corner"),
    [
        (0, (0, 50)),
        (90, (50, 100)),
        (180, (100, 0)),
        (270, (0, 0)),
        (450, (50, 100)),
        (-90, (0, 0)),
    ],
)
def test_the_upper_left_corner_goes_where_a_clockwise_turn_takes_it(
    degrees: int, corner: tuple[int, int]
) -> None:
    a, b, c, d, e, f = turned(100, 50, degrees)
    assert (c * 50 + e + a * 0, d * 50 + f + b * 0) == corner


@given(
    st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(10, 3000), st.floats(10, 3000)),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.1, 10),
)
def test_the_visible_box_fills_the_sheet(
    box: tuple[float, float, float, float], degrees: int, unit: float
) -> None:
    left, bottom, wide, high = box
    visible = (left, bottom, left + wide, bottom + high)
    sheet = upright_sheet(visible, degrees, unit)
    assert box_through(sheet.matrix, visible) == pytest.approx(
        (0, 0, sheet.width, sheet.height), abs=1e-6 * max(sheet.width, sheet.height)
    )


def test_four_quarter_turns_are_none() -> None:
    whole = then(
        then(turned(30, 20, 90), turned(20, 30, 90)), then(turned(30, 20, 90), turned(20, 30, 90))
    )
    assert whole == pytest.approx((1, 0, 0, 1, 0, 0))


@pytest.mark.parametrize(
    ("size", "allowed"),
    [
        ((595, 842), (595, 842)),
        ((28_800, 14_400), (14_400, 7_200)),
        ((1, 500), (3, 500)),
        ((100_000, 1), (14_400, 3)),
    ],
)
def test_sheets_keep_to_the_sides_pdfa_allows(
    size: tuple[int, int], allowed: tuple[int, int]
) -> None:
    assert allowed_size(*size) == pytest.approx(allowed)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.0, "0"), (1e-9, "0"), (12.5, "12.5"), (595.2, "595.2"), (1e7, "10000000")],
)
def test_numbers_are_written_without_exponent(value: float, text: str) -> None:
    assert number(value) == text
