"""Number and symbol (số, ký hiệu; Decree 30/2020, ô 3); its grammar: :mod:`ocr.fields.symbols`.

It is read from text without spaces, because stamped numbers ("3 5 4") and blanks
left for them cut it into pieces.
"""

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from ocr.fields.evidence import ReadField, field
from ocr.fields.head import Head, is_number_row
from ocr.fields.layout import Row
from ocr.fields.matching import Squeezed, key, squeeze
from ocr.fields.symbols import PART, PARTY, SYMBOL, is_symbol, known_type, mended, straight
from ocr.fields.widths import more_than_read
from vocabulary.papers import Remark, Word

_WHOLE = re.compile(rf"^(?P<number>\d{{1,5}}[a-zđ]?)/(?P<symbol>{SYMBOL})")
_PARTY = re.compile(rf"^(?P<number>\d{{1,5}})-(?P<symbol>{PARTY})")
_LIKE_DIGITS = re.compile(rf"^(?P<number>(?=[OoIl|]*\d)[\dOoIl|]{{1,5}})/(?P<symbol>{SYMBOL})")
_SLASH_LOST = re.compile(rf"^(?P<number>\d{{1,5}})(?P<symbol>{PART}(?:-{PART})+)$")
_BLANK = re.compile(rf"^[^\w/]*/(?P<symbol>{SYMBOL})")
_ANY = re.compile(rf"^(?P<number>[^/]{{0,8}})/(?P<symbol>{SYMBOL})")
_LABEL = re.compile(r"^\W?s[o60ôốóòéeê](?:hieu|gcn|giayphep|gp|giaychungnhan|dk)?[.,]?[:;]?")
_DIGITS: Final = str.maketrans("OoIl|", "00111")
_FORMS: Final = (
    (_WHOLE, 1.0), (_PARTY, 1.0), (_LIKE_DIGITS, 0.6), (_SLASH_LOST, 0.6), (_BLANK, 0.3),
    (_ANY, 0.3),
)  # fmt: skip
_UNLABELLED = 0.75  # certainty of a symbol whose "Số:" was not read
_TALL = 1.4  # of the other words' height: written by hand, or a stamp's own digits
_UNSURE = 80.0  # engine confidence under which digits are rather written than printed
_ROOM = 1.2  # of the line's height: a blank left for a number is wider


def number_symbol(head: Head) -> ReadField | None:
    """The number and symbol of the paper whose head this is.

    A blank left for a number that was not given yields the bare symbol with a
    low confidence; a number that cannot be read likewise.
    """
    for row in _candidates(head):
        found = read_symbol(row.words, row.page)
        if found is not None:
            return found
    return _without_label(head)


def _candidates(head: Head) -> list[Row]:
    rows = [_whole_line(head, row) for row in head.rows if is_number_row(row)]
    # The left column's number is the paper's; "Số:" under a centred title comes second.
    return sorted(rows, key=lambda row: head.split is not None and row.centre > head.split)


def _whole_line(head: Head, first: Row) -> Row:
    """The "Số:" row with what stands on its line in its column: a number may be far off."""
    if head.split is None or first.centre > head.split:
        return first
    words: list[Word] = []
    for row in head.rows:
        level = abs(row.middle - first.middle) < 0.7 * max(first.height, row.height)
        if level and row.box.x0 >= first.box.x0 - 1 and row.box.x0 < head.split:
            words += row.words
    return Row(tuple(sorted(words, key=lambda word: word.box.x0)), first.page)


def _without_label(head: Head) -> ReadField | None:
    """A row of the left column that is a symbol, where its label was not read."""
    for row in head.left():
        squeezed = squeeze(_before_place(row.words))
        text = straight(squeezed.text)
        match = _WHOLE.match(text) or re.match(rf"^.{{0,4}}?\W{_WHOLE.pattern[1:]}", text)
        if match is None or not known_type(match["symbol"]):
            continue
        return _found(squeezed, match, match.start("number"), row.page, _UNLABELLED)
    return None


