"""Place and date of issue (địa danh, thời gian ban hành; Decree 30/2020, ô 4).

The date stands under the national name in italics; on licences, certificates and
forms it often stands above the signature instead. Days are stamped later in many
offices, letter by letter, so dates are read from text without spaces.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from ocr.fields.evidence import ReadField, field
from ocr.fields.head import Head
from ocr.fields.layout import Row, Sheet
from ocr.fields.lexicon import former_provinces, provinces
from ocr.fields.matching import key, opens_with, squeeze
from ocr.fields.spelling import MENDED_CERTAINTY, mend_names
from vocabulary.papers import Word

_D = "[0-9OoIl]"
# "ngày", "tháng", "năm" with a letter misread; never "Nguy..." of a name ("Thái Nguyên").
_DAY: Final = r"n(?:[a-z][a-tv-z]|a)y"
_MONTH = r"th[a-z]{2,4}"
_YEAR = r"(?:n[a-z]{1,2}|[a-z0-9])m"
_SPECK = r"[.,:;'`]?"  # what a scan leaves between a stamped digit and the word beside it
_WORDED = (
    rf"(?P<d>{_D}{{1,2}}){_SPECK}{_MONTH}{_SPECK}(?P<m>{_D}{{1,2}}){_SPECK}"
    rf"{_YEAR}{_SPECK}(?P<y>{_D}{{4}})"
)
_SLASHED = r"(?P<d2>[0-9]{1,2})[/.-](?P<m2>[0-9]{1,2})[/.-](?P<y2>[0-9]{4})"
DATE: Final = re.compile(rf"{_WORDED}|{_SLASHED}")
"""A date in folded text without spaces; day, month and year still as read."""

_PLACED = re.compile(rf"{_DAY}[.,:]?(?:{_WORDED}|{_SLASHED})")
# A day left blank, or written by hand and not read: the place is there, the date is not.
_UNDATED = re.compile(rf"{_DAY}.{{0,8}}{_MONTH}.{{0,14}}$")
_GLUED = re.compile(r"[,.]\s*ng[àa]y.*$", re.IGNORECASE)  # "Huế,ngày" set without a space
_NO_PLACE = frozenset({"lan", "cap", "ki", "tu", "den", "sinh", "nop", "nhan", "cu", "theo"})
"""Words before "ngày" that no place has ("Đăng ký lần đầu, ngày ..."), as keys; in a name of
a place they have a capital and another word beside them ("Cư Jút", "Tứ Kỳ")."""
_CARD_LABELS = (
    "Ngày, tháng, năm / Date, month, year",
    "Ngày, tháng, năm",
    "Ngày cấp",
    "Date of issue",
)
_DIGITS = str.maketrans("OoIl", "0011")
_UNSURE = 80.0  # engine confidence under which a digit is rather written than printed
_ROOM = 0.45  # of the line's height: wider than a space of the line
_DOUBTFUL = 0.4
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


def head_date(head: Head) -> tuple[ReadField | None, ReadField | None]:
    """Place and date of issue from the head: (place, issue date)."""
    anchor = head.motto or head.nation
    top = anchor.box.y0 if anchor else 0.0
    rows = [row for row in _lines(head) if row.middle > top]
    if head.title is None:
        return _first_dated(rows)
    # Under the title a date of issue has its line for itself; those in sentences are others'.
    floor = head.title.rows[0].middle
    place, issued = _first_dated([row for row in rows if row.middle < floor])
    if issued is None and (head.title.type.open_title or head.title.type.card):
        below = _first_dated([row for row in rows if row.middle > floor], alone=True)
        place, issued = (below[0] or place, below[1])
    return place, issued


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


def closing_date(sheet: Sheet) -> tuple[ReadField | None, ReadField | None]:
    """Place and date from a line "Hưng Yên, ngày ..." in the right half, above a signature."""
    rows = [
        row
        for row in sheet.rows
        if row.centre > 0.5 * sheet.width
        and len(row.words) < 14
        and row.box.y0 > 0.2 * sheet.height
    ]
    return _first_dated(rows, only_placed=True)


def card_date(sheet: Sheet) -> ReadField | None:
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
    rows: Sequence[Row], *, only_placed: bool = False, alone: bool = False
) -> tuple[ReadField | None, ReadField | None]:
    for row in rows:
        squeezed = row.squeezed
        match = _PLACED.search(squeezed.folded)
        if match and squeezed.folded[: match.start()].endswith("sinh"):
            continue  # "Sinh ngày: ..." of a person named above the body
        if match:
            if alone and (
                match.end() < len(squeezed.text) - 4 or ":" in squeezed.text[: match.start()]
            ):
                continue
            place = _place(row, match.start())
            if only_placed and (place is None or match.end() < len(squeezed.text) - 2):
                continue
            return place, _issue_date(row, match)
        blank = _UNDATED.search(squeezed.folded)
        if blank and not (only_placed or alone):
            return _place(row, blank.start()), _doubtful_date(row, blank.start())
    return None, None


def _issue_date(row: Row, match: re.Match[str]) -> ReadField:
    read = _date_of(match)
    words = row.squeezed.between(match.start(), match.end())
    mended = read.value is None and _other_day(words)
    if mended:
        read = mended
    certainty = 0.5 if mended else 1.0 if read.value else 0.2
    if not read.clean:
        certainty *= 0.7
    found = field(
        read.text, words, row.page, certainty=certainty, weakest=True, mended=int(bool(mended))
    )
    if read.value is None:
        found = found.remarked("date_implausible").weighed(1.0, check=-1.0)
    return _by_hand(found, row, match)


def _doubtful_date(row: Row, start: int) -> ReadField | None:
    """The date where a day was read as no number but might be one ("/9" for 19)."""
    words = row.squeezed.between(start, len(row.squeezed.text))
    read = _other_day(words)
    if read is None:
        return None
    found = field(read.text, words, row.page, certainty=_DOUBTFUL, weakest=True, mended=1)
    return found.remarked("handwritten").weighed(1.0, hand=0.5)


def _other_day(words: Sequence[Word]) -> DateRead | None:
    """The date with one word read in its next likely way, where as read it is no date."""
    for place, word in enumerate(words):
        for text, _weight in word.alternatives:
            others = (*words[:place], replace(word, text=text), *words[place + 1 :])
            for read in dates_in(squeeze(others).folded):
                if read.value is not None:
                    return read
    return None


def _by_hand(found: ReadField, row: Row, match: re.Match[str]) -> ReadField:
    """Marks a day that looks written: unsure, or a lone digit (a typed day has two).

    Decree 30/2020, Phụ lục I: days below 10 and months 1, 2 are written with a 0 before.
    """
    if match["d"] is None:
        return found
    days = row.squeezed.between(*match.span("d"))
    months = row.squeezed.between(*match.span("m"))
    if any(word.source != "ocr" for word in (*days, *months)):
        return found
    unsure = min(word.confidence for word in (*days, *months)) < _UNSURE
    lone = len(match["d"]) == 1 or (len(match["m"]) == 1 and match["m"] in "12")
    letters = not (match["d"] + match["m"]).isdigit()
    if not (unsure or letters or (lone and len(match["d"]) == 1 and _stands_apart(row, days))):
        return found.weighed(0.9) if lone else found
    return found.remarked("handwritten").weighed(0.6, hand=0.7)


def _stands_apart(row: Row, days: Sequence[Word]) -> bool:
    """Whether there is more room beside a digit than a space: another digit may be lost there."""
    place = row.squeezed.words.index(days[0])
    around = row.squeezed.words[max(0, place - 1) : place + 2]
    gaps = [after.box.x0 - before.box.x1 for before, after in pairwise(around)]
    return max(gaps, default=0.0) > _ROOM * row.height


def _place(row: Row, end: int) -> ReadField | None:
    """The name before "ngày"; a name no place has (digits, more than six words) is none."""
    words = list(row.squeezed.between(0, end))
    while words and not key(words[0].text):
        words.pop(0)
    for place, word in enumerate(words):  # a symbol of the left column on the same line
        if "/" in word.text:
            return _place_field(words[place + 1 :], row.page)
    return _place_field(words, row.page)


def _is_no_place(words: Sequence[Word]) -> bool:
    said = [word.text for word in words if key(word.text) in _NO_PLACE]
    return len(words) == len(said) or any(text[:1].islower() for text in said)


def _place_field(words: Sequence[Word], page: int) -> ReadField | None:
    text, mended = mend_names(words)
    text = _GLUED.sub("", text).strip(" ,.;:")
    if not text or len(words) > 7 or any(char.isdigit() and len(words) > 4 for char in text):
        return None
    if not text[:1].isupper() or _is_no_place(words):
        return None
    known = any(key(name) in key(text) for name in (*provinces(), *former_provinces()))
    certainty = (1.0 if known else 0.85) * (MENDED_CERTAINTY if mended else 1.0)
    return field(text, words, page, certainty=certainty)
