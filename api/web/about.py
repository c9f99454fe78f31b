"""Whose paper it is and of what type: a form's part, filled, and back as what a person said.

What the paper itself says of its holder and its kind is offered, never taken: a person
clicks, or leaves the chosen type as it stands, sees it, and sends the form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from api.web import words
from api.web.kinds import UNKNOWN_KIND, KindOfPaper
from repository import procedures, subjects
from repository.documents import Document
from repository.subjects import Subject
from vocabulary.errors import InvalidRequest
from vocabulary.papers import Fields
from vocabulary.text import folded

PREFIX: Final = "about."
_PLAIN: Final = ("type", "form", "scope", "ends_with")
_DATES: Final = ("valid_from", "valid_to")
_SUBJECT: Final = ("scheme", "id", "name")
_BY_LENGTH: Final = ("vn:mst", "vn:cccd", "vn:cmnd9")
"""Schemes that a number on a paper can be offered under; the first that it fits."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The holder as the paper names it, for one click. ``scheme`` is empty where only a name is."""

    scheme: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class About:
    """What stands in the form. ``guessed``: the type was chosen by the paper's own name or cues.

    ``term``: the law by which the end of validity was counted, empty where it was not.
    ``lacking`` tells in words what the once-only check still misses.
    """

    values: Mapping[str, str]
    types: Mapping[str, str]
    forms: Mapping[str, str]
    scopes: Mapping[str, str]
    owner: Subject | None
    guessed: bool
    term: str
    offer: Offer | None
    lacking: Sequence[str]


def about_of(
    tx: Session,
    doc: Document,
    fields: Fields,
    typed: Mapping[str, str],
    kind: KindOfPaper = UNKNOWN_KIND,
    places: Mapping[str, str] = MappingProxyType({}),
) -> About:
    """The part for one document; what a person has just typed stands above what is stored.

    ``kind``: what the document types know of it. The name of a type that procedures ask for
    is nearer than the type by which the paper was recognised. ``places``: provinces of the
    office, by code.
    """
    names = types_of_procedures(tx)
    owner = subjects.get(tx, doc.subject_id) if doc.subject_id else None
    stored = _stored(doc, owner)
    guess = "" if doc.type else type_by_name(fields, names) or kind.proposed
    values = {**stored, "type": stored["type"] or guess}
    end = kind.validity.until
    counted = kind.validity.how == "law" and end is not None and not stored["valid_to"]
    if counted and end is not None:
        values["valid_to"] = end.isoformat()
    values |= {name: typed[PREFIX + name] for name in values if PREFIX + name in typed}
    return About(
        values=values,
        types=_with(
            stored["type"], {**kind.names, **{one: name[0] for one, name in names.items()}}
        ),
        forms=_with(stored["form"], words.FORMS),
        scopes=_with(stored["scope"], words.scopes(places)),
        owner=owner,
        guessed=bool(guess) and values["type"] == guess,
        term=kind.validity.basis if counted and values["valid_to"] == str(end) else "",
        offer=None if owner else offer_of(fields),
        lacking=_lacking(doc),
    )


def said_of(tx: Session, doc: Document, form: Mapping[str, str]) -> dict[str, Any]:
    """What the person changed, as :func:`ingest.review.describe` takes it.

    Raises:
        InvalidRequest: a date is none, or the holder has a name and no number.
    """
    owner = subjects.get(tx, doc.subject_id) if doc.subject_id else None
    stored = _stored(doc, owner)
    given = {
        name: " ".join(form[PREFIX + name].split()) for name in stored if PREFIX + name in form
    }
    said: dict[str, Any] = {
        name: given[name] or None
        for name in _PLAIN
        if name in given and given[name] != stored[name]
    }
    for name in _DATES:
        if name in given and given[name] != stored[name]:
            said[name] = _date(name, given[name])
    holder = {name: given.get(name, stored[name]) for name in _SUBJECT}
    if any(holder[name] != stored[name] for name in _SUBJECT):
        said |= _holder(holder, stored)
    return said


def holder_of(form: Mapping[str, str]) -> dict[str, str] | None:
    """The holder as a form names it; None where it is left open.

    Raises:
        InvalidRequest: a name without a number.
    """
    holder = {name: " ".join(form.get(PREFIX + name, "").split()) for name in _SUBJECT}
    if holder["id"]:
        return holder
    if holder["name"]:
        raise InvalidRequest(
            "Chủ giấy tờ có tên nhưng chưa có mã số. Hãy nhập mã số, hoặc xóa tên.",
            "The holder has a name and no number. Give the number, or leave the name out.",
            code="invalid_identifier",
            field="subject.id",
        )
    return None


