"""Spans: which part of a call or of a paper's way took how long, for those who watch many hosts.

A span names a route's template, a step, a kind of job or a server, never a person, an address
that was asked or what a paper says. Nobody listens unless an exporter was set at the start
(:mod:`api.traces`); then a span costs a look at one variable.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Literal, ParamSpec, Protocol, TypeVar

from vocabulary.errors import SohoaError

SpanKind = Literal["internal", "server", "client", "consumer"]
Fact = str | int | float | bool

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Span(Protocol):
    """A span at work."""

    def rename(self, name: str) -> None:
        """For what is known only at the end, as the route that answered."""

    def note(self, facts: Mapping[str, Fact]) -> None:
        """Codes and figures, by the names of OpenTelemetry's semantic conventions."""

    def fail(self, kind: str) -> None:
        """It went wrong; ``kind`` is a code or a class, never a message."""


Listener = Callable[[str, SpanKind, Mapping[str, Fact]], AbstractContextManager[Span]]


class _Nobody:
    def rename(self, name: str) -> None: ...

    def note(self, facts: Mapping[str, Fact]) -> None: ...

    def fail(self, kind: str) -> None: ...


_NOBODY = _Nobody()
_listener: Listener | None = None


def listen(listener: Listener | None) -> None:
    """From now on spans of this process go there; None: to nobody."""
    global _listener  # one for the process, set where it is wired
    _listener = listener


@contextmanager
def span(name: str, kind: SpanKind = "internal", **facts: Fact) -> Iterator[Span]:
    """What is done in the block; an exception marks it as failed and goes on."""
    if _listener is None:
        yield _NOBODY
        return
    with _listener(name, kind, facts) as at_work:
        try:
            yield at_work
        except Exception as error:
            named = error.error_code if isinstance(error, SohoaError) else None
            at_work.fail(named or type(error).__name__)
            raise


def traced(name: str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Each call of the function is a span."""

    def around(work: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(work)
        def call(*given: _P.args, **named: _P.kwargs) -> _T:
            with span(name):
                return work(*given, **named)

        return call

    return around
