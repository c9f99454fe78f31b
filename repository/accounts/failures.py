"""Failed logins, counted by user name and by address; the edge decides how long to wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from repository.insertion import insert_once
from repository.schema import login_failures


@dataclass(frozen=True, slots=True)
class LoginFailures:
    """Failed attempts under one key (a user name, an address) since the last success."""

    failures: int
    last_at: datetime | None


def failures_of(tx: Session, key: str) -> LoginFailures:
    """Failed logins under a key; the edge decides from it how long to wait."""
    row = tx.execute(select(login_failures).where(login_failures.c.key == key)).one_or_none()
    return LoginFailures(0, None) if row is None else LoginFailures(row.failures, row.last_at)


def note_failure(tx: Session, key: str, now: datetime) -> LoginFailures:
    """Counts a failed login; unknown user names are counted like known ones."""
    if not insert_once(tx, login_failures, {"key": key, "failures": 1, "last_at": now}):
        tx.execute(
            update(login_failures)
            .where(login_failures.c.key == key)
            .values(failures=login_failures.c.failures + 1, last_at=now)
        )
    return failures_of(tx, key)


def clear_failures(tx: Session, key: str) -> None:
    """After a successful login."""
    tx.execute(delete(login_failures).where(login_failures.c.key == key))
