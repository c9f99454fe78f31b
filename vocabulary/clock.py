"""The clock port: time is passed in, so that tests and validation at a date can set it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Protocol

VIETNAM: Final = timezone(timedelta(hours=7), "+07:00")
"""Vietnam's only time zone (no daylight saving): UTC+07:00."""


class Clock(Protocol):
    """Gives the current time, timezone-aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def vietnam_time(moment: datetime) -> str:
    """ISO 8601 with seconds and +07:00, the form Decree 30/2020 asks for in signatures."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
