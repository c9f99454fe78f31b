"""Slows down whoever guesses passwords or client secrets.

After :data:`FREE` failures of one name (or of one address, which gets more,
because a whole office may stand behind it) every further try has to wait,
twice as long each time, up to :data:`LONGEST`. A success clears the name.
The counts stand in the catalogue, so a restart does not forget them.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from repository import accounts
from vocabulary.errors import NotAuthenticated

FREE: Final = 5
FREE_PER_ADDRESS: Final = 30
LONGEST: Final = timedelta(minutes=15)


def attempt(tx: Session, name: str, address: str, now: datetime) -> None:
    """Count one try of the name, or refuse while name or address have to wait.

    Counted before the secret is looked at, so that tries sent side by side do
    not slip through together; :func:`succeeded` takes it back.

    Raises:
        NotAuthenticated: code ``too_many_attempts`` (HTTP 429), ``retry_after`` in seconds.
    """
    wait = max(
        pause(accounts.failures_of(tx, _name_key(name)), FREE, now),
        pause(accounts.failures_of(tx, _address_key(address)), FREE_PER_ADDRESS, now),
    )
    if wait <= timedelta():
        count(tx, _name_key(name), now)
        return
    seconds = int(wait.total_seconds()) + 1
    raise NotAuthenticated(
        f"Đăng nhập sai quá nhiều lần. Hãy đợi {seconds} giây rồi thử lại.",
        f"Too many failed attempts. Wait {seconds} seconds and try again.",
        code="too_many_attempts",
        retry_after=seconds,
    )


def failed(tx: Session, address: str, now: datetime) -> None:
    """The secret was wrong: the address is counted too."""
    count(tx, _address_key(address), now)


def succeeded(tx: Session, name: str) -> None:
    """The secret was right: forget the name's failures."""
    accounts.clear_failures(tx, _name_key(name))


def pause(failures: accounts.LoginFailures, free: int, now: datetime) -> timedelta:
    """How long the next try still has to wait; zero or less: not at all."""
    if failures.last_at is None or failures.failures < free:
        return timedelta()
    length = min(timedelta(seconds=2 ** min(failures.failures - free, 10)), LONGEST)
    return failures.last_at + length - now


def count(tx: Session, key: str, now: datetime) -> None:
    """One more failure under a key; old ones are forgotten."""
    known = accounts.failures_of(tx, key)
    if known.last_at is not None and now - known.last_at > 2 * LONGEST:
        accounts.clear_failures(tx, key)
    accounts.note_failure(tx, key, now)


def _name_key(name: str) -> str:
    return f"name:{name.strip().casefold()}"[:200]


def _address_key(address: str) -> str:
    return f"address:{address}"[:200]
