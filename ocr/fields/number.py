"""Number and symbol (số, ký hiệu; Decree 30/2020, ô 3).

Grammar of domain practice::

    NUMBER "/" [YEAR "/"] TYPE "-" ISSUER      15/QĐ-SKHCN, 63/2010/NĐ-CP
    NUMBER "/" ISSUER "-" UNIT                 97/UBND-PVHCCC&KSTT (official letters)

It is read from text without spaces, because stamped numbers ("3 5 4") and blanks
left for them cut it into pieces.
"""

import re
from typing import Final

from ocr.fields.evidence import field
from ocr.fields.head import Head, is_number_row
from ocr.fields.layout import Row
from ocr.fields.lexicon import type_abbreviations
from ocr.fields.matching import key, squeeze
from vocabulary.papers import FieldValue, Word

_PART = r"[A-ZĐÔƠƯÂĂÊ][A-Za-zĐđÔƠƯÂĂÊôơưâăê0-9&.]*"
SYMBOL: Final = rf"(?:(?:19|20)\d{{2}}/)?{_PART}(?:-{_PART})*"
"""What follows the first slash of a symbol, spaces taken out."""

_WHOLE = re.compile(rf"^(?P<number>\d{{1,5}}[a-zđ]?)/(?P<symbol>{SYMBOL})")
_BLANK = re.compile(rf"^[^\w/]*/(?P<symbol>{SYMBOL})")
_ANY = re.compile(rf"^(?P<number>[^/]{{0,8}})/(?P<symbol>{SYMBOL})")
_LABEL = re.compile(r"^s[o60ôốóòéeê](?:hieu|gcn|giayphep|gp|giaychungnhan|dk)?[.,]?[:;]?", re.ASCII)

_MISREAD: Final = {"QD": "QĐ", "ND": "NĐ", "QÐ": "QĐ", "NÐ": "NĐ", "TTR": "TTr", "CTR": "CTr"}
"""Types whose misreading is the abbreviation of nothing else (closed list, Phụ lục III)."""


def mended(symbol: str) -> tuple[str, bool]:
    """A symbol with a misread type abbreviation set right, and whether one was."""
    parts = re.split(r"([/-])", symbol)
    changed = False
    for place, part in enumerate(parts):
        if part in _MISREAD:
            parts[place] = _MISREAD[part]
            changed = True
    return "".join(parts).rstrip("."), changed


def known_type(symbol: str) -> bool:
    """Whether a part of the symbol is an abbreviation of Decree 30/2020 or of a law."""
    return any(part in type_abbreviations() for part in re.split(r"[/-]", symbol))


def number_symbol(head: Head) -> FieldValue | None:
    """The number and symbol of the paper whose head this is.

    A blank left for a number that was not given yields the bare symbol with a
    low confidence; a number that cannot be read likewise.
    """
    for row in _candidates(head):
        found = read_symbol(row.squeezed.words, row.page)
        if found is not None:
            return found
    return None


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


def read_symbol(words: tuple[Word, ...], page: int) -> FieldValue | None:
    """The symbol in the words of a "Số: ..." row."""
    squeezed = squeeze(_before_place(words))
    label = _LABEL.match(squeezed.folded)
    if label is None:
        return None
    rest = squeezed.text[label.end() :]
    for pattern, certainty in ((_WHOLE, 1.0), (_BLANK, 0.3), (_ANY, 0.3)):
        match = pattern.match(rest)
        if match is None:
            continue
        symbol, was_mended = mended(match["symbol"])
        if pattern is not _WHOLE and not known_type(symbol) and "-" not in symbol:
            continue
        number = match["number"] if pattern is _WHOLE else ""
        used = squeezed.between(label.end() + match.start(), label.end() + match.end())
        if not known_type(symbol) and "-" not in symbol:
            certainty *= 0.7
        if was_mended:
            certainty *= 0.9
        return field(f"{number}/{symbol}", used, page, certainty=certainty, weakest=True)
    return None


def _before_place(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words before "Hà Nội, ngày ..." where reader or scan ran the columns together."""
    for place, word in enumerate(words):
        if place and key(word.text).startswith("nga"):
            while place > 1 and _may_be_place(words[place - 1].text):
                place -= 1
            return words[:place]
    return words


def _may_be_place(text: str) -> bool:
    return text[:1].isupper() and "/" not in text
