"""The small language for forms of numbers and symbols."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.types.patterns import MAX_LENGTH, parse


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("{d0-5}/GP-{s1-30}", ("12/GP-SKHCN", "/GP-SKHCN", "12/gp - skhcn"), ("12/GP-", "1/QĐ-A")),
        ("{d4}", ("2024", "0000"), ("202", "20245", "２０２４", "20a4")),
        ("{d0-5}/QĐ-{s1-9}", ("15/QĐ-UBND", "15/QD-UBND"), ("15/NQ-UBND",)),
        ("{A2}{d2}", ("AB12", "ĐĂ12"), ("ab12", "A112")),
        ("{a1-3}{x2}", ("abc1d", "a12"), ("a1", "a-1")),
        ("{s1-9}", ("A&B.-1",), ("A/B", "")),
        ("{x1-9}{x1-9}-{x1-9}", ("abc-d",), ("a-b", "abc")),
    ],
)
def test_a_pattern_fits_the_whole_text(
    pattern: str, fits: tuple[str, ...], does_not: tuple[str, ...]
) -> None:
    read = parse(pattern)
    assert [text for text in fits if not read.matches(text)] == []
    assert [text for text in does_not if read.matches(text)] == []


@pytest.mark.parametrize(
    "wrong",
    ["", "{d", "d}", "{q}", "{d5-2}", "{d0}", "{d61}", "{d-}", "{d1-100}", "{}", "{d²}", "a" * 121],
)
def test_a_wrong_pattern_is_refused_in_two_languages(wrong: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse(wrong)
    vietnamese, english = refused.value.args
    assert vietnamese
    assert english
    assert vietnamese != english


def test_what_would_make_a_backtracking_matcher_explode_is_only_a_set_of_positions() -> None:
    """Forty times one to sixty letters over a long text: hours for one that tries again."""
    greedy = parse("{x1-60}" * 15)
    assert not greedy.matches("a" * MAX_LENGTH + "!")
    assert not greedy.matches("a" * (MAX_LENGTH - 1) + "!")
    assert greedy.matches("a" * MAX_LENGTH)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_pattern_is_read_or_refused_and_any_text_is_judged(pattern: str, text: str) -> None:
    try:
        read = parse(pattern)
    except ValueError:
        return
    assert isinstance(read.matches(text), bool)
