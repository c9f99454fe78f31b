"""Lines that come upon each other at one height."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.engines.own.fragments import met
from ocr.ports import VerticalRule

EM = 36.0
PLACES = st.integers(0, 6).map(lambda step: 20.0 * step)


@st.composite
def bands(draw: st.DrawFn) -> np.ndarray:
    """Left, x-top, right, baseline of some lines, many of them at the same places."""
    lines = []
    for _ in range(draw(st.integers(1, 7))):
        left, top = draw(PLACES), draw(PLACES)
        lines.append((left, top, left + 10 + draw(PLACES), top + 18))
    return np.array(lines)


@given(bands=bands())
def test_each_line_is_taken_in_once_and_by_one_that_is_still_there(bands: np.ndarray) -> None:
    gone: set[int] = set()
    for one, other in reversed(met(bands, EM, ())):
        assert one not in gone
        gone.add(other)


def test_a_word_apart_is_of_the_line_and_a_column_is_not() -> None:
    line, word, column = (0, 100, 200, 118), (212, 98, 300, 118), (330, 100, 400, 118)
    assert met(np.array([line, word, column], float), EM, ()) == [(0, 1)]


def test_the_next_line_is_another() -> None:
    assert met(np.array([(0, 100, 200, 118), (0, 140, 200, 158)], float), EM, ()) == []


def test_a_rule_parts_two_cells() -> None:
    cells = np.array([(0, 100, 200, 118), (212, 100, 300, 118)], float)
    rule = VerticalRule(206, 50, 150)
    assert met(cells, EM, (rule,)) == []
