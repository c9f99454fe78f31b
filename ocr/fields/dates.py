"""Place and date of issue (địa danh, thời gian ban hành; Decree 30/2020, ô 4).

The date stands under the national name in italics; on licences, certificates and
forms it often stands above the signature instead. Days are stamped later in many
offices, letter by letter, so dates are read from text without spaces.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ocr.fields.evidence import field
from ocr.fields.head import Head
from ocr.fields.layout import Row, Sheet
from ocr.fields.lexicon import provinces
from ocr.fields.matching import key, opens_with
from ocr.fields.spelling import MENDED_CERTAINTY, mend_names
from vocabulary.papers import FieldValue, Word

_D = "[0-9OoIl]"
_WORDED = rf"(?P<d>{_D}{{1,2}})th[a-z]{{2,4}}(?P<m>{_D}{{1,2}})n[a-z]m(?P<y>{_D}{{4}})"
_SLASHED = r"(?P<d2>[0-9]{1,2})[/.-](?P<m2>[0-9]{1,2})[/.-](?P<y2>[0-9]{4})"
DATE: Final = re.compile(rf"{_WORDED}|{_SLASHED}")
"""A date in folded text without spaces; day, month and year still as read."""

_PLACED = re.compile(rf"ng[a-z]y:?(?:{_WORDED}|{_SLASHED})")
# A day left blank, or written by hand and not read: the place is there, the date is not.
_UNDATED = re.compile(r"ng[a-z]y.{0,8}th[a-z]{2,4}.{0,14}$")
_GLUED = re.compile(r"[,.]\s*ng[àa]y.*$", re.IGNORECASE)  # "Huế,ngày" set without a space
_NO_PLACE = frozenset({"lan", "cap", "ki", "tu", "den", "sinh", "nop", "nhan", "cu", "theo"})
"""Words before "ngày" that no place has ("Đăng ký lần đầu, ngày ..."), as keys."""
_CARD_LABELS = (
    "Ngày, tháng, năm / Date, month, year",
    "Ngày, tháng, năm",
    "Ngày cấp",
    "Date of issue",
)
_DIGITS = str.maketrans("OoIl", "0011")
_EARLIEST = 1945  # the Democratic Republic of Vietnam


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date as read: ``value`` is None for a day no calendar has; ``clean``: only digits read."""

    value: date | None
    text: str
    start: int
    end: int
    clean: bool


def dates_in(squeezed_text: str) -> Iterable[DateRead]:
    """Dates in folded text without spaces, in order."""
    for match in DATE.finditer(squeezed_text):
        yield _date_of(match)


def _date_of(match: re.Match[str]) -> DateRead:
    parts = [match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"]]
    year, month, day = (int(part.translate(_DIGITS)) for part in parts)
    try:
        value = date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        value = None
    text = f"{year:04d}-{month:02d}-{day:02d}"
    clean = all(part.isdigit() for part in parts)
    return DateRead(value, text, match.start(), match.end(), clean)


def head_date(head: Head) -> tuple[FieldValue | None, FieldValue | None]:
    """Place and date of issue from the head: (place, issue date)."""
    anchor = head.motto or head.nation
    top = anchor.box.y0 if anchor else 0.0
    rows = [row for row in _lines(head) if row.middle > top]
    return _first_dated(rows)


def _lines(head: Head) -> list[Row]:
    """Rows of the right column, joined where a stamped digit left holes in the line."""
    if head.split is None:
        return list(head.rows)
    lines: list[list[Word]] = []
    middles: list[float] = []
    for row in head.rows:
        if row.box.x1 < head.split:
            continue
        for place, middle in enumerate(middles):
            if abs(middle - row.middle) < 0.55 * row.height:
                lines[place] += row.words
                break
        else:
            lines.append(list(row.words))
            middles.append(row.middle)
    page = head.sheet.number
    return [Row(tuple(sorted(words, key=lambda word: word.box.x0)), page) for words in lines]


def closing_date(sheet: Sheet) -> tuple[FieldValue | None, FieldValue | None]:
    """Place and date from a line "Hưng Yên, ngày ..." in the right half, above a signature."""
    rows = [
        row
        for row in sheet.rows
        if row.centre > 0.5 * sheet.width
        and len(row.words) < 14
        and row.box.y0 > 0.2 * sheet.height
    ]
    return _first_dated(rows, only_placed=True)


def card_date(sheet: Sheet) -> FieldValue | None:
    """Date of issue of an identity card, behind its own label on the back."""
    for place, row in enumerate(sheet.rows):
        if "sinh" in row.key or not any(opens_with(row.text, one, 0.2) for one in _CARD_LABELS):
            continue
        beside = [one for one in sheet.rows[place : place + 4] if _level(row, one)]
        line = Row(tuple(word for one in beside for word in one.words), row.page)
        for read in dates_in(line.squeezed.folded):
            words = line.squeezed.between(read.start, read.end)
            return field(
                read.text, words, row.page, certainty=0.95 if read.value else 0.2, weakest=True
            )
    return None


def _level(row: Row, other: Row) -> bool:
    return abs(row.middle - other.middle) < 0.6 * max(row.height, other.height)


def _first_dated(
    rows: Sequence[Row], *, only_placed: bool = False
) -> tuple[FieldValue | None, FieldValue | None]:
    for row in rows:
        squeezed = row.squeezed
        match = _PLACED.search(squeezed.folded)
        if match:
            place = _place(row, match.start())
            if only_placed and (place is None or match.end() < len(squeezed.text) - 2):
                continue
            return place, _issue_date(row, match)
        blank = _UNDATED.search(squeezed.folded)
        if blank and not only_placed:
            return _place(row, blank.start()), None
    return None, None


def _issue_date(row: Row, match: re.Match[str]) -> FieldValue:
    read = _date_of(match)
    words = row.squeezed.between(match.start(), match.end())
    certainty = 1.0 if read.value else 0.2
    if not read.clean:
        certainty *= 0.7
    return field(read.text, words, row.page, certainty=certainty, weakest=True)


def _place(row: Row, end: int) -> FieldValue | None:
    """The name before "ngày"; a name no place has (digits, more than six words) is none."""
    words = [word for word in row.squeezed.between(0, end) if key(word.text)]
    for place, word in enumerate(words):  # a symbol of the left column on the same line
        if "/" in word.text:
            return _place_field(words[place + 1 :], row.page)
    return _place_field(words, row.page)


def _place_field(words: Sequence[Word], page: int) -> FieldValue | None:
    text, mended = mend_names(words)
    text = _GLUED.sub("", text).strip(" ,.;:")
    if not text or len(words) > 7 or any(char.isdigit() and len(words) > 4 for char in text):
        return None
    if not text[:1].isupper() or any(key(word.text) in _NO_PLACE for word in words):
        return None
    known = any(key(name) in key(text) for name in provinces())
    certainty = (1.0 if known else 0.85) * (MENDED_CERTAINTY if mended else 1.0)
    return field(text, words, page, certainty=certainty)
