"""Checks between the fields of one paper; they need no database.

Two places that say the same make a reading surer, two that differ send it to a person.
Nothing is changed here but confidence, remarks and alternatives; only a number that the
head left open is taken from an annex of the same file.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ocr.fields.annex import Note
from ocr.fields.dates import DATE, dates_in
from ocr.fields.evidence import ReadField
from ocr.fields.head import Head
from ocr.fields.layout import Sheet
from ocr.fields.lexicon import document_types
from ocr.fields.matching import key, opens_with, uppercase_share
from vocabulary.papers import Remark

Found = Mapping[str, ReadField]

_CONTRADICTED = 0.6
_SIGNED = re.compile(rf"(?:thoigian|ng[a-tv-z]y)k[iy]:?(?P<day>{DATE.pattern})")
_GROUNDS = ("Căn cứ", "Theo đề nghị", "Xét đề nghị")
_AFTER_GROUNDS = re.compile(r"\W*(?:\d{1,2}[.)]\s|Điều\s*\d)", re.IGNORECASE)
_SMALL_WORDS = frozenset({"va", "cua", "cac"})


@dataclass(frozen=True)
class Context:
    """What else the pages say.

    ``notes``: of annexes in the same file; ``signed``: days on which signatures say they were
    made; ``grounds``: the latest day of a paper that the legal grounds cite.
    """

    notes: tuple[Note, ...] = ()
    signed: tuple[date, ...] = ()
    grounds: date | None = None
    today: date | None = None


def context_of(
    head: Head, sheets: Sequence[Sheet], notes: Sequence[Note], today: date | None
) -> Context:
    """What the pages say beside the fields themselves."""
    return Context(tuple(notes), _signing_days(sheets), _latest_ground(head), today)


def checked(found: Found, context: Context) -> dict[str, ReadField]:
    """The fields after all checks."""
    steps: tuple[Callable[[Found, Context], Found], ...] = (
        _number_of_annex, _date_of_annex, _type_of_symbol, _issuer_of_symbol, _year_of_symbol,
        _day_of_signature, _day_of_grounds, _place_of_issuer, _expiry_after_issue,
    )  # fmt: skip
    for step in steps:
        found = step(found, context)
    return dict(found)


def _with(found: Found, **fields: ReadField) -> Found:
    return {**found, **fields}


def _agrees(field: ReadField) -> ReadField:
    return field.weighed(1.0, agreement=max(field.evidence.agreement, 1.0))


def _contradicted(field: ReadField, remark: Remark, other: str | None = None) -> ReadField:
    more = (*field.alternatives, other) if other else field.alternatives
    field = replace(field, alternatives=tuple(dict.fromkeys(more)))
    return field.remarked(remark).weighed(_CONTRADICTED, agreement=-1.0)


def _number_of_annex(found: Found, context: Context) -> Found:
    number = found.get("number_symbol")
    if number is None:
        return found
    ending = _ending(str(number.value))
    for note in context.notes:
        other = str(note.symbol.value)
        if not note.complete or _ending(other) != ending:
            continue
        if str(number.value).startswith("/"):
            taken = note.symbol.remarked(*number.remarks, "from_annex").weighed(0.6)
            return _with(found, number_symbol=taken)
        if other == number.value:
            return _with(found, number_symbol=_agrees(number))
        return _with(found, number_symbol=_contradicted(number, "annex_differs", other))
    return found


def _ending(symbol: str) -> str:
    return symbol.partition("/")[2]


def _date_of_annex(found: Found, context: Context) -> Found:
    number, issued = found.get("number_symbol"), found.get("issue_date")
    if number is None or issued is None:
        return found
    for note in context.notes:
        if note.issued is None or str(note.symbol.value) not in (
            number.value, f"/{_ending(str(number.value))}",
        ):  # fmt: skip
            continue
        said = note.issued.isoformat()
        if said == issued.value:
            return _with(found, issue_date=_agrees(issued))
        return _with(found, issue_date=_contradicted(issued, "annex_differs", said))
    return found


def _type_of_symbol(found: Found, _context: Context) -> Found:
    number, kind = found.get("number_symbol"), found.get("doc_type")
    if number is None or kind is None:
        return found
    names = {one.abbreviation: one.name for one in document_types() if one.abbreviation}
    parts = re.split(r"[/-]", str(number.value))
    said = next((names[part] for part in parts if part in names), None)
    if said is None or (kind.value not in names.values()):
        return found
    if said == kind.value:
        return _with(found, number_symbol=_agrees(number), doc_type=_agrees(kind))
    return _with(
        found,
        number_symbol=_contradicted(number, "type_differs"),
        doc_type=_contradicted(kind, "type_differs"),
    )


def _issuer_of_symbol(found: Found, _context: Context) -> Found:
    """The symbol ends with the issuer's initials: SỞ Y TẾ, SYT. Other ways are no contradiction."""
    number, issuer = found.get("number_symbol"), found.get("issuer")
    if number is None or issuer is None:
        return found
    words = [word for word in re.findall(r"\w+", str(issuer.value)) if word]
    first = "".join(word[0] for word in words if key(word) not in _SMALL_WORDS).upper()
    code = re.sub(r"[^A-ZĐa-z]", "", str(number.value).rsplit("-", 1)[-1].rsplit("/", 1)[-1])
    committee = key(str(issuer.value)).startswith(("uibannhandan", "ubnd"))
    if (committee and code.endswith("UBND")) or (len(code) > 1 and first.startswith(code)):
        return _with(found, number_symbol=_agrees(number), issuer=_agrees(issuer))
    province = committee and re.fullmatch(r"B[A-ZĐ]{1,6}", code) and code in _ministries()
    if province:
        return _with(found, issuer=_contradicted(issuer, "issuer_differs"))
    return found


