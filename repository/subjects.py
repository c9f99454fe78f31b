"""Subjects (tổ chức, cá nhân): who holds papers, known by typed identifiers, never by name.

The scheme is always explicit: twelve digits may be an identity number or,
since 01/7/2025, the tax code of the same person; length tells nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from repository.glimpse import OfSession, Question, Rows
from repository.ids import new_id
from repository.insertion import insert_once
from repository.schema import subject_identifiers, subjects
from vocabulary.errors import Conflict, InvalidRequest, NotFound
from vocabulary.text import nfc

_MST_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SEPARATORS: Final = re.compile(r"[\s.]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """One typed identifier in normal form."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or organisation. ``name`` is for people to read, nothing is decided by it."""

    id: str
    name: str
    identifiers: tuple[Identifier, ...]


def normalise(scheme: str, value: str) -> Identifier:
    """The normal form of an identifier.

    Schemes: ``vn:cccd`` (số định danh, 12 digits), ``vn:cmnd9`` (9 digits), ``vn:mst``
    (tax code, 10 digits or 10-3, with check digit), ``vn:dkdn`` (enterprise code, the
    same form), ``passport`` (ICAO 9303: 5 to 9 letters and digits, with the issuing
    country before a colon where it is known, ``USA:123456789``).

    Raises:
        InvalidRequest: unknown scheme, or the value does not fit it (``invalid_identifier``).
    """
    form = _FORMS.get(scheme)
    if form is None:
        known = ", ".join(_FORMS)
        raise InvalidRequest(
            f"Loại định danh {scheme} không được hỗ trợ. Các loại: {known}.",
            f"The identifier scheme {scheme} is not known. Known: {known}.",
            field="subject.scheme",
        )
    normal = form(_SEPARATORS.sub("", nfc(value)).upper())
    if normal is None:
        vi, en = _EXPECTED[scheme]
        raise InvalidRequest(
            f"Số định danh không hợp lệ: {vi}. Hãy kiểm tra lại trên giấy tờ.",
            f"The identifier does not fit: {en}. Check it on the paper.",
            code="invalid_identifier",
            field="subject.id",
        )
    return Identifier(scheme, normal)


def mst_check_digit(nine: str) -> int | None:
    """Tenth digit of a tax code (TT 105/2020/TT-BTC); None where no code exists for the nine."""
    rest = sum(int(digit) * weight for digit, weight in zip(nine, _MST_WEIGHTS, strict=True)) % 11
    return None if rest == 0 else 10 - rest


def ensure(tx: Session, scheme: str, value: str, name: str = "") -> Subject:
    """The subject with this identifier, entered now if it is new.

    An existing subject keeps its name unless it had none.

    Raises:
        InvalidRequest: the identifier does not fit its scheme.
    """
    identifier = normalise(scheme, value)
    there = find(tx, scheme, value)
    if there is None:
        subject_id = new_id()
        tx.execute(subjects.insert().values(id=subject_id, name=nfc(name).strip()))
        _identify(tx, subject_id, identifier)
        return get(tx, subject_id)
    if not there.name and name.strip():
        return rename(tx, there.id, name)
    return there


def find(tx: Session, scheme: str, value: str) -> Subject | None:
    """The subject with this identifier, or None.

    An enterprise's code is its tax code (Decree 01/2021/NĐ-CP, article 8), so
    ``vn:mst`` and ``vn:dkdn`` of the same number are the same organisation.

    Raises:
        InvalidRequest: the identifier does not fit its scheme.
    """
    [rows] = OfSession(tx).ask(asking_for(scheme, value))
    return found_in(rows, scheme)


def asking_for(scheme: str, value: str) -> Question:
    """:func:`find` as a question of a glimpse; :func:`found_in` reads the answer.

    Raises:
        InvalidRequest: the identifier does not fit its scheme.
    """
    identifier = normalise(scheme, value)
    given = {"scheme": identifier.scheme, "twin": _same_by_law(identifier.scheme)}
    return Question(_WHOSE, given | {"value": identifier.value})


def found_in(rows: Rows, scheme: str) -> Subject | None:
    """The subject that was asked for by an identifier of this scheme."""
    # Both may be entered for two: the scheme that was named counts first.
    asked = [row for row in rows if row.asked == scheme] or rows
    if not asked:
        return None
    known = tuple(Identifier(row.scheme, row.value) for row in asked)
    return Subject(asked[0].id, asked[0].name, known)


