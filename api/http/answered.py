"""The memory behind Idempotency-Key: first answers by caller and key."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from vocabulary.errors import Conflict, InvalidRequest

KEPT_FOR: Final = timedelta(hours=24)
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    """``answer`` is None while the first call is still at work."""

    fingerprint: str
    at: datetime
    answer: tuple[int, dict[str, Any]] | None


class Answers:
    """First answers by caller and key; safe for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str], _Remembered] = OrderedDict()

    def begin(
        self, caller: str, key: str, fingerprint: str, now: datetime
    ) -> tuple[int, dict[str, Any]] | None:
        """The first answer, or None: then the caller's work begins now.

        Raises:
            Conflict: the first call is still at work (``in_progress``).
            InvalidRequest: the key was used for something else (``idempotency_key_reused``).
        """
        with self._lock:
            known = self._known.get((caller, key))
            if known is None or now - known.at > KEPT_FOR:
                self._known.pop((caller, key), None)
                self._known[(caller, key)] = _Remembered(fingerprint, now, None)
                while len(self._known) > _MOST:
                    self._known.popitem(last=False)
                return None
        if known.fingerprint != fingerprint:
            raise InvalidRequest(
                "Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
                "This Idempotency-Key was used for another request. Use a new one.",
                code="idempotency_key_reused",
            )
        if known.answer is None:
            raise Conflict(
                "Yêu cầu đầu tiên với khóa này còn đang chạy. Hãy thử lại sau giây lát.",
                "The first request with this key is still at work. Try again in a moment.",
                code="in_progress",
                retry_after=2,
            )
        return known.answer

    def finish(self, caller: str, key: str, answer: tuple[int, dict[str, Any]]) -> None:
        """Remember the first answer."""
        with self._lock:
            known = self._known.get((caller, key))
            if known is not None:
                self._known[(caller, key)] = _Remembered(known.fingerprint, known.at, answer)

    def abandon(self, caller: str, key: str) -> None:
        """The work failed: the key is free again."""
        with self._lock:
            self._known.pop((caller, key), None)
