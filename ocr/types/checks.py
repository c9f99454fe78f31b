"""Checks that a type file asks for by name; a type cannot bring code of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from ocr.fields.identifiers import is_identity_number, is_tax_code
from ocr.types.model import Check, CheckName, DocumentType, Finding
from vocabulary.papers import Fields

LOWERED: Final = 0.5
"""Most confidence that is left of a field whose check failed: a person looks at it."""


def findings_of(kind: DocumentType, fields: Fields) -> tuple[Finding, ...]:
    """What the type's checks find wrong with the fields; a field that is not there passes."""
    found = (_CHECKS[check.name](check, fields) for check in kind.checks)
    return tuple(one for one in found if one is not None)


def _check_digit(check: Check, fields: Fields) -> Finding | None:
    code = _text(fields, check.field)
    if not code or is_tax_code(code) or is_identity_number(code):
        return None
    return Finding(
        "check_digit",
        check.field,
        f"«{code}» sai số kiểm tra của mã số doanh nghiệp, mã số thuế: hãy đối chiếu với giấy.",
        f"{code!r} has a wrong check digit for an enterprise or tax code: look at the paper.",
    )


def _identity_number(check: Check, fields: Fields) -> Finding | None:
    number = _text(fields, check.field)
    if not number or len(number) != 12 or is_identity_number(number):
        return None
    return Finding(
        "identity_number",
        check.field,
        f"«{number}» không thể là số định danh cá nhân: hãy đối chiếu với giấy.",
        f"{number!r} cannot be a personal identity number: look at the paper.",
    )


def _date_order(_check: Check, fields: Fields) -> Finding | None:
    issued, end = (_day(_text(fields, name)) for name in ("issue_date", "expiry_date"))
    if issued is None or end is None or issued <= end:
        return None
    return Finding(
        "date_order",
        "expiry_date",
        f"Ngày hết hạn {end:%d/%m/%Y} trước ngày cấp {issued:%d/%m/%Y}: hãy đối chiếu với giấy.",
        f"It expires on {end} before it was issued on {issued}: look at the paper.",
    )


def _pattern(check: Check, fields: Fields) -> Finding | None:
    value = _text(fields, check.field)
    if not value or any(one.matches(value) for one in check.patterns):
        return None
    known = " · ".join(one.text for one in check.patterns)
    return Finding(
        "pattern",
        check.field,
        f"«{value}» không theo mẫu {known}: hãy đối chiếu với giấy.",
        f"{value!r} is not of the form {known}: look at the paper.",
    )


_CHECKS: Final[Mapping[CheckName, Callable[[Check, Fields], Finding | None]]] = {
    "check_digit": _check_digit,
    "identity_number": _identity_number,
    "date_order": _date_order,
    "pattern": _pattern,
}


def _text(fields: Fields, name: str) -> str:
    value = fields[name].value if name in fields else ""
    return value if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
