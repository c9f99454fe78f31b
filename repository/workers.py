"""Workers that are at work: when each was last seen, and what all of them have done so far.

Each worker process writes its own row every few seconds: no page waits for a counter, and
no two workers wait for one row. What a worker that is gone had done is added to one row
under the name ``gone``, so that totals never go back. A worker that was killed takes along
what it did since its last beat: these totals are for watching, the catalogue has the truth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from repository.insertion import insert_once
from repository.schema import workers

Totals = Mapping[str, Mapping[str, float]]
"""Name of a counter -> label -> how much."""

SEEN: Final = timedelta(seconds=90)
"""A worker not seen for so long is not there: three beats missed, and then some."""

_GONE: Final = "gone"
_FORGOTTEN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Crew:
    """All workers together. ``slots``: files that can be worked on at a time.

    ``last_seen``: when any worker last wrote, None where none ever did.
    """

    processes: int
    slots: int
    busy: int
    last_seen: datetime | None
    totals: Totals


def beat(
    tx: Session, owner: str, started: datetime, now: datetime, slots: int, busy: int, totals: Totals
) -> None:
    """The worker ``owner`` is at work and has done ``totals`` since it started."""
    row = {
        "owner": owner,
        "started_at": started,
        "seen_at": now,
        "slots": slots,
        "busy": busy,
        "totals": _plain(totals),
    }
    changed = tx.execute(
        update(workers).where(workers.c.owner == owner).values(**row).returning(workers.c.owner)
    ).first()
    if changed is None:
        insert_once(tx, workers, row)


def leave(tx: Session, owner: str, now: datetime) -> None:
    """The worker ends; what it has done stays counted."""
    _fold(tx, select(workers).where(workers.c.owner == owner), now)


def forget_gone(tx: Session, now: datetime) -> None:
    """Workers that ended without a word an hour ago; run it at a worker's start."""
    silent = workers.c.seen_at < now - _FORGOTTEN
    _fold(tx, select(workers).where(silent, workers.c.owner != _GONE), now)


def crew(tx: Session, now: datetime) -> Crew:
    """Who is at work, and what has been done since the first day."""
    rows = tx.execute(select(workers)).all()
    there = [row for row in rows if row.owner != _GONE and row.seen_at >= now - SEEN]
    return Crew(
        processes=len(there),
        slots=sum(row.slots for row in there),
        busy=sum(row.busy for row in there),
        last_seen=max((row.seen_at for row in rows if row.owner != _GONE), default=None),
        totals=added(row.totals for row in rows),
    )


def added(all_totals: Iterable[Totals]) -> dict[str, dict[str, float]]:
    """Totals of several workers as one."""
    sums: dict[str, dict[str, float]] = {}
    for totals in all_totals:
        for name, labels in totals.items():
            into = sums.setdefault(name, {})
            for label, value in labels.items():
                into[label] = into.get(label, 0) + value
    return sums


def _fold(tx: Session, which: Any, now: datetime) -> None:
    """Add rows to those that are gone; the row of the gone is locked, so nothing counts twice."""
    nothing = {"started_at": now, "seen_at": now, "slots": 0, "busy": 0, "totals": {}}
    insert_once(tx, workers, {"owner": _GONE, **nothing})
    kept = tx.execute(
        select(workers.c.totals).where(workers.c.owner == _GONE).with_for_update()
    ).scalar_one()
    rows = tx.execute(which.with_for_update()).all()
    if not rows:
        return
    sums = added([kept, *(row.totals for row in rows)])
    tx.execute(update(workers).where(workers.c.owner == _GONE).values(totals=sums))
    tx.execute(delete(workers).where(workers.c.owner.in_([row.owner for row in rows])))


def _plain(totals: Totals) -> dict[str, dict[str, float]]:
    return {name: dict(labels) for name, labels in totals.items()}
