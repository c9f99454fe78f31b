"""A circuit breaker: a server that is down is left alone for a while, its callers are told at once.

::

    closed ──(``failures`` in a row)──> open ──(``rest`` over)──> half-open
       ^                                 ^                           │
       └────────────(trial went well)────┼───────────────────────────┤
                                         └──(trial failed, or hangs)─┘

While open, a call fails in no time instead of waiting for the time limit of the network, so
that threads are not used up by one server that is gone. Half-open, one caller tries; the
others are still told. A trial that has not come back after ``trial`` counts as failed, so a
caller that died in its trial does not keep the way shut.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

from vocabulary import tracing
from vocabulary.errors import MissingPart

BreakerState = Literal["closed", "open", "half_open"]


class Breaker:
    """Guards calls to one server; safe for many threads.

    Args:
        name: what is told to people, for instance ``Elasticsearch``.
        counts: exceptions that speak of the server; others (a wrong question) count as an
            answer of a living server.
        failures: so many in a row open it.
        rest: seconds it stays open before one caller tries.
        trial: seconds after which a trial that has not come back counts as failed.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        name: str,
        counts: tuple[type[BaseException], ...] = (MissingPart, OSError),
        *,
        failures: int = 3,
        rest: float = 10.0,
        trial: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if failures < 1 or rest <= 0 or trial <= 0:
            raise ValueError("failures must be at least 1, rest and trial more than 0 seconds")
        self.name: Final = name
        self._counts = counts
        self._most = failures
        self._rest = rest
        self._trial = trial
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until: float | None = None  # not before this may anybody try
        self._turn = 0  # grows with every opening: a call that began before it changes nothing

    @property
    def state(self) -> BreakerState:
        """Where it stands now; half-open: the next caller may try."""
        with self._lock:
            if self._until is None:
                return "closed"
            return "open" if self._clock() < self._until else "half_open"

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call to the server inside the block.

        Raises:
            MissingPart: ``server_resting`` with ``retry_after`` in seconds: nobody was asked.
        """
        turn = self._enter()
        try:
            with tracing.span(self.name, "client"):
                yield
        except self._counts:
            self._failure(turn)
            raise
        except Exception:  # the server has answered, though not what was wished for
            self._success(turn)
            raise
        self._success(turn)

    def _enter(self) -> int:
        with self._lock:
            if self._until is None:
                return self._turn
            wait = self._until - self._clock()
            if wait > 0:
                raise _resting(self.name, wait)
            # One tries; the others wait until it is back, or is given up.
            self._until = self._clock() + self._trial
            self._turn += 1
            return self._turn

    def _success(self, turn: int) -> None:
        with self._lock:
            if turn == self._turn:
                self._failed = 0
                self._until = None

    def _failure(self, turn: int) -> None:
        with self._lock:
            if turn != self._turn:
                return
            self._failed += 1
            if self._failed >= self._most:
                self._until = self._clock() + self._rest
                self._turn += 1


def _resting(name: str, wait: float) -> MissingPart:
    seconds = max(1, round(wait))
    return MissingPart(
        f"{name} đang không trả lời. Hệ thống thử lại sau {seconds} giây; hãy báo quản trị nếu "
        "vẫn vậy.",
        f"{name} does not answer. It is tried again in {seconds} seconds; tell the administrator "
        "if it stays so.",
        code="server_resting",
        retry_after=seconds,
    )
