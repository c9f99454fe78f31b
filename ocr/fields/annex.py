"""The note by which an annex names the paper it belongs to.

"(Kèm theo Quyết định số 354/QĐ-UBND ngày 19 tháng 02 năm 2025 của ...)" stands in
brackets under an annex's title (Decree 30/2020, Phụ lục I, mục II.9).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ocr.fields.dates import dates_in
from ocr.fields.evidence import ReadField, field
from ocr.fields.layout import Row, Sheet
from ocr.fields.matching import Squeezed, squeeze
from ocr.fields.symbols import PARTY, SYMBOL, mended, straight
from vocabulary.papers import Word

_NOTE = re.compile(r"(?:dinh|ban[a-z]{0,4})?kemtheo|bankemtheo")
_SAYS_NUMBER = re.compile(r"so:?")
_NUMBER = re.compile(rf"(?P<number>\d{{0,5}}[a-z]?)/(?P<symbol>{SYMBOL}?)(?=ng[àa]y|[^\w-]|$)")
_PARTY = re.compile(rf"(?P<number>\d{{1,5}})-(?P<symbol>{PARTY})")
_HEAD_SHARE = 0.5  # of the page's height: the note stands under the title
_ROWS = 4


@dataclass(frozen=True)
class Note:
    """What an annex says of its parent; ``symbol`` "/QĐ-UBND" where the number is left open."""

    symbol: ReadField
    issued: date | None

    @property
    def complete(self) -> bool:
        """Whether the number is there."""
        return not str(self.symbol.value).startswith("/")


def note_of(sheet: Sheet) -> Note | None:
    """The note in the upper half of a page, or None."""
    for place, row in enumerate(sheet.rows):
        if row.box.y0 > _HEAD_SHARE * sheet.height:
            break
        match = _NOTE.search(row.squeezed.folded)
        if match is None or not _is_note(row, match):
            continue
        squeezed = squeeze(_passage(sheet.rows[place : place + _ROWS], row))
        found = _read(squeezed, match.end(), row.page)
        if found is not None:
            return found
    return None


def _is_note(row: Row, match: re.Match[str]) -> bool:
    """A note opens with a bracket or with its own words; "kèm theo" in a sentence does not."""
    before = row.squeezed.text[: match.start()]
    return len(before) <= 10 and (not before or not before[0].isdigit())


def _passage(rows: Sequence[Row], first: Row) -> list[Word]:
    words: list[Word] = []
    last = first
    for row in rows:
        if row.box.y0 - last.box.y1 > 1.2 * first.height:
            break
        words += row.words
        last = row
        if row.text.rstrip().endswith(")"):
            break
    return words


def _read(squeezed: Squeezed, start: int, page: int) -> Note | None:
    text = straight(squeezed.text)
    label = _SAYS_NUMBER.search(squeezed.folded, start, start + 60)
    if label is None:
        return None
    match = _number(text, label.end())
    if match is None:
        return None
    words = squeezed.between(match.start(), match.end())
    read = any(word.source == "ocr" for word in words)
    symbol, was_mended = mended(match["symbol"], read=read)
    joint = "-" if match.re is _PARTY else "/"
    complete = bool(match["number"])
    found = field(
        f"{match['number']}{joint}{symbol}", words, page, weakest=True,
        certainty=(0.97 if complete else 0.3) * (0.9 if was_mended else 1.0),
        mended=int(was_mended),
    )  # fmt: skip
    days = (read.value for read in dates_in(squeezed.folded[match.end() : match.end() + 40]))
    return Note(found if complete else found.remarked("blank"), next(days, None))


def _number(text: str, start: int) -> re.Match[str] | None:
    """The symbol right behind "số", dots of a blank between."""
    behind = re.compile(r"[\s.…_:]*").match(text, start)
    at = behind.end() if behind else start
    return _PARTY.match(text, at) or _NUMBER.match(text, at)


def parent_decision(sheets: Sequence[Sheet]) -> ReadField | None:
    """The number and symbol of the paper that a headless annex belongs to."""
    for sheet in sheets:
        note = note_of(sheet)
        if note is not None:
            return note.symbol
    return None
