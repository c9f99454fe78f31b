"""Short work on the catalogue passes a narrow door.

Such work is a few milliseconds of Python: several threads of it only fight over the
interpreter's lock, and every call comes later (docs/performance.md, Once only). Long
work (uploads, drawing pages) keeps the wide pool of threads and never stands in such a
line; what may wait for the database's writer has a door of its own.
"""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
R = TypeVar("R")


class Door:
    """Lets ``at_once`` pieces of work run in threads; the others wait in the order they came."""

    def __init__(self, name: str, at_once: int = 1) -> None:
        self._at_once = at_once
        self._limiter: Final[RunVar[CapacityLimiter]] = RunVar(name)  # each event loop its own

    async def run(self, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        """``work`` in a thread, when it is its turn."""
        try:
            limiter = self._limiter.get()
        except LookupError:
            limiter = CapacityLimiter(self._at_once)
            self._limiter.set(limiter)
        return await to_thread.run_sync(lambda: work(*given, **named), limiter=limiter)
