"""A letter that the net read as two becomes one; two that stand there stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.engines.own.net import Letter
from ocr.engines.own.twins import without_twins


def letters(text: str, *, steps: int = 1, sure: float = 0.99) -> list[Letter]:
    """One letter a place, the first step of each ``steps`` behind the one before."""
    return [
        Letter(char, place * steps, place * steps, sure, ((char, sure), ("", 1 - sure)))
        for place, char in enumerate(text)
    ]


def text_of(read: list[Letter]) -> str:
    return "".join(letter.text for letter in read)


def test_a_vowel_with_two_marks_is_the_likelier_one_with_both_readings() -> None:
    read = [
        Letter("đ", 0, 1, 0.99, (("đ", 1.0),)),
        Letter("ố", 2, 2, 0.5, (("ố", 0.5), ("ổ", 0.3))),
        Letter("ổ", 3, 4, 0.6, (("ổ", 0.6), ("ố", 0.2))),
        Letter("i", 6, 6, 0.99, (("i", 1.0),)),
    ]
    again = without_twins(read)
    assert text_of(again) == "đổi"
    assert (again[1].first, again[1].last) == (2, 4)
    assert again[1].probability == pytest.approx(0.36 / 1.1)  # a person should look
    assert again[1].choices == (("ổ", pytest.approx(0.45)), ("ố", pytest.approx(0.35)))


@pytest.mark.parametrize("word", ["Lưu", "cứu", "xoong", "tuyến", "khuỷu", "BGDĐT", "Oanh", "đd"])
def test_what_may_stand_side_by_side_stays(word: str) -> None:
    assert text_of(without_twins(letters(word))) == word


def test_vowels_apart_are_two() -> None:
    assert text_of(without_twins(letters("ọo", steps=3))) == "ọo"


@given(st.text("aăâàeéêoôốổơiíyuưđdtn QÉẾ", max_size=30), st.floats(0.01, 1.0))
def test_nothing_is_invented_and_the_order_stays(text: str, sure: float) -> None:
    read = letters(text, sure=sure)
    again = without_twins(read)
    assert without_twins(again) == again
    assert {letter.text for letter in again} <= set(text)
    edges = [edge for letter in again for edge in (letter.first, letter.last)]
    assert edges == sorted(edges)
    assert all(letter.probability <= sure for letter in again)
