"""The head of a paper: national name, issuing bodies, title (Decree 30/2020, ô 1, 2, 5a).

The national name (Quốc hiệu) is the strongest anchor of a Vietnamese paper: what
stands left of it is the issuer, what stands under it the place and date. A page
without it and without the motto has no head, and no field of a head is looked
for there: annexes name another paper's number, and that is not theirs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.fields.committees import lacks_its_place
from ocr.fields.evidence import ReadField, field, misread_words, source_of
from ocr.fields.layout import Row, Sheet
from ocr.fields.lexicon import (
    DocumentType,
    bodies_incomplete_alone,
    card_subtitles,
    document_types,
    first_words_of_bodies,
    owner_kinds,
    provinces,
    signing_titles,
)
from ocr.fields.matching import key, likeness, opens_with, uppercase_share
from ocr.fields.spelling import MENDED_CERTAINTY, mend_names
from ocr.fields.symbols import is_symbol
from vocabulary.papers import Word

NATION = "Cộng hòa xã hội chủ nghĩa Việt Nam"
PARTY_NAME = "Đảng Cộng sản Việt Nam"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_PLACE_LOST = 0.7  # certainty left to a committee of no place
_MISREAD = 0.15  # one letter of "GIÁM ĐỐC"
_GLUED = 0.4  # certainty left to a title in which a word cannot be Vietnamese
_HEAD_SHARE = 0.45  # of the page's height: a head on three lines with its title ends above
_BODY_STARTS = ("Căn cứ", "Kính gửi", "Xét đề nghị", "Theo đề nghị", "Thực hiện")
_DIVISIONS = ("Điều 1", "Chương I", "Phần I")  # a letter more is another word ("Chương trình")
# "Số:" as read (So, S6, S0), never "Sở ...": a colon, a digit or the slash must follow.
_NUMBER_START = re.compile(
    r"^\W?s[o60e](?:gcn|giayphep|gp|giaychungnhan|dk|hieu)?(?:[.,]?[:;]|[.…_]*[\d/-])"
)


_DATELINE = re.compile(r"ng[a-tv-z]y.{0,6}th[a-z]{2,4}.{0,6}n[a-z]m")


@dataclass(frozen=True)
class Title:
    """The title of a paper: its type, the rows it stands in, and how sure that is."""

    type: DocumentType
    rows: tuple[Row, ...]
    certainty: float


@dataclass(frozen=True)
class Head:
    """The head of a page, as anchors found on it.

    ``split``: x of the border between the two columns; None where the national name is
    centred, as on forms and cards. ``bottom``: y where the body text begins.
    """

    sheet: Sheet
    nation: Row | None
    motto: Row | None
    split: float | None
    bottom: float
    title: Title | None

    @property
    def top(self) -> float:
        """Upper edge of the national name (or motto); copy stamps stand above it."""
        anchor = self.nation or self.motto
        return anchor.box.y0 if anchor else 0.0

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rows of the head: from the national name down to where the body begins."""
        return tuple(
            row
            for row in self.sheet.rows
            if row.middle < self.bottom and row.box.y1 > self.top - row.height
        )

    def left(self) -> tuple[Row, ...]:
        """Rows of the left column above the title."""
        if self.split is None:
            return ()
        return tuple(row for row in self.rows if row.centre < self.split)


def head_of(sheet: Sheet) -> Head | None:
    """The head of the page, or None where it has none."""
    upper = [row for row in sheet.rows if row.box.y0 < _HEAD_SHARE * sheet.height]
    nation = _best(upper, NATION, 0.3) or _party_name(sheet, upper)
    motto = _best(upper, MOTTO, 0.3)
    anchor = nation or motto or _dateline(upper)
    if anchor is None:
        return None
    bottom = _bottom(sheet, anchor)
    title = title_of(sheet, anchor.box.y1, bottom)
    return Head(sheet, nation, motto, _split(sheet, anchor, upper), bottom, title)


def _party_name(sheet: Sheet, upper: Sequence[Row]) -> Row | None:
    """The Party's papers have its name where others have the national name."""
    top = [
        row
        for row in upper
        if row.box.y0 < 0.2 * sheet.height
        and row.centre > sheet.centre
        and uppercase_share(row.text) > 0.9
    ]
    return _best(top, PARTY_NAME, 0.2)


