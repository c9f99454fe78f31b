"""Fails at once while a server is known to be away, so that nobody hangs at it."""

import math
import threading
import time
from collections.abc import Callable
from typing import Final

PAUSE: Final = 10.0
"""Seconds for which nothing is tried."""
_LIMIT: Final = 3


class Breaker:
    """Opens after failures in a row; after the pause one call tries, the others still fail."""

    def __init__(self, pause: float = PAUSE, now: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_until = 0.0

    def wait(self) -> int:
        """Whole seconds to wait before trying; 0 lets this caller try."""
        with self._lock:
            if self._failures < _LIMIT:
                return 0
            left = self._shut_until - self._now()
            if left > 0:
                return math.ceil(left)
            self._shut_until = self._now() + self._pause
            return 0

    def succeeded(self) -> None:
        """The server answered, whatever it said."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """No answer, or one of a server that cannot work now."""
        with self._lock:
            self._failures += 1
            self._shut_until = self._now() + self._pause
