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
from ocr.fields.lexicon import (
    hand_signed_roles,
    signing_prefixes,
    signing_titles,
    surname_spellings,
    surnames,
)
from ocr.fields.matching import key, opens_with, uppercase_share
from ocr.fields.signing_title import is_scrap, row_text, title_field
from ocr.fields.signing_title import without_specks as _without_specks

_RIGHT = 0.58  # of the page's width: the block's middle is right of this
_LINE_GAP = 1.4  # of a line's height, between two lines of the title
_ROOM = 0.28  # of the page's height: farthest that the name stands below the title
_CENTRED = 0.55
_SHORTEST = 4  # letters
_PREFIX = re.compile(r"^\W*([A-ZĐÔƠƯQ/]{1,6})\s*[.,]\s*")
_DEGREE = r"(?:GS|PGS|TSKH|TS|ThS|BSCC|BSCK|BS|CKI{0,3}|CK\d?|KTS|KS|CN|LS|DS|CVC|NGND|NGƯT|TTƯT)"
_DEGREES = re.compile(rf"^(?:{_DEGREE}I{{0,3}}(?:\s*[.,]\s*|\s+))+(?=\S+\s+\S)", re.IGNORECASE)
_RANKS = re.compile(r"^((?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy|tướng)\s*,?\s*)(?=\S+\s+\S+)")
_EDGES = " ,.;:'`|_*-"
_MIDDLE_NAMES = frozenset(("Văn", "Thị", "Hữu", "Đình", "Đức", "Ngọc", "Xuân", "Minh", "Hồng"))
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
    title = title_field(block.titles, certainty)
    if block.name is None:
        return None, title
    return _signer_field(block, block.name, certainty), title


def _off_centre(block: Block, row: Row) -> float:
    """How far the name's middle is from the title's, in heights of the name."""
    middle = sum(title.centre for title in block.titles) / len(block.titles)
    return abs(row.centre - middle) / row.height


def _signer_field(block: Block, row: Row, certainty: float) -> ReadField:
    words = _without_specks(row.words)
    printed = " ".join(word.text for word in words)
    name = bare_name(printed)
    family = name.split()[0]
    known = key(family) in surnames()
    read = any(word.source == "ocr" for word in words)
    if not known:
        certainty *= 0.6 if read else 0.88  # a seal may hide the family name
    elif read and family not in surname_spellings():
        certainty *= 0.7
    if not is_name(name):
        certainty *= 0.4
    if read and len(name.split()) == 2 and family in _MIDDLE_NAMES:
        certainty *= 0.5  # "Văn Quang": a seal hides the family name
    if read and _off_centre(block, row) > _CENTRED:
        certainty *= 0.8  # a part of the name may be lost at one end
    found = field(name, words, row.page, certainty=certainty, prose=True)
    if len(name) < len(printed.strip(_EDGES)):
        found = found.remarked("degree_left_out")
    return found


def bare_name(text: str) -> str:
    """The name without degree or rank, which Decree 30/2020 keeps out of the name."""
    bare = text.strip(_EDGES)
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
    text = row_text(row)
    if uppercase_share(text) < 0.7 or len(row.words) > 14:
        return False
    prefix = _PREFIX.match(text)
    if prefix and key(prefix[1]) in signing_prefixes():
        return True
    text = text.lstrip(_EDGES)
    return any(opens_with(text, title, 0.13) for title in (*signing_titles(), *hand_signed_roles()))


def _titles(rows: Sequence[Row]) -> tuple[tuple[Row, ...], Sequence[Row]]:
    taken = [rows[0]]
    seen = 1
    for place, row in enumerate(rows[1:], start=2):
        last = taken[-1]
        close = row.box.y0 - last.box.y1 < _LINE_GAP * last.height
        if not close:
            break
        text = row_text(row)
        if is_scrap(row) or _of_a_seal(row, text):
            continue  # a stroke of the signature or of a seal beside the title
        same_column = abs(row.centre - taken[0].centre) < 3.5 * taken[0].height
        if not same_column or uppercase_share(text) < 0.75:
            break
        if any(char.isdigit() for char in text) or len(key(text)) < 3:
            break
        taken.append(row)
        seen = place
    return tuple(taken), rows[seen:]


def _of_a_seal(row: Row, text: str) -> bool:
    """A lone short word that an engine read: no row of a title, but "DÂN" on a seal."""
    return row.words[0].source == "ocr" and len(text.split()) == 1 and len(key(text)) <= _SHORTEST


def _name(sheet: Sheet, titles: Sequence[Row], rest: Sequence[Row]) -> Row | None:
    """The row below that is best a name; one printed goes before one of an appearance."""
    floor = titles[-1].box.y1 + _ROOM * sheet.height
    centre = sum(row.centre for row in titles) / len(titles)
    names: list[tuple[float, Row]] = []
    for row in rest:
        if row.middle > floor or _is_title(row):
            break
        if abs(row.centre - centre) < 0.16 * sheet.width:
            names.append((_like_a_name(row), row))
    return max((one for one in names if one[0] > 0), key=lambda one: one[0], default=(0, None))[1]


def _like_a_name(row: Row) -> float:
    """How much a row looks like the printed name, 0 not at all; the first wins among equals."""
    text = bare_name(" ".join(word.text for word in _without_specks(row.words)))
    words = text.split()
    printed = 4.0 if row.words[0].source != "annotation" else 0.0
    if is_name(text):
        return 1.0 + printed + (key(words[0]) in surnames()) + min(len(words), 3) / 3
    capitals = sum(word[:1].isupper() and word.isalpha() for word in words)
    mixed = sum(char.islower() for char in text) > 3
    if row.words[0].source == "ocr" and mixed and len(words) > 2 and capitals >= 2:
        return 1.0 if all(part.isalpha() for part in words) else 0.0
    return 0.0


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