def get(tx: Session, subject_id: str) -> Subject:
    """One subject.

    Raises:
        NotFound: there is none.
    """
    name = tx.execute(
        select(subjects.c.name).where(subjects.c.id == subject_id)
    ).scalar_one_or_none()
    if name is None:
        raise NotFound("Không có tổ chức, cá nhân này.", "There is no such subject.")
    rows = tx.execute(
        select(subject_identifiers.c.scheme, subject_identifiers.c.value)
        .where(subject_identifiers.c.subject_id == subject_id)
        .order_by(subject_identifiers.c.scheme, subject_identifiers.c.value)
    )
    return Subject(subject_id, name, tuple(Identifier(row.scheme, row.value) for row in rows))


def link(tx: Session, subject_id: str, scheme: str, value: str) -> Subject:
    """Adds another identifier of the same subject (an old identity card, a passport).

    Raises:
        Conflict: the identifier belongs to another subject (code ``identifier_taken``).
    """
    identifier = normalise(scheme, value)
    there = find(tx, scheme, value)
    if there is not None and there.id != subject_id:
        raise Conflict(
            "Định danh này thuộc về tổ chức, cá nhân khác.",
            "This identifier belongs to another subject.",
            code="identifier_taken",
        )
    get(tx, subject_id)
    _identify(tx, subject_id, identifier)
    return get(tx, subject_id)


def rename(tx: Session, subject_id: str, name: str) -> Subject:
    """Corrects the name that people read."""
    tx.execute(update(subjects).where(subjects.c.id == subject_id).values(name=nfc(name).strip()))
    return get(tx, subject_id)


def _identify(tx: Session, subject_id: str, identifier: Identifier) -> None:
    values = {"scheme": identifier.scheme, "value": identifier.value, "subject_id": subject_id}
    insert_once(tx, subject_identifiers, values)


_ASKED: Final = subject_identifiers.alias()
# One statement made once: every question of other systems begins with it.
_WHOSE: Final = (
    select(
        subjects.c.id,
        subjects.c.name,
        subject_identifiers.c.scheme,
        subject_identifiers.c.value,
        _ASKED.c.scheme.label("asked"),
    )
    .join(_ASKED, _ASKED.c.subject_id == subjects.c.id)
    .join(subject_identifiers, subject_identifiers.c.subject_id == subjects.c.id)
    .where(
        _ASKED.c.scheme.in_([bindparam("scheme"), bindparam("twin")]),
        _ASKED.c.value == bindparam("value"),
    )
    .order_by(subject_identifiers.c.scheme, subject_identifiers.c.value)
)


def _same_by_law(scheme: str) -> str:
    """The scheme whose numbers are the same ones; a scheme without such a twin is its own."""
    return {"vn:mst": "vn:dkdn", "vn:dkdn": "vn:mst"}.get(scheme, scheme)


def _digits(count: int) -> Callable[[str], str | None]:
    pattern = re.compile(rf"[0-9]{{{count}}}")
    return lambda value: value if pattern.fullmatch(value) else None


def _tax_code(value: str) -> str | None:
    match = re.fullmatch(r"([0-9]{9})([0-9])(?:-?([0-9]{3}))?", value)
    if match is None or mst_check_digit(match[1]) != int(match[2]) or match[3] == "000":
        return None
    return match[1] + match[2] + (f"-{match[3]}" if match[3] else "")


def _passport(value: str) -> str | None:
    return value if re.fullmatch(r"(?:[A-Z]{3}:)?[A-Z0-9]{5,9}", value) else None


_FORMS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "vn:cccd": _digits(12),
    "vn:cmnd9": _digits(9),
    "vn:mst": _tax_code,
    "vn:dkdn": _tax_code,
    "passport": _passport,
}
SCHEMES: Final = tuple(_FORMS)

_EXPECTED: Final[Mapping[str, tuple[str, str]]] = {
    "vn:cccd": ("số định danh cá nhân có 12 chữ số", "an identity number has 12 digits"),
    "vn:cmnd9": ("chứng minh nhân dân có 9 chữ số", "an old identity card has 9 digits"),
    "vn:mst": (
        # A person's tax code is the identity number since 01/7/2025: that is vn:cccd.
        "mã số thuế có 10 chữ số (chi nhánh thêm -001), đúng số kiểm tra; cá nhân: vn:cccd",
        "a tax code has 10 digits (a branch -001) with a right check digit; a person: vn:cccd",
    ),
    "vn:dkdn": (
        "mã số doanh nghiệp có 10 chữ số và chữ số kiểm tra đúng",
        "an enterprise code has 10 digits with a right check digit",
    ),
    "passport": (
        "số hộ chiếu có 5 đến 9 chữ cái và chữ số",
        "a passport number has 5 to 9 letters and digits",
    ),
}
