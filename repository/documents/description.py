"""What people say of a paper that does not stand on it as a field: its kind, its holder, its use.

Type and holder decide whether the once-only check counts the paper, legal form and
scope whether it satisfies a component (:mod:`repository.once_only.decision`).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from repository.documents.review import COLUMN_OF, fields_of, keep_columns, put_field
from repository.documents.views import Document
from repository.documents.way import change, get, note_event
from repository.once_only.decision import ACCEPTED_AS, NATIONWIDE
from vocabulary.errors import InvalidRequest
from vocabulary.papers import FieldValue

FORMS: Final = tuple(ACCEPTED_AS)
"""Legal forms that a person can choose (Decree 45/2020/NĐ-CP, articles 5 and 10)."""

_KNOWN: Final = (
    "type", "subject_id", "number_symbol", "issuer", "issue_date", "valid_from", "valid_to",
    "scope", "form", "ends_with",
)  # fmt: skip
_TYPE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PLACE: Final = re.compile(r"[A-Z][0-9]{2}")


def describe(
    tx: Session,
    document_id: str,
    values: Mapping[str, Any],
    by: str,
    now: datetime,
    expected_version: int | None = None,
) -> Document:
    """Sets what a person knows of the paper; None takes a value back.

    ``values``: type, subject_id, scope, form, valid_from, valid_to, number_symbol,
    issuer, issue_date, ends_with. A type that no procedure names (yet) is taken: procedures are
    data and may come later. The history keeps what stood before.

    Raises:
        Conflict: changed meanwhile (``version_changed``).
        InvalidRequest: no such value, or one that does not fit.
    """
    document = get(tx, document_id)
    check(document, values)
    _check_other(tx, document_id, values.get("ends_with"))
    before = {name: _plain(getattr(document, name)) for name in values}
    after = {name: _plain(value) for name, value in values.items()}
    said = dict(document.metadata) | after
    change(tx, document_id, now, expected_version, metadata=said, **values)
    _settle_fields(tx, document_id, values, by, now)
    detail = {"values": sorted(values), "before": before, "after": after}
    note_event(tx, document_id, now, by, "described", detail)
    return get(tx, document_id)


def check(document: Document | None, values: Mapping[str, Any]) -> None:
    """Whether what is said of a paper can be; ``document``: as it stands, None for a new one.

    Raises:
        InvalidRequest: no such value, or one that does not fit.
    """
    for name in values:
        if name not in _KNOWN:
            raise InvalidRequest(f"Không có mục {name}.", f"There is no value {name}.", field=name)
    kind, form, scope = (values.get(name) for name in ("type", "form", "scope"))
    if kind is not None and not _TYPE.fullmatch(kind):
        raise InvalidRequest(
            "Mã loại giấy tờ chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới, "
            "ví dụ business_registration.",
            "A type is a code of small letters, digits and underscores, "
            "for example business_registration.",
            field="type",
        )
    if form is not None and form not in FORMS:
        known = ", ".join(FORMS)
        raise InvalidRequest(
            f"Không có hình thức bản {form}. Các hình thức: {known}.",
            f"There is no legal form {form}. Known: {known}.",
            field="form",
        )
    if scope is not None and scope != NATIONWIDE and not _PLACE.fullmatch(scope):
        raise InvalidRequest(
            "Phạm vi là nationwide (cả nước) hoặc mã tỉnh như H31.",
            "The scope is nationwide or the code of a province such as H31.",
            field="scope",
        )
    if {"issue_date", "valid_from", "valid_to"} & set(values):
        _check_days(*(
            values.get(name, getattr(document, name, None))
            for name in ("issue_date", "valid_from", "valid_to")
        ))  # fmt: skip


def _check_days(issued: date | None, begin: date | None, end: date | None) -> None:
    """No paper ends before it begins, nor before it was issued."""
    for first, vi, en in (
        (begin, "ngày bắt đầu có giá trị", "its begin"),
        (issued, "ngày cấp", "the day of issue"),
    ):
        if first is not None and end is not None and end < first:
            raise InvalidRequest(
                f"Ngày hết giá trị đứng trước {vi}. Hãy xem lại trên giấy.",
                f"The end of validity is before {en}. Look at the paper again.",
                code="validity_contradictory",
                field="valid_to",
            )


def not_in_future(issued: date | None, today: date) -> None:
    """A paper that is there was issued today at the latest.

    Raises:
        InvalidRequest: ``issued_in_future``.
    """
    if issued is not None and issued > today:
        raise InvalidRequest(
            "Ngày cấp nằm trong tương lai. Hãy xem lại trên giấy.",
            "The day of issue lies in the future. Look at the paper again.",
            code="issued_in_future",
            field="issue_date",
        )


def _check_other(tx: Session, document_id: str, other: str | None) -> None:
    """The paper with which this one ends is there and does not itself end with this one."""
    seen = set[str]()
    while other is not None and other not in seen:
        if other == document_id:
            raise InvalidRequest(
                "Giấy tờ không thể hết hiệu lực cùng với chính nó. Hãy chọn giấy tờ khác.",
                "A paper cannot end with itself. Choose another one.",
                code="validity_circle",
                field="ends_with",
            )
        seen.add(other)
        other = get(tx, other).ends_with


def _settle_fields(
    tx: Session, document_id: str, values: Mapping[str, Any], by: str, now: datetime
) -> None:
    """The latest word stands: a field that a person set before follows what is said now.

    A value that was taken back is what the paper says again.
    """
    there = fields_of(tx, document_id)
    for name, column in COLUMN_OF.items():
        value = values.get(column)
        old = there.get(name)
        if value is not None and old is not None and old.source == "person":
            settled = FieldValue(str(_plain(value)), 1.0, old.page, old.box, "person")
            put_field(tx, document_id, name, settled, by, now)
    if any(column in values and values[column] is None for column in COLUMN_OF.values()):
        keep_columns(tx, get(tx, document_id), now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
