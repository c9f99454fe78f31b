"""Values as others write them."""

import json

import pytest
from hypothesis import given, strategies

from vocabulary.given import read_json, whole_number

_PLAIN = strategies.recursive(
    strategies.none() | strategies.integers() | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
)


@given(_PLAIN)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a":' * 100_000, "9" * 5000, b"\xff"])
def test_what_is_no_json_of_ours_is_one_kind_of_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_json(text)


@given(strategies.integers(0, 10**9 - 1))
def test_a_whole_number_is_itself(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "١", "²", "1" * 10, "9" * 5000])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_number(text) is None
