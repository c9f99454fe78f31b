"""What the fixity sweep has found of each object, and which ones are to be read next.

Any number of workers share the sweep: each claims a few objects for a while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from repository.insertion import insert_once
from repository.named_objects import NAMED
from repository.schema import fixity_checks

Found = Literal["ok", "damaged", "missing"]
UNREAD: Final = "unread"
"""The state of an object that was claimed for its first check."""

_CLAIM: Final = timedelta(hours=1)
_AGAIN: Final = timedelta(days=1)
"""What was found damaged or missing is looked at again after a day: it may have been restored."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that was not as it was stored."""

    sha256: str
    state: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Survey:
    """How the sweep stands.

    ``named``: objects that must be there; ``oldest``: the longest ago of the last checks.
    """

    named: int
    checked: int
    by_state: Mapping[str, int]
    oldest: datetime | None


def candidates(tx: Session, now: datetime, every: timedelta, most: int) -> list[str]:
    """Objects to check next, those never checked first, then the least recently checked.

    Looks through all of them: in a reading session, nobody waits for it.
    """
    row = fixity_checks.c
    old = or_(
        row.checked_at.is_(None),
        row.checked_at < now - every,
        and_(row.state != "ok", row.checked_at < now - _AGAIN),
    )
    return list(
        tx.execute(
            select(NAMED.c.sha256)
            .outerjoin(fixity_checks, row.sha256 == NAMED.c.sha256)
            .where(or_(row.sha256.is_(None), and_(_unclaimed(now), old)))
            .order_by(row.checked_at.asc().nulls_first(), NAMED.c.sha256)
            .limit(most)
        ).scalars()
    )


def claim(tx: Session, names: Sequence[str], now: datetime) -> list[str]:
    """Those of the objects that nobody else has claimed meanwhile; ours now, for an hour."""
    return [name for name in names if _claimed(tx, name, now)]


def _claimed(tx: Session, name: str, now: datetime) -> bool:
    first = {"sha256": name, "checked_at": None, "state": UNREAD, "claimed_at": now}
    if insert_once(tx, fixity_checks, first):
        return True
    mine = tx.execute(
        update(fixity_checks)
        .where(fixity_checks.c.sha256 == name, _unclaimed(now))
        .values(claimed_at=now)
        .returning(fixity_checks.c.sha256)
    )
    return mine.first() is not None


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    claimed_at = fixity_checks.c.claimed_at
    return or_(claimed_at.is_(None), claimed_at < now - _CLAIM)


def record(tx: Session, sha256: str, state: Found, now: datetime) -> None:
    """What a check found."""
    tx.execute(
        update(fixity_checks)
        .where(fixity_checks.c.sha256 == sha256)
        .values(state=state, checked_at=now, claimed_at=None)
    )


def forget(tx: Session, sha256: str) -> None:
    """The object was disposed of: nothing is asked of it any more."""
    tx.execute(fixity_checks.delete().where(fixity_checks.c.sha256 == sha256))


def failures(tx: Session, limit: int = 1000) -> list[Failure]:
    """Objects that were found damaged or missing, and were not found whole since."""
    rows = tx.execute(
        select(fixity_checks)
        .where(fixity_checks.c.state != "ok", fixity_checks.c.checked_at.is_not(None))
        .order_by(fixity_checks.c.checked_at.desc(), fixity_checks.c.sha256)
        .limit(limit)
    )
    return [Failure(row.sha256, row.state, row.checked_at) for row in rows]


def named_now(tx: Session) -> int:
    """How many objects must be there."""
    return tx.execute(select(func.count()).select_from(NAMED)).scalar_one()


def survey(tx: Session) -> Survey:
    """Reads the whole table once."""
    checked = fixity_checks.c.checked_at.is_not(None)
    rows = tx.execute(
        select(fixity_checks.c.state, func.count()).where(checked).group_by(fixity_checks.c.state)
    ).all()
    by_state = {str(state): int(number) for state, number in rows}
    oldest = tx.execute(select(func.min(fixity_checks.c.checked_at))).scalar_one_or_none()
    return Survey(named_now(tx), sum(by_state.values()), by_state, oldest)