def read_symbol(words: tuple[Word, ...], page: int) -> ReadField | None:
    """The symbol in the words of a "Số: ..." row."""
    squeezed = squeeze(_stamps_in_place(_before_place(words)))
    label = _LABEL.match(squeezed.folded)
    if label is None:
        return None
    rest = straight(squeezed.text[label.end() :])
    for pattern, certainty in _FORMS:
        match = pattern.match(rest)
        if match is None:
            continue
        whole = certainty > 0.5
        if pattern is _SLASH_LOST and not (
            is_symbol(match["symbol"]) and words[-1].source == "ocr"
        ):
            continue
        if not whole and not known_type(match["symbol"]) and "-" not in match["symbol"]:
            continue
        found = _found(squeezed, match, label.end() + match.start(), page, certainty)
        if pattern is _SLASH_LOST:
            found = found.remarked("mended")
        return found if whole else found.remarked(_why_none(squeezed, match, label.end()))
    return None


def _found(
    squeezed: Squeezed, match: re.Match[str], start: int, page: int, certainty: float
) -> ReadField:
    used = squeezed.between(start, start + match.end() - match.start())
    read = any(word.source == "ocr" for word in used)
    symbol, was_mended = mended(match["symbol"], read=read)
    joint = "-" if match.re is _PARTY else "/"
    whole = certainty > 0.5
    number = match["number"].translate(_DIGITS) if whole else ""
    if not known_type(symbol) and "-" not in symbol:
        certainty *= 0.7
    if was_mended:
        certainty *= 0.9
    found = field(
        f"{number}{joint}{symbol}", used, page, certainty=certainty, weakest=True,
        mended=int(was_mended),
    )  # fmt: skip
    return _kind(found, squeezed, start, number) if whole else found


def _kind(found: ReadField, squeezed: Squeezed, start: int, number: str) -> ReadField:
    """The field with what its digits look like: typed with the line, stamped, written."""
    digits = squeezed.between(start, start + len(number))
    others_read = tuple(
        str(found.value).replace(word.text, other, 1)
        for word in digits
        for other, _weight in word.alternatives
        if word.text.isdigit() and other.isdigit()
    )
    found = replace(found, alternatives=others_read)
    others = [word for word in squeezed.words if word not in digits and len(word.text) > 2]
    if not others or any(word.source != "ocr" for word in digits):
        return found
    usual = median(word.box.y1 - word.box.y0 for word in others)
    tall = max(word.box.y1 - word.box.y0 for word in digits) / max(usual, 1e-6)
    unsure = min(word.confidence for word in digits) < _UNSURE
    apart = all(not word.text.startswith(("S", "s")) and "/" not in word.text for word in digits)
    if apart and unsure:
        return found.remarked("handwritten").weighed(0.7, hand=1.0 if tall > _TALL else 0.7)
    if apart and tall > _TALL:
        return found.remarked("stamped").weighed(0.9, hand=0.3)
    if more_than_read(squeezed.words, digits):
        return found.remarked("handwritten").weighed(0.7, hand=0.7)
    return found


def _why_none(squeezed: Squeezed, match: re.Match[str], start: int) -> Remark:
    """Why the digits are missing: nothing stands in the room, or what an engine cannot read."""
    junk = match.groupdict().get("number") or ""
    read = any(word.source == "ocr" for word in squeezed.between(start, start + 1))
    gap = max(
        (
            (after.box.x0 - before.box.x1) / max(after.box.y1 - after.box.y0, 1e-6)
            for before, after in pairwise(squeezed.words)
        ),
        default=0.0,
    )
    return "handwritten" if junk or (read and gap < _ROOM) else "blank"


def _stamps_in_place(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Stamped digits that lie over the slash come before it: the room left was too small."""
    slash = next((word for word in words if word.text.startswith("/")), None)
    if slash is None:
        return words
    reach = slash.box.x0 + 1.5 * (slash.box.y1 - slash.box.y0)
    over = [
        word
        for word in words
        if word.source == "annotation"
        and word.text.isdigit()
        and slash.box.x0 < word.box.x0 < reach
    ]
    if not over:
        return words
    kept = [word for word in words if word not in over]
    place = kept.index(slash)
    return (*kept[:place], *over, *kept[place:])


def _before_place(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words before "Hà Nội, ngày ..." where reader or scan ran the columns together."""
    for place, word in enumerate(words):
        if place and key(word.text).startswith("nga"):
            while place > 1 and _may_be_place(words[place - 1].text):
                place -= 1
            return words[:place]
    return words


def _may_be_place(text: str) -> bool:
    return (text[:1].isupper() or key(text) == "pho") and "/" not in text
