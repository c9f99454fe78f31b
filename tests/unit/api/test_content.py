"""Ranges, conditional requests and file names of the bytes of a document."""

import pytest

from api.http.content import Span, disposition, matches, span_of
from vocabulary.errors import InvalidRequest


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-9", Span(0, 9)),
        ("bytes=10-", Span(10, 99)),
        ("bytes=-10", Span(90, 99)),
        ("bytes=-500", Span(0, 99)),
        ("bytes=90-500", Span(90, 99)),
        ("bytes=0-0", Span(0, 0)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("pages=0-1", None),
        ("nonsense", None),
    ],
)
def test_the_range_that_is_asked_for(header: str | None, expected: Span | None) -> None:
    assert span_of(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(header: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        span_of(header, 100)
    assert refused.value.error_code == "range_not_satisfiable"


def test_an_etag_that_is_known_is_not_sent_again() -> None:
    assert matches('"abc"', '"abc"')
    assert matches('W/"abc", "def"', '"abc"')
    assert matches("*", '"abc"')
    assert not matches('"abd"', '"abc"')
    assert not matches(None, '"abc"')


def test_a_name_cannot_break_out_of_its_header() -> None:
    header = disposition('quyết định"\r\nSet-Cookie: x.pdf', inline=False)
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "filename*=UTF-8''quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh" in header
