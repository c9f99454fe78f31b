"""Fields as read, corrected and confirmed, and what a person decides on a document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository.documents.views import Document
from repository.documents.way import change, get, note_event, stopped_conflict
from repository.insertion import insert_once
from repository.schema import documents
from repository.schema import fields as fields_table
from vocabulary.errors import Conflict, InvalidRequest
from vocabulary.papers import FIELD_NAMES, Fields, FieldValue
from vocabulary.text import nfc

COLUMN_OF: Final = {
    "number_symbol": "number_symbol",
    "issuer": "issuer",
    "issue_date": "issue_date",
    "expiry_date": "valid_to",
}
"""Fields of the paper that the catalogue also keeps as columns of the document."""

_DATES: Final = ("issue_date", "expiry_date")
_REVIEWABLE: Final = ("read", "needs_review", "reviewed", "composed", "certified", "done")


def save_fields(tx: Session, document_id: str, found: Fields, now: datetime) -> None:
    """Keeps what was extracted; what a person has corrected stays corrected."""
    for name, value in found.items():
        values = {
            "value": value.to_json(),
            "needs_review": value.needs_review,
            "read_value": value.to_json(),
            "changed_at": now,
        }
        if not insert_once(tx, fields_table, {"document_id": document_id, "name": name} | values):
            tx.execute(
                update(fields_table)
                .where(
                    fields_table.c.document_id == document_id,
                    fields_table.c.name == name,
                    fields_table.c.changed_by.is_(None),
                )
                .values(**values)
            )
    keep_columns(tx, get(tx, document_id), now)


def fields_of(tx: Session, document_id: str) -> dict[str, FieldValue]:
    """The fields as they stand now; one that a person struck out is not there."""
    rows = tx.execute(
        select(fields_table.c.name, fields_table.c.value).where(
            fields_table.c.document_id == document_id, fields_table.c.value.is_not(None)
        )
    )
    found = {row.name: FieldValue.from_json(row.value) for row in rows}
    return {name: found[name] for name in FIELD_NAMES if name in found}


def fields_confirmed(tx: Session, document_id: str) -> bool:
    """Whether no field waits for a person."""
    waiting = tx.execute(
        select(fields_table.c.name)
        .where(fields_table.c.document_id == document_id, fields_table.c.needs_review)
        .limit(1)
    ).first()
    return waiting is None


def review_fields(
    tx: Session,
    document_id: str,
    changes: Mapping[str, str | Sequence[str] | None],
    by: str,
    expected_version: int,
    now: datetime,
) -> Document:
    """Corrects fields; None strikes one out that is not on the paper.

    Raises:
        Conflict: changed meanwhile (``version_changed``), stopped, or not read yet.
        InvalidRequest: no such field, or a value that does not fit it.
    """
    document = _reviewable(tx, document_id)
    there = fields_of(tx, document_id)
    change(tx, document_id, now, expected_version)
    for name, given in changes.items():
        old = there.get(name)
        value = None if given is None else _corrected(name, given, old)
        put_field(tx, document_id, name, value, by, now)
    keep_columns(tx, document, now)
    note_event(tx, document_id, now, by, "fields_reviewed", {"fields": sorted(changes)})
    return get(tx, document_id)


def confirm(
    tx: Session, document_id: str, by: str, expected_version: int, now: datetime
) -> Document:
    """A person vouches for the fields as they stand; a document in review goes on.

    Raises:
        Conflict: changed meanwhile (``version_changed``), stopped, or not read yet.
    """
    document = _reviewable(tx, document_id)
    state = "reviewed" if document.state in ("read", "needs_review") else document.state
    change(tx, document_id, now, expected_version, state=state, confirmed_by=by, confirmed_at=now)
    for name, value in fields_of(tx, document_id).items():
        if value.needs_review:
            put_field(tx, document_id, name, _settled(value), by, now)
    note_event(tx, document_id, now, by, "confirmed", {})
    return get(tx, document_id)


def withdraw(
    tx: Session,
    document_id: str,
    by: str,
    note: str,
    now: datetime,
    expected_version: int | None = None,
) -> Document:
    """Takes the paper out of use for good; ``note`` names reason and decision.

    Raises:
        Conflict: changed meanwhile, or withdrawn already.
    """
    if get(tx, document_id).status == "withdrawn":
        raise Conflict("Giấy tờ đã được thu hồi.", "The document is withdrawn already.")
    change(tx, document_id, now, expected_version, status="withdrawn", status_note=note)
    note_event(tx, document_id, now, by, "withdrawn", {"note": note})
    return get(tx, document_id)


def supersede(
    tx: Session,
    document_id: str,
    successor: str,
    by: str,
    now: datetime,
    expected_version: int | None = None,
    *,
    corrected: bool = False,
) -> Document:
    """Names the paper that replaces this one.

    ``corrected``: it says the same without a mistake (đính chính); else it is a new paper.

    Raises:
        NotFound: no such successor.
        Conflict: changed meanwhile, withdrawn, the successor leads back to this document
            (``supersession_circle``) or is somebody else's (``holder_differs``).
    """
    document = get(tx, document_id)
    if document.status == "withdrawn":
        raise Conflict("Giấy tờ đã được thu hồi.", "The document is withdrawn already.")
    theirs = get(tx, successor).subject_id
    if None not in (theirs, document.subject_id) and theirs != document.subject_id:
        raise Conflict(
            "Giấy tờ thay thế là của người khác. Hãy chọn giấy tờ của cùng chủ.",
            "The successor is somebody else's paper. Choose one of the same holder.",
            code="holder_differs",
        )
    following: str | None = successor
    while following is not None:
        if following == document_id:
            raise Conflict(
                "Giấy tờ thay thế lại bị chính giấy tờ này thay thế. Hãy chọn giấy tờ khác.",
                "The successor is itself replaced by this document. Choose another one.",
                code="supersession_circle",
            )
        following = get(tx, following).superseded_by
    status = "corrected" if corrected else "superseded"
    change(tx, document_id, now, expected_version, status=status, superseded_by=successor)
    note_event(tx, document_id, now, by, status, {"by": successor})
    return get(tx, document_id)


def _reviewable(tx: Session, document_id: str) -> Document:
    document = get(tx, document_id)
    if document.state == "stopped":
        raise stopped_conflict(document)
    if document.state not in _REVIEWABLE:
        raise Conflict(
            "Giấy tờ chưa đọc xong. Hãy chờ rồi kiểm tra.",
            "The document has not been read yet. Wait, then review it.",
            code="not_read_yet",
        )
    return document


def _corrected(name: str, given: str | Sequence[str], old: FieldValue | None) -> FieldValue:
    if name not in FIELD_NAMES:
        raise InvalidRequest(f"Không có trường {name}.", f"There is no field {name}.", field=name)
    if (name == "citations") != (not isinstance(given, str)):
        raise InvalidRequest(
            f"Trường {name} có kiểu giá trị không đúng.",
            f"The field {name} has a value of the wrong kind.",
            field=name,
        )
    value = (
        nfc(given).strip() if isinstance(given, str) else tuple(nfc(one).strip() for one in given)
    )
    if not value:
        raise InvalidRequest(
            f"Trường {name} đang trống. Hãy nhập giá trị hoặc xóa trường.",
            f"The field {name} is empty. Give a value or strike the field out.",
            field=name,
        )
    if name in _DATES:
        _date(name, str(value))
    return FieldValue(
        value=value,
        confidence=1.0,
        page=old.page if old else None,
        box=old.box if old else None,
        source="person",
    )


def _date(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidRequest(
            f"Trường {name} phải là ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23.",
            f"The field {name} must be a date as YEAR-MONTH-DAY, for example 2026-11-23.",
            field=name,
        ) from None


def _settled(value: FieldValue) -> FieldValue:
    return FieldValue(value.value, value.confidence, value.page, value.box, value.source)


def put_field(
    tx: Session, document_id: str, name: str, value: FieldValue | None, by: str, now: datetime
) -> None:
    """Writes one field as a person settled it; None strikes it out."""
    values = {
        "value": None if value is None else value.to_json(),
        "needs_review": False,
        "changed_by": by,
        "changed_at": now,
    }
    if not insert_once(tx, fields_table, {"document_id": document_id, "name": name} | values):
        tx.execute(
            update(fields_table)
            .where(fields_table.c.document_id == document_id, fields_table.c.name == name)
            .values(**values)
        )


def keep_columns(tx: Session, document: Document, now: datetime) -> None:
    """Columns follow the fields; what was said at hand-in yields to a person's correction only."""
    found = fields_of(tx, document.id)
    values: dict[str, Any] = {}
    for name, column in COLUMN_OF.items():
        value = found.get(name)
        said = document.metadata.get(column) is not None
        if said and (value is None or value.source != "person"):
            continue
        text = None if value is None else str(value.value)
        values[column] = _plain_date(text) if name in _DATES else text
    if values:
        tx.execute(
            update(documents).where(documents.c.id == document.id).values(updated_at=now, **values)
        )


def _plain_date(text: str | None) -> date | None:
    """A date that was read as one; "không thời hạn" and the like name no day."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
