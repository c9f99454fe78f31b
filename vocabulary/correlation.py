"""The correlation id: one name for everything that one call set off, in the lines of all logs.

A call brings it (``X-Request-Id``) or is given one; jobs that the call asked for carry it in
their payload, so the lines of the worker that did them bear the same name. Only a UUID or 32
hexadecimal digits (the trace id of W3C Trace Context has that form, too) are taken from
outside: nothing that could be a person's number or break a line of the log fits.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_SHAPE: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY: Final = "request"
_CURRENT: Final[ContextVar[str | None]] = ContextVar("sohoa_correlation", default=None)


def new() -> str:
    """A fresh id: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def accepted(given: object) -> str | None:
    """An id from outside, if it has the form of one."""
    return given if isinstance(given, str) and _SHAPE.fullmatch(given) else None


def current() -> str | None:
    """The id that this thread or task works under."""
    return _CURRENT.get()


@contextmanager
def bound(name: str | None) -> Iterator[None]:
    """Work under this id until the block ends."""
    token = _CURRENT.set(name)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def carried() -> dict[str, str]:
    """What a job takes along in its payload."""
    name = _CURRENT.get()
    return {} if name is None else {_KEY: name}


def of_payload(payload: Mapping[str, Any]) -> str | None:
    """The id that a job took along."""
    return accepted(payload.get(_KEY))
