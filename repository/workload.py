"""Figures for whoever watches the service: what is open, what is kept; nothing about anybody.

Two kinds: those that cost what is *open* (asked at every look), and those that cost what is
*kept*, the whole catalogue (:func:`kept`), which nobody should ask every few seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository.documents import STEPS
from repository.schema import documents, renditions

_OPEN: tuple[str, ...] = (*(step for step in STEPS if step != "done"), "stopped")


@dataclass(frozen=True, slots=True)
class Open:
    """Documents on their way by state, and stopped ones by reason; done ones are not counted."""

    by_state: Mapping[str, int]
    stopped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept. ``objects``: files named by documents, a file named twice counts twice."""

    done: int
    by_status: Mapping[str, int]
    objects: int
    bytes: int


def open_documents(tx: Session) -> Open:
    """By the index on the state: the cost grows with what is open, not with what is kept."""
    rows = tx.execute(
        select(documents.c.state, documents.c.reason, func.count())
        .where(documents.c.state.in_(_OPEN))
        .where(documents.c.duplicate_choice.is_distinct_from("discard"))
        .group_by(documents.c.state, documents.c.reason)
    ).all()
    by_state: dict[str, int] = dict.fromkeys(_OPEN, 0)
    stopped: dict[str, int] = {}
    for state, reason, number in rows:
        by_state[state] += number
        if state == "stopped":
            stopped[reason or "unknown"] = number
    return Open(by_state, stopped)


def kept(tx: Session) -> Kept:
    """Reads the whole catalogue once: about a second a million documents."""
    rows = tx.execute(
        select(documents.c.state, documents.c.status, func.count(), func.sum(documents.c.bytes))
        .where(documents.c.duplicate_choice.is_distinct_from("discard"))
        .group_by(documents.c.state, documents.c.status)
    ).all()
    by_status: dict[str, int] = {}
    for _, status, number, _size in rows:
        by_status[status] = by_status.get(status, 0) + number
    there = [row for row in rows if row.status != "disposed"]
    made = tx.execute(select(func.count(), func.sum(renditions.c.bytes))).one()
    return Kept(
        done=sum(row[2] for row in rows if row[0] == "done"),
        by_status=by_status,
        objects=sum(row[2] for row in there) + made[0],
        bytes=int(sum(row[3] or 0 for row in there) + (made[1] or 0)),
    )
