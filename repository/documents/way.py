"""A document's way: registered, step by step to done, or stopped with a reason."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from repository.documents.views import (
    STEPS,
    Document,
    DocumentCounts,
    DocumentFilter,
    DocumentPage,
    HistoryEvent,
    NewDocument,
    State,
    document_of,
    selected,
)
from repository.ids import new_id
from repository.paging import Cursor
from repository.schema import document_events, documents, page_readings
from vocabulary.errors import Conflict, NotFound
from vocabulary.reasons import REASONS
from vocabulary.text import nfc

SYSTEM = "system"
"""The actor of steps that no person took."""


def register(tx: Session, new: NewDocument, now: datetime) -> str:
    """Enters a received file as a draft; returns the document's id."""
    document_id = new_id()
    values: dict[str, Any] = {name: getattr(new, name) for name in NewDocument.__dataclass_fields__}
    values["name"] = nfc(new.name)
    values["metadata"] = dict(new.metadata)
    values |= {
        "id": document_id,
        "state": "stopped" if new.duplicate_of else "received",
        "reason": "duplicate" if new.duplicate_of else None,
        "note": "",
        "status": "draft",
        "status_note": "",
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    tx.execute(documents.insert().values(**values))
    note_event(tx, document_id, now, new.created_by, "received", {"sha256": new.sha256})
    if new.duplicate_of:
        detail = {"reason": "duplicate", "duplicate_of": new.duplicate_of}
        note_event(tx, document_id, now, SYSTEM, "stopped", detail)
    return document_id


def get(tx: Session, document_id: str) -> Document:
    """One document.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(selected().where(documents.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("Không có giấy tờ này.", "There is no such document.")
    return document_of(row)


def hashes_of(tx: Session, ids: Collection[str]) -> dict[str, str]:
    """SHA-256 of the originals, by document."""
    asked = select(documents.c.id, documents.c.sha256).where(documents.c.id.in_(sorted(ids)))
    return {row.id: row.sha256 for row in tx.execute(asked)}


def ending_with(tx: Session, document_id: str) -> list[str]:
    """Papers whose validity ends with that of a paper, and those that end with them."""
    found: list[str] = []
    first = [document_id]
    while first:
        asked = select(documents.c.id).where(documents.c.ends_with.in_(first))
        first = [one for one in tx.execute(asked).scalars() if one not in found]
        found += first
    return found


def find_by_sha(tx: Session, sha256: str) -> Document | None:
    """The first document that was accepted with these very bytes, not discarded nor disposed of."""
    row = tx.execute(
        selected()
        .where(documents.c.sha256 == sha256, documents.c.status != "disposed", _kept())
        .order_by(documents.c.created_at, documents.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else document_of(row)


def taken_in_before(tx: Session, sha256: str, name: str, by: str) -> str | None:
    """The id of the document that this caller has made of these bytes under this name."""
    same = (documents.c.sha256 == sha256, documents.c.name == name, documents.c.created_by == by)
    return tx.execute(
        select(documents.c.id).where(*same).order_by(documents.c.created_at).limit(1)
    ).scalar_one_or_none()


def any_certified(tx: Session) -> bool:
    """Whether a paper was ever signed here."""
    signed = select(documents.c.id).where(documents.c.certified_at.is_not(None)).limit(1)
    return tx.execute(signed).first() is not None


def page_of(
    tx: Session, wanted: DocumentFilter, cursor: str | None = None, limit: int = 50
) -> DocumentPage:
    """Documents, newest first, without their text.

    Raises:
        InvalidRequest: the cursor is not one that was given out.
    """
    query = selected().order_by(documents.c.created_at.desc(), documents.c.id.desc())
    if not wanted.with_discarded:
        query = query.where(_kept())
    for name in ("state", "status", "batch_id", "type", "subject_id", "reason", "created_by"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(documents.c[name] == value)
    if wanted.ids is not None:
        query = query.where(documents.c.id.in_(sorted(wanted.ids)))
    if cursor is not None:
        query = query.where(Cursor.parse(cursor).before(documents.c.created_at, documents.c.id))
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(document_of(row) for row in rows[:limit])
    more = len(rows) > limit
    return DocumentPage(items, str(Cursor(items[-1].created_at, items[-1].id)) if more else None)


def counts(tx: Session) -> DocumentCounts:
    """How many documents are where."""
    rows = tx.execute(
        select(documents.c.state, documents.c.status, documents.c.reason, func.count())
        .where(_kept())
        .group_by(documents.c.state, documents.c.status, documents.c.reason)
    ).all()
    by_state: dict[str, int] = {}
    by_status: dict[str, int] = {}
    by_reason: dict[str, int] = {}
    for state, status, reason, number in rows:
        by_state[state] = by_state.get(state, 0) + number
        by_status[status] = by_status.get(status, 0) + number
        if reason is not None:
            by_reason[reason] = by_reason.get(reason, 0) + number
    pages = tx.execute(select(func.count()).select_from(page_readings)).scalar_one()
    return DocumentCounts(by_state, by_status, by_reason, sum(by_state.values()), pages)


def set_step(
    tx: Session, document_id: str, step: State, now: datetime, actor: str = SYSTEM
) -> None:
    """Takes the document on to a step; a step it has already passed changes nothing.

    Raises:
        Conflict: the document is stopped; ``resume`` or ``choose_duplicate`` come first.
    """
    document = get(tx, document_id)
    if document.state == "stopped":
        raise stopped_conflict(document)
    if STEPS.index(step) <= STEPS.index(document.state):
        return
    certified: dict[str, Any] = {"certified_at": now} if step == "certified" else {}
    change(tx, document_id, now, state=step, reason=None, note="", **certified)
    note_event(tx, document_id, now, actor, step, {})


def set_page_count(tx: Session, document_id: str, pages: int) -> None:
    """Keeps how many pages the file has, as found on opening it."""
    tx.execute(update(documents).where(documents.c.id == document_id).values(page_count=pages))


def stop(
    tx: Session, document_id: str, reason: str, note: str, now: datetime, actor: str = SYSTEM
) -> None:
    """Stops the document with a reason code of ``vocabulary.reasons``.

    Raises:
        Conflict: the document is done already.
    """
    assert reason in REASONS, reason
    document = get(tx, document_id)
    if document.state == "done":
        raise Conflict(
            "Giấy tờ đã hoàn thành, không thể dừng.", "The document is done and cannot be stopped."
        )
    if document.state == "stopped" and document.reason == reason:
        return
    change(tx, document_id, now, state="stopped", reason=reason, note=note)
    note_event(tx, document_id, now, actor, "stopped", {"reason": reason, "note": note})


def resume(tx: Session, document_id: str, by: str, now: datetime) -> None:
    """Lets a stopped document try its way again; pages already read stay read.

    Raises:
        Conflict: it is not stopped, or waits for a choice about its duplicate.
    """
    document = get(tx, document_id)
    if document.state != "stopped" or document.reason == "duplicate":
        raise Conflict(
            "Chỉ tiếp tục được giấy tờ đã dừng (không phải vì trùng tệp).",
            "Only a stopped document can be resumed, and not one stopped as a duplicate.",
        )
    change(tx, document_id, now, state="received", reason=None, note="")
    note_event(tx, document_id, now, by, "resumed", {"reason": document.reason})


def choose_duplicate(
    tx: Session, document_id: str, choice: Literal["keep", "discard"], by: str, now: datetime
) -> None:
    """A person decides on a duplicate: go on with both, or leave this one aside.

    Raises:
        Conflict: the document does not wait for this choice.
    """
    document = get(tx, document_id)
    if document.duplicate_choice == choice:
        return
    if document.reason != "duplicate" or document.duplicate_choice is not None:
        raise Conflict(
            "Giấy tờ này không chờ quyết định về tệp trùng.",
            "This document does not wait for a choice about a duplicate.",
        )
    if choice == "keep":
        change(
            tx, document_id, now,
            state="received", reason=None, note="", duplicate_choice="keep",
        )  # fmt: skip
    else:
        change(tx, document_id, now, duplicate_choice="discard")
    note_event(tx, document_id, now, by, f"duplicate_{choice}", {"of": document.duplicate_of})


def finish(tx: Session, document_id: str, now: datetime) -> None:
    """The last step: done, and from a draft it becomes active. Repeating it changes nothing.

    Raises:
        Conflict: the document is stopped or waits for review.
    """
    document = get(tx, document_id)
    if document.state == "done":
        return
    if document.state == "stopped":
        raise stopped_conflict(document)
    if document.state == "needs_review":
        raise Conflict(
            "Giấy tờ còn chờ kiểm tra. Hãy xác nhận các trường dữ liệu trước.",
            "The document waits for review. Confirm its fields first.",
            code="needs_review",
        )
    status = "active" if document.status == "draft" else document.status
    change(tx, document_id, now, state="done", status=status, reason=None, note="")
    note_event(tx, document_id, now, SYSTEM, "done", {"status": status})


def history(tx: Session, document_id: str) -> list[HistoryEvent]:
    """Everything that happened to a document, oldest first."""
    rows = tx.execute(
        select(document_events)
        .where(document_events.c.document_id == document_id)
        .order_by(document_events.c.seq)
    )
    return [HistoryEvent(row.at, row.actor, row.event, dict(row.detail)) for row in rows]


def change(
    tx: Session, document_id: str, now: datetime, expected: int | None = None, **values: Any
) -> None:
    """Writes columns and counts the version up.

    Raises:
        Conflict: the version is not the one expected (code ``version_changed``), or the
            document was disposed of (``disposed``).
        NotFound: there is no such document.
    """
    where = and_(documents.c.id == document_id, documents.c.status != "disposed")
    if expected is not None:
        where = and_(where, documents.c.version == expected)
    changed = tx.execute(
        update(documents)
        .where(where)
        .values(version=documents.c.version + 1, updated_at=now, **values)
        .returning(documents.c.id)
    ).first()
    if changed is None:
        there = get(tx, document_id)
        if there.status == "disposed":
            raise disposed_conflict()
        current = there.version
        raise Conflict(
            "Giấy tờ vừa được người khác sửa. Hãy tải lại rồi sửa tiếp.",
            "The document was changed by somebody else. Load it again, then repeat the change.",
            code="version_changed",
            expected=expected,
            current=current,
        )


def note_event(
    tx: Session, document_id: str, at: datetime, actor: str, event: str, detail: Mapping[str, Any]
) -> None:
    """Adds to the document's history."""
    tx.execute(
        document_events.insert().values(
            document_id=document_id, at=at, actor=actor, event=event, detail=dict(detail)
        )
    )


def stopped_conflict(document: Document) -> Conflict:
    """The document is stopped and cannot go on by itself."""
    return Conflict(
        "Giấy tờ đang dừng. Hãy xử lý lý do dừng rồi tiếp tục.",
        "The document is stopped. Settle the reason first, then resume it.",
        code="document_stopped",
        reason=document.reason,
    )


def disposed_conflict() -> Conflict:
    """Only the tombstone is left."""
    return Conflict(
        "Giấy tờ đã hủy theo danh mục hết giá trị; chỉ còn thông tin mô tả.",
        "The document was disposed of when its term was over; only its description is left.",
        code="disposed",
    )


def _kept() -> Any:
    return or_(documents.c.duplicate_choice.is_(None), documents.c.duplicate_choice != "discard")


def note_awaited(tx: Session, document_id: str, role: str, how: str, now: datetime) -> None:
    """The history says whose signature is awaited, and from where."""
    note_event(tx, document_id, now, SYSTEM, "signature_awaited", {"role": role, "how": how})


def note_answered(tx: Session, document_id: str, role: str, by: str, now: datetime) -> None:
    """The history says who gave the awaited signature."""
    note_event(tx, document_id, now, by, "signature_given", {"role": role})


def note_waiting(tx: Session, document_id: str, now: datetime, detail: Mapping[str, Any]) -> None:
    """The history says once what the document's signatures wait for."""
    last = history(tx, document_id)[-1:]
    if last and last[0].event == "signature_waits" and dict(last[0].detail) == dict(detail):
        return
    note_event(tx, document_id, now, SYSTEM, "signature_waits", detail)
