"""Subject (trích yếu nội dung; Decree 30/2020, ô 5a under the title, 5b under the number).

Under a title the subject stands centred on up to some lines until the signing
authority in capitals ("CHỦ TỊCH ỦY BAN ..."), the legal grounds, a rule or a wide
gap. In an official letter (công văn) it stands in the left column and begins
with "V/v".
"""

import re
from collections.abc import Sequence

from ocr.fields.evidence import ReadField, field
from ocr.fields.head import Head, is_number_row, opens_body
from ocr.fields.layout import Row
from ocr.fields.marks import is_mark
from ocr.fields.matching import opens_with, uppercase_share
from ocr.syllable_shape import is_syllable

_WIDE_GAP = 1.15  # of the line's height, empty space between two lines: another block begins
# "01. thủ tục", "hành;05", "cấp ,": specks read as signs, a space that was not seen.
_ODD_SIGN = re.compile(r"\d\.\s+[a-zà-ỹđ]|[^\W\d][;:,](?=\w)|\s[;,.:](?=\s)")
_SPECKED = 0.8
_LETTER_ABOUT = re.compile(r"^\W*v\s*[/\\.1l|]?\s*v\b", re.IGNORECASE)


def subject(head: Head) -> ReadField | None:
    """The subject with its "Về việc" or "V/v" as printed."""
    if head.title is not None:
        rows = _under_title(head)
        return _subject_field(rows, 1.0) if rows else None
    rows = _under_number(head)
    return _subject_field(rows, 0.98) if rows else None


def _subject_field(rows: Sequence[Row], certainty: float) -> ReadField:
    words = [word for row in rows for word in row.words]
    text = " ".join(row.text for row in rows).strip(" _*|").rstrip(" -–")
    if _ODD_SIGN.search(text) and any(word.source == "ocr" for word in words):
        certainty *= _SPECKED
    return field(text, words, rows[0].page, certainty=certainty, prose=True)


def _under_title(head: Head) -> list[Row]:
    assert head.title is not None
    last = head.title.rows[-1]
    taken: list[Row] = []
    for row in head.sheet.below(last.middle + 0.5 * last.height):
        if len(row.key) < 3 and not head.sheet.is_centred(row):
            continue  # a speck beside the line
        if _ends_subject(head, row, taken):
            break
        gap = row.box.y0 - (taken[-1] if taken else last).box.y1
        if gap > (_WIDE_GAP if taken else 2.2) * row.height:
            break
        taken.append(row)
    if head.title.type.card or (head.title.type.open_title and taken and not _speaks(taken[0])):
        return []
    return taken


def _speaks(first: Row) -> bool:
    """Of open titles only a line of Vietnamese is a subject, no remark and no label."""
    words = [word.text.strip(",.") for word in first.words if word.text.strip(",.").isalpha()]
    syllables = sum(is_syllable(word) for word in words)
    plain = not first.text.startswith("(") and ":" not in first.text
    return plain and syllables > 0.7 * len(words) and not uppercase_share(first.text) > 0.8


def _ends_subject(head: Head, row: Row, taken: Sequence[Row]) -> bool:
    if opens_body(row) or is_number_row(row) or is_mark(row):
        return True
    if not _under(head, row):
        return True
    if uppercase_share(row.text) > 0.8 and len(row.key) > 5:
        # Capitals after small letters: the authority that decides. Capitals throughout:
        # an office that writes its subject so; the authority then stands apart from it.
        return not taken or uppercase_share(taken[-1].text) <= 0.8
    return False


def _under(head: Head, row: Row) -> bool:
    """Whether the row stands in the middle, of the text or of the title."""
    middles = [head.sheet.centre, *(one.centre for one in (head.title.rows if head.title else ()))]
    return min(abs(row.centre - middle) for middle in middles) < 0.09 * head.sheet.width


def _under_number(head: Head) -> list[Row]:
    """The "V/v ..." rows of an official letter, in the left column under the number."""
    rows = [row for row in head.rows if head.split is None or row.centre < head.split]
    for place, row in enumerate(rows):
        if _LETTER_ABOUT.match(row.text) or opens_with(row.text, "Về việc", 0.0):
            return [row, *_goes_on(row, rows[place + 1 :])]
    return []


def _goes_on(first: Row, following: Sequence[Row]) -> list[Row]:
    taken: list[Row] = []
    last = first
    for row in following:
        if row.box.y0 - last.box.y1 > _WIDE_GAP * last.height or row.height > 1.6 * first.height:
            break
        if is_mark(row) or (uppercase_share(row.text) > 0.8 and len(row.key) > 5):
            break
        taken.append(row)
        last = row
    return taken


def is_letter(head: Head) -> ReadField | None:
    """The first words of a "V/v ..." under the number: the mark of an official letter."""
    rows = _under_number(head) if head.title is None else []
    if not rows:
        return None
    return field("Công văn", rows[0].words, rows[0].page, certainty=0.95)