def _ministries() -> frozenset[str]:
    return frozenset({"BCA", "BCT", "BNV", "BTC", "BTP", "BYT", "BXD", "BQP", "BNG"})


def _year_of_symbol(found: Found, _context: Context) -> Found:
    number, issued = found.get("number_symbol"), found.get("issue_date")
    match = re.search(r"/((?:19|20)\d{2})/", str(number.value)) if number else None
    if number is None or issued is None or match is None:
        return found
    if str(issued.value).startswith(match[1]):
        return _with(found, number_symbol=_agrees(number), issue_date=_agrees(issued))
    return _with(found, issue_date=_contradicted(issued, "date_implausible"))


def _day_of_signature(found: Found, context: Context) -> Found:
    """A paper is dated on the day it is signed or some days before or after."""
    issued = found.get("issue_date")
    day = _day(issued)
    if issued is None or day is None or not context.signed:
        return found
    near = min(abs((signed - day).days) for signed in context.signed)
    if near <= 1:
        return _with(found, issue_date=_agrees(issued))
    if day - min(context.signed) > timedelta(days=31):
        return _with(found, issue_date=_contradicted(issued, "signing_time_differs"))
    return found


def _day_of_grounds(found: Found, context: Context) -> Found:
    """No paper is older than those it rests on, none is of tomorrow."""
    issued = found.get("issue_date")
    day = _day(issued)
    if issued is None or day is None:
        return found
    future = context.today is not None and day > context.today
    if future or (context.grounds is not None and context.grounds > day):
        doubted = _contradicted(issued, "date_implausible").weighed(1.0, check=-1.0)
        return _with(found, issue_date=doubted)
    if context.grounds is not None:
        return _with(found, issue_date=issued.weighed(1.0, check=1.0))
    return found


def _place_of_issuer(found: Found, _context: Context) -> Found:
    place, issuer = found.get("place"), found.get("issuer")
    if place is None or issuer is None:
        return found
    above = found.get("issuer_parent")
    bodies = key(str(issuer.value)) + key(str(above.value) if above else "")
    name = re.sub(r"^(?:thanhpho|tp)", "", key(str(place.value)))
    if len(name) < 3 or name not in bodies:
        return found
    return _with(found, place=_agrees(place), issuer=_agrees(issuer))


def _expiry_after_issue(found: Found, _context: Context) -> Found:
    last, first = found.get("expiry_date"), found.get("issue_date")
    last_day, first_day = _day(last), _day(first)
    if last is None or last_day is None or first_day is None:
        return found
    if last_day < first_day:
        doubted = _contradicted(last, "expired_at_issue").weighed(1.0, check=-1.0)
        return _with(found, expiry_date=doubted)
    return _with(found, expiry_date=last.weighed(1.0, check=1.0))


def _day(field: ReadField | None) -> date | None:
    if field is None or not isinstance(field.value, str):
        return None
    try:
        return date.fromisoformat(field.value)
    except ValueError:
        return None


def _signing_days(sheets: Sequence[Sheet]) -> tuple[date, ...]:
    said = (_SIGNED.search(row.squeezed.folded) for sheet in sheets for row in sheet.rows)
    dates = (read.value for match in said if match for read in dates_in(match["day"]))
    return tuple(day for day in dates if day is not None)


def _latest_ground(head: Head) -> date | None:
    """The latest day in the paragraphs that begin with "Căn cứ", "Theo đề nghị".

    They end at a heading in capitals ("QUYẾT ĐỊNH:", "CẤP PHÉP:") or at the first number or
    article: what follows speaks of days to come (validity, deadlines).
    """
    days = []
    inside = False
    for row in head.sheet.below(head.bottom - 1):
        inside = inside or any(opens_with(row.text, one, 0.17) for one in _GROUNDS)
        if inside and (uppercase_share(row.text) > 0.8 or _AFTER_GROUNDS.match(row.text)):
            break
        if inside:
            days += [read.value for read in dates_in(row.squeezed.folded) if read.value]
    return max(days, default=None)
