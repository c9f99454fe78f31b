"""Disposal lists (danh mục tài liệu hết giá trị): drafted, looked through, approved, run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.paging import Cursor
from repository.schema import disposal_entries, disposals, object_removals
from vocabulary.errors import Conflict, NotFound

State = Literal["draft", "approved", "running", "partly", "done", "cancelled"]
"""``partly``: carried out but for objects that the store still locks; it can be run again."""

EntryState = Literal["listed", "off", "kept", "locked", "erased", "gone"]
"""``off``: a person took it off. ``kept``: a reason to keep it came up. ``locked``: the store
keeps an object of it. ``erased``: only its tombstone is in the catalogue, objects remain to be
removed. ``gone``: nothing is left but the tombstone."""

MOST: Final = 1000
"""Entries of one list: what a person can look through, and a receipt can hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a list. ``said``: what it was, frozen when it was put down; no person's name.

    ``reason``, ``by``, ``at``: of its last change.
    """

    document_id: str
    state: EntryState
    said: Mapping[str, Any]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Disposal:
    """One list. ``more``: others had fallen due, too, which the next list will have."""

    id: str
    state: State
    due_on: date
    more: bool
    version: int
    drafted_by: str
    drafted_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    receipt_sha256: str | None
    receipt_bytes: int | None
    run_by: str | None
    ended_at: datetime | None
    note: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DisposalPage:
    """A page of the lists, newest first."""

    items: tuple[Disposal, ...]
    next: str | None


def open_new(
    tx: Session, due_on: date, entries: Sequence[tuple[str, Mapping[str, Any]]], by: str,
    now: datetime, *, more: bool,
) -> Disposal:  # fmt: skip
    """Puts down a draft."""
    one = new_id()
    tx.execute(
        disposals.insert().values(
            id=one, state="draft", due_on=due_on, more=more, version=1,
            drafted_by=by, drafted_at=now, note="",
        )
    )  # fmt: skip
    for document_id, said in entries:
        tx.execute(
            disposal_entries.insert().values(
                disposal_id=one, document_id=document_id, state="listed", said=dict(said),
                reason="", by=by, at=now,
            )
        )  # fmt: skip
    return get(tx, one)


def get(tx: Session, disposal_id: str) -> Disposal:
    """One list.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(disposals).where(disposals.c.id == disposal_id)).one_or_none()
    if row is None:
        raise NotFound("Không có danh mục hủy này.", "There is no such disposal list.")
    return _disposal(tx, row)


def page_of(tx: Session, cursor: str | None = None, limit: int = 50) -> DisposalPage:
    """Lists, newest first.

    Raises:
        InvalidRequest: the cursor is not one that was given out.
    """
    query = select(disposals).order_by(disposals.c.drafted_at.desc(), disposals.c.id.desc())
    if cursor is not None:
        query = query.where(Cursor.parse(cursor).before(disposals.c.drafted_at, disposals.c.id))
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(_disposal(tx, row) for row in rows[:limit])
    more = len(rows) > limit
    return DisposalPage(items, str(Cursor(items[-1].drafted_at, items[-1].id)) if more else None)


def entries(tx: Session, disposal_id: str, *states: EntryState) -> list[Entry]:
    """Entries in these states (all where none is named), by document."""
    query = select(disposal_entries).where(disposal_entries.c.disposal_id == disposal_id)
    if states:
        query = query.where(disposal_entries.c.state.in_(states))
    rows = tx.execute(query.order_by(disposal_entries.c.document_id))
    return [
        Entry(row.document_id, row.state, dict(row.said), row.reason, row.by, row.at)
        for row in rows
    ]


def receipts(tx: Session) -> set[str]:
    """Hashes of the signed lists."""
    signed = disposals.c.receipt_sha256.is_not(None)
    return set(tx.execute(select(disposals.c.receipt_sha256).where(signed)).scalars())


def change(tx: Session, disposal: Disposal, state: State, **values: Any) -> Disposal:
    """Takes a list one version further.

    Raises:
        Conflict: ``version_changed``: somebody was faster.
    """
    done = tx.execute(
        update(disposals)
        .where(disposals.c.id == disposal.id, disposals.c.version == disposal.version)
        .values(version=disposal.version + 1, state=state, **values)
        .returning(disposals.c.id)
    ).first()
    if done is None:
        raise Conflict(
            "Danh mục vừa được người khác thay đổi. Hãy tải lại rồi làm lại.",
            "Somebody changed the list meanwhile. Load it again and repeat.",
            code="version_changed",
        )
    return get(tx, disposal.id)


def set_entry(
    tx: Session, disposal_id: str, document_id: str, state: EntryState, reason: str, by: str,
    now: datetime,
) -> None:  # fmt: skip
    """What became of one paper."""
    tx.execute(
        update(disposal_entries)
        .where(
            disposal_entries.c.disposal_id == disposal_id,
            disposal_entries.c.document_id == document_id,
        )
        .values(state=state, reason=reason, by=by, at=now)
    )


def entry_state(tx: Session, disposal_id: str, document_id: str) -> EntryState | None:
    """The state of one entry as it stands now; None where it is not on the list."""
    found: EntryState | None = tx.execute(
        select(disposal_entries.c.state).where(
            disposal_entries.c.disposal_id == disposal_id,
            disposal_entries.c.document_id == document_id,
        )
    ).scalar_one_or_none()
    return found


def plan_removals(
    tx: Session, disposal_id: str, document_id: str, names: Sequence[str], now: datetime
) -> None:
    """Objects that the erased document named: to be removed, unless others name them."""
    for name in sorted(names):
        values = {
            "sha256": name, "document_id": document_id, "disposal_id": disposal_id,
            "state": "planned", "at": now,
        }  # fmt: skip
        insert_once(tx, object_removals, values)


def planned_removals(tx: Session, disposal_id: str, document_id: str) -> list[str]:
    """Objects of a document that are still to be removed."""
    return list(
        tx.execute(
            select(object_removals.c.sha256)
            .where(
                object_removals.c.disposal_id == disposal_id,
                object_removals.c.document_id == document_id,
                object_removals.c.state == "planned",
            )
            .order_by(object_removals.c.sha256)
        ).scalars()
    )


def note_removal(
    tx: Session, document_id: str, sha256: str, state: Literal["removed", "shared"], now: datetime
) -> None:
    """An object was removed, or stays because another document names it."""
    tx.execute(
        update(object_removals)
        .where(object_removals.c.document_id == document_id, object_removals.c.sha256 == sha256)
        .values(state=state, at=now)
    )


def ever_removed(tx: Session, sha256: str) -> bool:
    """Whether the object was, or is about to be, removed from the store."""
    return (
        tx.execute(
            select(object_removals.c.sha256).where(object_removals.c.sha256 == sha256).limit(1)
        ).first()
        is not None
    )


def _disposal(tx: Session, row: Row[Any]) -> Disposal:
    numbers = tx.execute(
        select(disposal_entries.c.state, func.count())
        .where(disposal_entries.c.disposal_id == row.id)
        .group_by(disposal_entries.c.state)
    ).all()
    values = row._mapping
    names = [name for name in Disposal.__dataclass_fields__ if name != "counts"]
    counts = {str(state): int(number) for state, number in numbers}
    return Disposal(**{name: values[name] for name in names}, counts=counts)
