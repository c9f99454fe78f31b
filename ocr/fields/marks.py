"""Marks of secrecy and urgency (độ mật, độ khẩn; Decree 30/2020, ô 10a and 10b).

They are stamped in a box in the head of the first page. Only such a mark counts,
a word or two in capitals standing alone: never the same word in running text, in
a list of recipients or in a heading ("BẢO VỆ BÍ MẬT NHÀ NƯỚC").
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ocr.fields.evidence import ReadField, field
from ocr.fields.head import Head, opens_body
from ocr.fields.layout import Row, Sheet
from ocr.fields.matching import distance, key

SECRECY: Final = {"tuietmat": "TUYỆT MẬT", "toimat": "TỐI MẬT", "mat": "MẬT"}
URGENCY: Final = {
    "hoatochengio": "HỎA TỐC HẸN GIỜ", "hoatoc": "HỎA TỐC", "thuongkhan": "THƯỢNG KHẨN",
    "khan": "KHẨN",
}  # fmt: skip
_HEAD_SHARE = 0.5
_UPRIGHTS = frozenset("lIiíÍ1|!Jj")
_LONG = 6
_FRAME = re.compile(r"[\s\[\](){}|_\-–—.:;,'\"!*~=/\\]+")
_LABELLED = re.compile(r"^(?:độ|mức độ) (mật|khẩn)\s*:\s*(?P<mark>.+)$", re.IGNORECASE)


def secrecy(sheet: Sheet, head: Head | None) -> ReadField | None:
    """``MẬT``, ``TỐI MẬT`` or ``TUYỆT MẬT`` where the first page is so stamped."""
    return _mark(sheet, head, SECRECY)


def urgency(sheet: Sheet, head: Head | None) -> ReadField | None:
    """``KHẨN``, ``THƯỢNG KHẨN``, ``HỎA TỐC`` where the first page is so stamped."""
    return _mark(sheet, head, URGENCY)


def is_mark(row: Row) -> bool:
    """Whether the row says nothing but a mark, in capitals."""
    bare = _unframed(row.text)
    return _named(bare, SECRECY | URGENCY) is not None


def _unframed(text: str) -> str:
    """The letters within the stamp's frame; an upright of the frame may be read as a letter."""
    words = text.split()
    while len(words) > 1 and words[0] in _UPRIGHTS:
        words.pop(0)
    while len(words) > 1 and words[-1] in _UPRIGHTS:
        words.pop()
    return _FRAME.sub("", "".join(words))


def _named(bare: str, marks: Mapping[str, str]) -> str | None:
    """The mark these letters are; a long one is known with one letter misread or lost.

    A secret paper that is let through is worse than a paper that a person looks at once more.
    """
    if bare != bare.upper():
        return None
    read = key(bare)
    near = (one for one in marks if len(one) >= _LONG and distance(read, one, 1) <= 1)
    return marks.get(read) or marks.get(next(near, ""))


def _mark(sheet: Sheet, head: Head | None, marks: Mapping[str, str]) -> ReadField | None:
    for row in _head_rows(sheet, head):
        text = _LABELLED.sub(lambda match: match["mark"].upper(), row.text)
        bare = _unframed(text)
        name = _named(bare, marks)
        if name is None or not _alone(row, sheet):
            continue
        as_printed = bare == name.replace(" ", "") or bare == name.replace(" ", "").replace(
            "HỎA", "HOẢ"
        )
        return field(name, row.words, sheet.number, certainty=0.99 if as_printed else 0.6)
    return None


def _head_rows(sheet: Sheet, head: Head | None) -> Sequence[Row]:
    limit = _HEAD_SHARE * sheet.height
    for row in sheet.rows:
        if head and row.middle > head.top and opens_body(row):
            limit = min(limit, row.box.y0)
            break
    return [row for row in sheet.rows if row.middle < limit]


def _alone(row: Row, sheet: Sheet) -> bool:
    """Whether the mark stands by itself: no line goes on right before or above it.

    A heading broken over two lines ("BẢO VỆ BÍ / MẬT NHÀ NƯỚC") never leaves a line with
    the mark alone but "BÍ / MẬT" might; then the line above ends close over it.
    """
    for other in sheet.rows:
        if other is row:
            continue
        above = 0 <= row.box.y0 - other.box.y1 < 0.5 * row.height
        if above and key(other.text).endswith(("bi", "bimat", "bao")):
            return False
    return True