def _dateline(upper: Sequence[Row]) -> Row | None:
    """The place and date beside a "Số:" row, where the national name was not read."""
    for number in upper:
        if not is_number_row(number) or "/" not in number.text:
            continue
        for row in upper:
            beside = row.box.x0 > number.box.x1 and abs(row.middle - number.middle) < 3 * row.height
            if beside and _DATELINE.search(row.squeezed.folded):
                return row
    return None


def _best(rows: Sequence[Row], phrase: str, tolerance: float) -> Row | None:
    scored = [(likeness(row.text, phrase, tolerance), row) for row in rows]
    best = max(scored, key=lambda one: one[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def _bottom(sheet: Sheet, anchor: Row) -> float:
    for row in sheet.below(anchor.box.y1):
        if opens_body(row):
            return row.box.y0
    return min(sheet.height, anchor.box.y1 + 0.5 * sheet.height)


def opens_body(row: Row) -> bool:
    """Whether the row is the first of a paper's body ("Căn cứ ...", "Kính gửi: ...").

    A sentence begins with a capital: "thực hiện" opens the second line of many a subject.
    """
    if row.text.lstrip(" -+*.:;,'\"“([|_")[:1].islower():
        return False
    return any(opens_with(row.text, phrase, 0.17) for phrase in _BODY_STARTS) or any(
        opens_with(row.text, phrase, 0.0) for phrase in _DIVISIONS
    )


def _split(sheet: Sheet, anchor: Row, upper: Sequence[Row]) -> float | None:
    """Border of the columns: between the national name and what stands left of it."""
    beside = [
        row.box.x1
        for row in upper
        if row.box.x1 < anchor.box.x0
        and abs(row.middle - anchor.middle) < 3 * anchor.height
        and uppercase_share(row.text) > 0.75
    ]
    if not beside and anchor.centre < 0.56 * sheet.width:
        return None
    left_edge = max(beside, default=anchor.box.x0 - 0.05 * sheet.width)
    return (left_edge + anchor.box.x0) / 2


def title_of(sheet: Sheet, top: float, bottom: float) -> Title | None:
    """The title between ``top`` and ``bottom``: the first row that is a known type."""
    rows = [row for row in sheet.rows if top < row.middle < bottom]
    for place, row in enumerate(rows):
        if abs(row.centre - sheet.centre) > 0.16 * sheet.width:
            continue
        match = _type_of(row)
        if match is None:
            continue
        known, certainty = match
        taken = [row]
        if known.open_title:
            taken += _title_goes_on(sheet, row, rows[place + 1 :])
        return Title(known, tuple(taken), certainty)
    return None


def _type_of(row: Row) -> tuple[DocumentType, float] | None:
    text = row.text.strip(" :.-")
    capitals = uppercase_share(text)
    for english, card in card_subtitles():
        if opens_with(text, english, 0.1):
            return card, 0.9
    alike, nearest = max(
        ((likeness(text, known.name, 0.15), known) for known in document_types()),
        key=lambda one: one[0],
    )
    if alike and (capitals > 0.7 or nearest.name == "Phụ lục"):
        return nearest, alike
    if capitals < 0.8:
        return None
    for known in document_types():
        # A one-word name may only stand alone or before more words, never inside one.
        if row.key.startswith(key(known.name)) and _whole_words(row, known.name):
            return known, 0.98
    return None


def _whole_words(row: Row, name: str) -> bool:
    wanted = key(name)
    read = ""
    for word in row.words:
        read += key(word.text)
        if read == wanted:
            return True
        if len(read) > len(wanted):
            return False
    return False


def _title_goes_on(sheet: Sheet, first: Row, following: Sequence[Row]) -> list[Row]:
    taken: list[Row] = []
    last = first
    for row in following:
        near = row.box.y0 - last.box.y1 < 1.2 * first.height
        capitals = uppercase_share(row.text) > 0.8
        under = abs(row.centre - first.centre) < 0.06 * sheet.width
        if not (near and capitals and (under or sheet.is_centred(row))) or is_number_row(row):
            break
        if any(opens_with(row.text, title, _MISREAD) for title in signing_titles()):
            break  # the authority that certifies: "GIÁM ĐỐC SỞ ..."
        if ":" in row.text or any(char.isdigit() for char in row.text):
            break
        if any(opens_with(row.text, kind, _MISREAD) for kind in owner_kinds()):
            break
        taken.append(row)
        last = row
    return taken


def is_number_row(row: Row) -> bool:
    """Whether the row begins with "Số" (as read: So, S6, S0); "số" goes on a sentence."""
    if row.squeezed.text.lstrip(" -*.:;,'\"“(|_")[:1] == "s":
        return False
    return _NUMBER_START.match(row.squeezed.folded) is not None


def doc_type(head: Head) -> ReadField | None:
    """The type of the paper as its title names it; "Giấy chứng nhận ..." with its whole title."""
    if head.title is None:
        return None
    return type_field(head.title)


def type_field(title: Title) -> ReadField:
    """The title as a field, written as in running text."""
    words = tuple(word for row in title.rows for word in row.words)
    name = title.type.name
    if title.type.open_title:
        name = _sentence_case(" ".join(row.text.strip(" :.") for row in title.rows), name)
    certainty = title.certainty
    if title.type.open_title and misread_words(_no_places(words)):
        certainty *= _GLUED  # "HOẠTĐỘNG"
    return field(name, words, title.rows[0].page, certainty=certainty)


def _no_places(words: Sequence[Word]) -> list[Word]:
    """The words that are in no province's name: "Đắk Lắk" is not spelt as Vietnamese is."""
    known = {part for name in provinces() for part in name.lower().split()}
    return [word for word in words if word.text.lower().strip(".,;:()") not in known]


def _sentence_case(title: str, name: str) -> str:
    """Capitals to running text, provinces keeping theirs: "Giấy phép ... tỉnh Hưng Yên"."""
    if key(title) == key(name):
        return name
    text = title.lower()
    for province in provinces():
        text = re.sub(rf"(?<!\w){re.escape(province.lower())}(?!\w)", province, text)
    return text[:1].upper() + text[1:]


def issuing_bodies(head: Head) -> list[list[Row]]:
    """The bodies in the left column, from the highest down, each with its rows."""
    bodies: list[list[Row]] = []
    for row in head.left():
        if head.title and row.middle > head.title.rows[0].box.y0:
            break
        if is_number_row(row) or opens_with(row.text, "V/v", 0.0) or _level_with_number(head, row):
            break
        if is_symbol(row.squeezed.text):  # whose "Số:" was not read
            break
        if not _names_a_body(row):
            continue
        if bodies and _goes_on(bodies[-1], row):
            bodies[-1].append(row)
        elif bodies or _first_words(row):
            bodies.append([row])
    return bodies


def _level_with_number(head: Head, row: Row) -> bool:
    """Whether the row is a part of the "Số:" line that was read as a line of its own."""
    return any(
        is_number_row(one)
        and min(one.box.y1, row.box.y1) - max(one.box.y0, row.box.y0) > 0.4 * one.height
        for one in head.left()
    )


def _names_a_body(row: Row) -> bool:
    if row.words[0].source == "annotation" and uppercase_share(row.text) < 0.9:
        return False
    return uppercase_share(row.text) > 0.75 and len(row.key) > 3


def _first_words(row: Row) -> bool:
    text = row.text.lstrip(" ,.;:'`-|")
    return any(
        opens_with(text, phrase, 0.2 if len(phrase) > 6 else 0.0)
        for phrase in first_words_of_bodies()
    )


def _goes_on(body: list[Row], row: Row) -> bool:
    last = body[-1].text.rstrip()
    if last.endswith(("-", "–", ",", "&")) or key(last).endswith(("va", "cua")):
        return True
    if key(" ".join(one.text for one in body)) in bodies_incomplete_alone():
        return True
    return not _first_words(row)


def issuer(head: Head) -> ReadField | None:
    """The issuing body: the last of the names in the left column."""
    bodies = issuing_bodies(head)
    return _body_field(head, bodies[-1]) if bodies else None


def issuer_parent(head: Head) -> ReadField | None:
    """The superior body above the issuer."""
    bodies = issuing_bodies(head)
    return _body_field(head, bodies[-2]) if len(bodies) > 1 else None


def _body_field(head: Head, rows: Sequence[Row]) -> ReadField:
    words: list[Word] = [word for row in rows for word in row.words]
    text, mended = mend_names(words)
    known = _first_words(rows[0])
    certainty = 1.0 if known and head.nation else 0.85 if known else 0.6
    if mended:
        certainty *= MENDED_CERTAINTY
    if source_of(words) == "ocr" and lacks_its_place(text):
        certainty *= _PLACE_LOST
    return field(text.strip(" ,.;:'`|"), words, rows[0].page, certainty=certainty)
