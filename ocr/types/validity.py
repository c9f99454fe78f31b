"""Until when a paper holds, by what it says and by the law of its type (thời hạn hiệu lực).

What is printed comes first. Where nothing is printed, the term that the law gave on the day of
issue is counted; it never becomes a field of the paper (a field that is not there is absent) but
stands beside the fields, with the law that it rests on, for a person to take over.
"""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date
from typing import Final

from ocr.fields.dates import DATE, DateRead, dates_in
from ocr.fields.matching import squeeze
from ocr.types.labels import values_of
from ocr.types.model import DocumentType, LabelRule, Validity
from ocr.types.paper import Paper
from ocr.types.values import Value
from vocabulary.papers import Fields, FieldValue

UNLIMITED: Final = "không thời hạn"
"""The value of ``expiry_date`` where the paper says that it has no end."""

_LATEST_YEAR: Final = 3000
_UNTIL: Final = re.compile(r"(?:den|toi)(?:het)?(?:ngay)?:?$")
_FROM: Final = re.compile(r"(?:tu|ke)(?:ngay)?:?$")
_UNLIMITED: Final = re.compile(r"(?:vothoihan|khong(?:co|xacdinh)?thoihan)")
_TERM: Final = re.compile(
    r"(?<!ngay)(?<!thang)(?<!\d)(?P<n>\d{1,3})(?:\([a-z]{1,20}\))?(?P<unit>nam|thang)(?!\d)"
)

UNKNOWN: Final = Validity(None, False, "unknown")


def printed_until(paper: Paper, kind: DocumentType, issued: FieldValue | None) -> FieldValue | None:
    """What stands behind one of the labels of the type's rule, as ``expiry_date``."""
    if not kind.validity.labels:
        return None
    rule = LabelRule(kind.validity.labels, "text", field="expiry_date")
    for value, alike, page in values_of(paper, kind, rule):
        squeezed = squeeze(value.words)
        text = squeezed.folded
        end = _last_day(text)
        if end is not None:
            words = squeezed.between(end.start, end.end)
            good = end.value is not None and end.clean
            read = Value(end.text, words, 0.95 if good else 0.3, exact=True)
            return read.as_field("expiry_date", page, alike)
        unlimited = _UNLIMITED.search(text)
        if unlimited:
            words = squeezed.between(*unlimited.span())
            return Value(UNLIMITED, words, 0.95).as_field("expiry_date", page, alike)
        term = _TERM.search(DATE.sub(_blank, text))  # "26 tháng 4" is no term of 26 months
        first = _day(issued.value) if issued and isinstance(issued.value, str) else None
        if term and first and issued:
            months = int(term["n"]) * (12 if term["unit"] == "nam" else 1)
            words = squeezed.between(*term.span())
            day = later(first, months).isoformat()
            counted = Value(day, words, 0.95, exact=True).as_field("expiry_date", page, alike)
            # Counted from the issue date, so never surer than that.
            return replace(counted, confidence=min(counted.confidence, issued.confidence))
    return None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _last_day(text: str) -> DateRead | None:
    """The day behind "đến", or the only one; a first day alone is no end."""
    days = list(dates_in(text))
    for one in days:
        if _UNTIL.search(text[: one.start]):
            return one
    return days[0] if len(days) == 1 and not _FROM.search(text[: days[0].start]) else None


def validity_of(kind: DocumentType | None, fields: Fields) -> Validity:
    """Until when a paper of the type with these fields holds."""
    printed = _text(fields, "expiry_date")
    if printed == UNLIMITED:
        return Validity(None, True, "printed")
    end = _day(printed)
    if end is not None:
        return Validity(end, False, "printed")
    if kind is None:
        return UNKNOWN
    issued = _day(_text(fields, "issue_date"))
    if kind.validity.rule == "unlimited":
        terms = kind.validity.terms
        term = next((one for one in terms if issued and one.holds_on(issued)), None)
        basis = term.basis if term else ""
        return Validity(None, True, "law", basis, term.certainty if term else "low")
    if kind.validity.rule != "term" or issued is None:
        return UNKNOWN
    for term in kind.validity.terms:
        if term.months is not None and term.holds_on(issued):
            return Validity(later(issued, term.months), False, "law", term.basis, term.certainty)
    return UNKNOWN


def later(day: date, months: int) -> date:
    """The same day so many months later (Bộ luật Dân sự 2015, Điều 148).

    >>> later(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _text(fields: Fields, name: str) -> str:
    value = fields[name].value if name in fields else ""
    return value if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    """An ISO date of a year that a paper can be of: what is counted on from it stays a date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year < _LATEST_YEAR else None
