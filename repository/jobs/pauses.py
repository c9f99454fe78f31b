"""Kinds of work that an administrator holds up; known to the workers of all hosts."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.insertion import insert_once
from repository.schema import job_pauses

KINDS: Final = select(job_pauses.c.kind).scalar_subquery()
"""For statements that take no paused kind."""


def pause(tx: Session, kind: str, by: str, now: datetime) -> None:
    """Notes who holds a kind of work up; the first one stays named."""
    insert_once(tx, job_pauses, {"kind": kind, "by": by, "since": now})


def resume(tx: Session, kind: str) -> None:
    """Work of this kind may go on."""
    tx.execute(delete(job_pauses).where(job_pauses.c.kind == kind))


def paused(tx: Session) -> frozenset[str]:
    """The kinds that are held up."""
    return frozenset(tx.execute(select(job_pauses.c.kind)).scalars())