def offer_of(fields: Fields) -> Offer | None:
    """The holder that the paper names, with the first kind of number that fits."""
    number, name = (_text(fields, one) for one in ("holder_id", "holder_name"))
    for scheme in _BY_LENGTH if number else ():
        try:
            return Offer(scheme, subjects.normalise(scheme, number).value, name)
        except InvalidRequest:
            continue
    return Offer("", "", name) if name else None


def types_of_procedures(tx: Session) -> dict[str, tuple[str, ...]]:
    """Types that procedures accept or produce, each with its names, the one to show first."""
    found: dict[str, list[str]] = {}
    for kind, name in _types(tx):
        names = found.setdefault(kind, [words.DOCUMENT_TYPES.get(kind, name or kind)])
        if name and name not in names:
            names.append(name)
    return dict(sorted(((kind, tuple(names)) for kind, names in found.items()), key=_by_name))


def type_by_name(fields: Fields, names: Mapping[str, Sequence[str]]) -> str:
    """The type whose name is how the paper calls itself; empty where none or two would do.

    A licence calls itself "Giấy phép" and says in its trích yếu what for, so both are
    read as one. The longest name that the paper begins with counts.
    """
    called = folded(f"{_text(fields, 'doc_type')} {_text(fields, 'subject')}".strip()) + " "
    if not _text(fields, "doc_type"):
        return ""
    best: set[str] = set()
    longest = 0
    for kind, its_names in names.items():
        for name in its_names:
            plain = folded(name) + " "
            if called.startswith(plain) and len(plain) >= longest:
                best = best | {kind} if len(plain) == longest else {kind}
                longest = len(plain)
    return best.pop() if len(best) == 1 else ""


def _types(tx: Session) -> Iterator[tuple[str, str]]:
    for procedure in procedures.list_all(tx):
        for result in procedure.results:
            yield result.type, result.name
        for component in procedure.components:
            for alternative in component.satisfied_by:
                yield from ((kind, "") for kind in alternative)


def _by_name(item: tuple[str, tuple[str, ...]]) -> str:
    return folded(item[1][0])


def _stored(doc: Document, owner: Subject | None) -> dict[str, str]:
    first = owner.identifiers[0] if owner and owner.identifiers else None
    return {
        "type": doc.type or "",
        "scheme": first.scheme if first else next(iter(words.SCHEMES)),
        "id": first.value if first else "",
        "name": owner.name if owner else "",
        "form": doc.form or "",
        "scope": doc.scope or "",
        "ends_with": doc.ends_with or "",
        "valid_from": doc.valid_from.isoformat() if doc.valid_from else "",
        "valid_to": doc.valid_to.isoformat() if doc.valid_to else "",
    }


def _holder(holder: dict[str, str], stored: Mapping[str, str]) -> dict[str, Any]:
    """A changed holder; the kind of number alone, beside an empty number, says nothing."""
    same_number = all(holder[name] == stored[name] for name in ("scheme", "id"))
    if stored["name"] and same_number:
        raise InvalidRequest(
            f"Mã số này đã có tên «{stored['name']}» trong hệ thống; tên không đổi được ở đây.",
            f"This number has the name {stored['name']!r} already; it is not changed here.",
            field="subject.name",
        )
    if stored["id"] and not holder["id"]:
        return {"subject": None}
    left_over = stored["name"] and holder["name"] == stored["name"]  # the former holder's name
    holder = {**holder, "name": "" if left_over else holder["name"]}
    found = holder_of({PREFIX + name: value for name, value in holder.items()})
    return {"subject": found} if found else {}


def _lacking(doc: Document) -> Sequence[str]:
    wanted = {
        "chủ giấy tờ": doc.subject_id,
        "loại giấy tờ": doc.type,
        "hình thức bản": doc.form,
    }
    return tuple(name for name, value in wanted.items() if not value)


def _with(code: str, table: Mapping[str, str]) -> Mapping[str, str]:
    """The table with a stored value that it does not know."""
    if not code or code in table:
        return table
    return {**table, code: words.DOCUMENT_TYPES.get(code, code)}


def _text(fields: Fields, name: str) -> str:
    value = fields[name].value if name in fields else ""
    return value if isinstance(value, str) else " ".join(value)


def _date(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidRequest(
            "Thời hạn phải là ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23.",
            "A validity must be a date as YEAR-MONTH-DAY, for example 2026-11-23.",
            field=name,
        ) from None
