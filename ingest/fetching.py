"""Authorities are asked by the process that outlives the children, and keeps their answers.

A child lives for one file. What it would ask (revocation lists, OCSP answers, issuers'
certificates) it asks through its parent, so that a thousand files ask once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import httpx

from signing.asking import MOST_ASKED, fetch_by, kept_fetch
from vocabulary.errors import IntegrityFailure

FETCH: Final = "fetch"


@dataclass(slots=True)
class Fetched:
    """In the parent: answers what the child of one file asks of authorities."""

    times: int = 0

    def __call__(self, question: Any) -> Any:
        match question:
            case (kind, str(url), dict(headers), bytes(body)) if kind == FETCH:
                self.times += 1
                if self.times <= MOST_ASKED:
                    return _fetched(url, headers, body)
        raise not_sound()


def not_sound() -> IntegrityFailure:
    """A child asks for what it has no business with: the file has taken it over."""
    return IntegrityFailure(
        "Chương trình đọc tệp đòi điều nó không được đòi; tệp này không được xử lý.",
        "The reader of the file asked for something it may not; the file is not worked on.",
        code="reader_not_sound",
    )


def _fetched(url: str, headers: dict[str, str], body: bytes) -> tuple[Any, ...]:
    try:
        return ("answer", *kept_fetch(url, headers, body))
    except (ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        return "trouble", f"{type(error).__name__}: {error}"


def fetch_through(ask: Callable[[Any], Any]) -> None:
    """In the child: whatever authority is asked from now on is asked by the parent."""
    fetch_by(partial(_fetch, ask))


def _fetch(
    ask: Callable[[Any], Any], url: str, headers: dict[str, str], body: bytes
) -> tuple[bytes, str]:
    kind, *answer = ask((FETCH, url, headers, body))
    if kind != "answer":
        raise ValueError(*answer)
    data, media_type = answer
    return bytes(data), str(media_type)
