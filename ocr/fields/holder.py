"""Whom a licence, certificate, form or card is about: name and identifier.

Both stand behind a label ("Tên tổ chức:", "Họ và tên:", "Mã số thuế:", "Số CCCD:").
A paper that names an organisation and the person who represents it is the
organisation's, so its labels go first, and name and number are taken of one kind.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ocr.fields.dates import dates_in
from ocr.fields.evidence import ReadField, field
from ocr.fields.identifiers import (
    digits_of,
    is_identity_number,
    is_old_identity_number,
    is_passport,
    is_tax_code,
)
from ocr.fields.labels import inner_label, opening_label, until_label
from ocr.fields.layout import Row, Sheet
from ocr.fields.matching import Spaced, spaced, uppercase_share
from vocabulary.papers import Word
from vocabulary.text import folded

_TAX_VALUE: Final = r"\d(?:[ .]{0,2}\d){7,12}(?:\s?-\s?\d{3})?"
_IDENTITY_VALUE: Final = r"[a-z]{1,2}\d{7,8}|\d(?:[ .]{0,2}\d){7,12}"
"""Digits are counted, not signs: certificates set a code with a space after each digit."""


@dataclass(frozen=True)
class _Found:
    value: str
    words: tuple[Word, ...]
    page: int


def holder(sheets: Sequence[Sheet]) -> tuple[ReadField | None, ReadField | None]:
    """Name and identifier of whom the paper is about, from its labelled rows."""
    rows = [row for sheet in sheets for row in sheet.rows]
    organisation = _labelled(sheets, "organisation")
    if organisation:
        return _name_field(organisation), _tax_field(rows)
    person = _labelled(sheets, "person")
    if person:
        return _name_field(person), _identity_field(rows) or _tax_field(rows)
    return None, _tax_field(rows)


def _name_field(found: _Found) -> ReadField:
    return field(found.value, found.words, found.page, certainty=0.95)


def _labelled(sheets: Sequence[Sheet], kind: str) -> _Found | None:
    for sheet in sheets:
        for place, row in enumerate(sheet.rows):
            line = spaced(row.words)
            match = opening_label(kind).match(folded(line.text))
            if match is None:
                continue
            found = _value(line, match, sheet, place) or _value_below(sheet.rows, place)
            if found and (kind == "organisation" or _is_person(found.value)):
                return found
    return None


def _value(line: Spaced, match: re.Match[str], sheet: Sheet, place: int) -> _Found | None:
    start, end = match.span("value")
    shortened = until_label("after_value").sub("", match["value"])
    value = line.text[start : start + len(shortened)].strip(" .,:;…_")
    if not _says_a_name(value):
        return None
    words = line.between(start, start + len(shortened))
    if len(shortened) == end - start:
        rest = _goes_on(sheet, place)
        words += rest
        value = " ".join([value, *(word.text for word in rest)]).strip(" .,:;…_")
    return _Found(value, words, sheet.number)


def _goes_on(sheet: Sheet, place: int) -> tuple[Word, ...]:
    """A long name's second line: right below a full line, without a label of its own."""
    row = sheet.rows[place]
    if row.box.x1 < sheet.body[1] - 0.12 * sheet.width:
        return ()
    for below in sheet.rows[place + 1 : place + 3]:
        near = 0 < below.box.y0 - row.box.y1 + 0.5 * row.height < row.height
        plain = ":" not in below.text and not below.text[:1].isdigit()
        short = below.box.x1 < sheet.body[1] - 0.12 * sheet.width
        if near and plain and short and below.text[:1] not in "-+•(":
            return below.words
    return ()


def _value_below(rows: Sequence[Row], place: int) -> _Found | None:
    """Cards print the value on the line under its label."""
    label = rows[place]
    for row in rows[place + 1 : place + 4]:
        near = 0 <= row.box.y0 - label.box.y1 + 0.4 * label.height < 1.6 * label.height
        aligned = row.box.x0 < label.box.x1 and row.box.x1 > label.box.x0
        if near and aligned and ":" not in row.text:
            value = row.text.strip(" .,:;…_")
            return _Found(value, row.words, row.page) if _says_a_name(value) else None
    return None


def _says_a_name(value: str) -> bool:
    letters = sum(char.isalpha() for char in value)
    return letters >= 3 and value[:1].isalnum() and len(value) <= 160 and not value[:1].islower()


def _is_person(value: str) -> bool:
    words = value.split()
    capitals = uppercase_share(value) == 1 or all(word[:1].isupper() for word in words)
    return 1 < len(words) <= 7 and capitals and not any(char.isdigit() for char in value)


def _tax_field(rows: Sequence[Row]) -> ReadField | None:
    for row in rows:
        line = spaced(row.words)
        match = inner_label("tax_code", _TAX_VALUE).search(folded(line.text))
        if match is None:
            continue
        code = digits_of(match["value"])
        good = is_tax_code(code) or is_identity_number(code)
        words = line.between(*match.span("value"))
        return field(code, words, row.page, certainty=0.97 if good else 0.35, weakest=True)
    return None


def card_number(sheet: Sheet) -> ReadField | None:
    """The twelve digits alone on a line of an identity card whose label was not read."""
    birth = _birth(sheet.rows)
    for row in sheet.rows:
        for word in row.words:
            if is_identity_number(word.text, birth):
                return field(word.text, [word], row.page, certainty=0.95, weakest=True)
    return None


def _identity_field(rows: Sequence[Row]) -> ReadField | None:
    birth = _birth(rows)
    for row in rows:
        line = spaced(row.words)
        match = inner_label("identity_number", _IDENTITY_VALUE).search(folded(line.text))
        if match is None:
            continue
        value = re.sub(r"[\s.]", "", match["value"]).upper()
        good = (
            is_identity_number(value, birth) or is_old_identity_number(value) or is_passport(value)
        )
        words = line.between(*match.span("value"))
        return field(value, words, row.page, certainty=0.97 if good else 0.35, weakest=True)
    return None


def _birth(rows: Sequence[Row]) -> date | None:
    """Date of birth on the paper, for the check of the identity number."""
    for row in rows:
        match = inner_label("birth", r"\d.*").search(folded(row.text))
        for read in dates_in(re.sub(r"\s", "", match["value"])) if match else ():
            return read.value
    return None
