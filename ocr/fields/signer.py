"""Signer and title (chức vụ, họ tên; Decree 30/2020, ô 7a and 7c).

The block stands bottom right, beside "Nơi nhận": the title on one to four lines
in capitals ("TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"), room for the
signature, the name. Appearances of digital signatures lie over that room and are
not the printed name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr.fields.evidence import ReadField, field
from ocr.fields.layout import Row, Sheet
from ocr.fields.lexicon import hand_signed_roles, signing_prefixes, signing_titles, surnames
from ocr.fields.matching import key, opens_with, uppercase_share

_RIGHT = 0.58  # of the page's width: the block's middle is right of this
_LINE_GAP = 1.4  # of a line's height, between two lines of the title
_ROOM = 0.28  # of the page's height: farthest that the name stands below the title
_PREFIX = re.compile(r"^\W*([A-ZĐÔƠƯQ/]{1,6})\s*[.,]\s*")
_DEGREE = r"(?:GS|PGS|TSKH|TS|ThS|BSCC|BSCK|BS|CKI{0,3}|CK\d?|KTS|KS|CN|LS|DS|CVC|NGND|NGƯT|TTƯT)"
_DEGREES = re.compile(rf"^(?:{_DEGREE}I{{0,3}}(?:\s*[.,]\s*|\s+))+(?=\S+\s+\S)", re.IGNORECASE)
_RANKS = re.compile(r"^((?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy|tướng)\s*,?\s*)(?=\S+\s+\S+)")
_PARTS = re.compile("[-'’]")  # "Niê-Kđăm", "H'Phik"


@dataclass(frozen=True)
class Block:
    """One signature block: rows of the title, the row of the name."""

    titles: tuple[Row, ...]
    name: Row | None
    beside_recipients: bool


def signature(sheets: Iterable[Sheet]) -> tuple[ReadField | None, ReadField | None]:
    """Signer and title from the first page that has a block beside "Nơi nhận".

    Without such a page the last block with a name counts: licences and forms have no list
    of recipients.
    """
    spare: Block | None = None
    for sheet in sheets:
        for block in blocks(sheet):
            if block.beside_recipients and block.name:
                return _fields(block)
            if block.name or spare is None:
                spare = block
    return _fields(spare) if spare else (None, None)


def _fields(block: Block) -> tuple[ReadField | None, ReadField | None]:
    certainty = 1.0 if block.beside_recipients else 0.93
    title_words = [word for row in block.titles for word in row.words]
    value = " / ".join(row.text.strip(" ,.:;'`|_") for row in block.titles)
    title = field(value, title_words, block.titles[0].page, certainty=certainty)
    if block.name is None:
        return None, title
    name = bare_name(block.name.text)
    known = key(name.split()[0]) in surnames()
    certainty *= 1.0 if known else 0.88
    signer = field(name, block.name.words, block.name.page, certainty=certainty, prose=True)
    return signer, title


def bare_name(text: str) -> str:
    """The name without degree or rank, which Decree 30/2020 keeps out of the name."""
    bare = text.strip(" ,.;:'`|_*-")
    return _DEGREES.sub("", _RANKS.sub("", _DEGREES.sub("", bare))).strip()


def blocks(sheet: Sheet) -> list[Block]:
    """The signature blocks in the right half of a page, from top to bottom."""
    right = [row for row in sheet.rows if row.centre > _RIGHT * sheet.width]
    recipients = next(
        (
            row
            for row in sheet.rows
            if row.centre < 0.5 * sheet.width and opens_with(row.text, "Nơi nhận", 0.26)
        ),
        None,
    )
    found = []
    place = 0
    while place < len(right):
        if not _is_title(right[place]):
            place += 1
            continue
        titles, rest = _titles(right[place:])
        beside = recipients is not None and (
            abs(recipients.middle - titles[0].middle) < 4 * titles[0].height
        )
        found.append(Block(titles, _name(sheet, titles, rest), beside))
        place += len(titles)
    return found


def _is_title(row: Row) -> bool:
    if uppercase_share(row.text) < 0.7 or len(row.words) > 14:
        return False
    prefix = _PREFIX.match(row.text)
    if prefix and key(prefix[1]) in signing_prefixes():
        return True
    text = row.text.lstrip(" ,.;:'`|_")
    return any(opens_with(text, title, 0.13) for title in (*signing_titles(), *hand_signed_roles()))


def _titles(rows: Sequence[Row]) -> tuple[tuple[Row, ...], Sequence[Row]]:
    taken = [rows[0]]
    for row in rows[1:]:
        last = taken[-1]
        close = row.box.y0 - last.box.y1 < _LINE_GAP * last.height
        same_column = abs(row.centre - taken[0].centre) < 3.5 * taken[0].height
        if not close or not same_column or uppercase_share(row.text) < 0.75:
            break
        if any(char.isdigit() for char in row.text) or len(row.key) < 3:
            break
        taken.append(row)
    return tuple(taken), rows[len(taken) :]


def _name(sheet: Sheet, titles: Sequence[Row], rest: Sequence[Row]) -> Row | None:
    """The first row below that is a name; one printed goes before one of an appearance."""
    floor = titles[-1].box.y1 + _ROOM * sheet.height
    centre = sum(row.centre for row in titles) / len(titles)
    names = []
    for row in rest:
        if row.middle > floor or _is_title(row):
            break
        if abs(row.centre - centre) < 0.16 * sheet.width and is_name(row.text):
            names.append(row)
    printed = [row for row in names if row.words[0].source != "annotation"]
    return next(iter(printed or names), None)


def is_name(text: str) -> bool:
    """Whether a row may be a person's name: two to six capitalised words, letters only."""
    words = bare_name(text).split()
    if not 2 <= len(words) <= 6:
        return False
    if not all(part.isalpha() for word in words for part in _PARTS.split(word) if part):
        return False
    if not all(word[0].isupper() for word in words):
        return False
    mixed = all(part[1:] == part[1:].lower() for word in words for part in _PARTS.split(word))
    return mixed or (text.isupper() and key(words[0]) in surnames())
