"""Papers that a paper names: number and symbol of each, in order, each once.

Read from the page that bears the head: there stand the legal grounds (căn cứ) and
what the paper amends or replaces. Symbols broken over two lines are joined.
"""

import re

from ocr.fields.evidence import field
from ocr.fields.head import Head
from ocr.fields.lexicon import type_abbreviations
from ocr.fields.matching import spaced
from ocr.fields.number import mended
from vocabulary.papers import FieldValue, Word

_PART = r"[A-ZĐ][A-Za-zĐđ0-9&.]*"
_SYMBOL = re.compile(
    rf"(?<![\w/.-])(\d{{1,5}}[a-z]?)\s?/\s?((?:(?:19|20)\d{{2}}\s?/\s?)?)"
    rf"({_PART}(?:\s?[-–]\s?{_PART})*)(?![\w/])"
)
_FORM = re.compile(r"m[ẫâấa]u\s*(s[ốô]\s*)?:?\s*$", re.IGNORECASE)


def citations(head: Head, own: str | None) -> FieldValue | None:
    """Symbols of other papers on the page; ``own`` is this paper's, left out.

    Confidence is that of the least sure of the symbols' words.
    """
    words = _words(head)
    text = spaced(words)
    found: dict[str, None] = {}
    used: list[Word] = []
    certainty = 1.0
    for match in _SYMBOL.finditer(text.text):
        if _FORM.search(text.text[max(0, match.start() - 12) : match.start()]):
            continue
        symbol, was_mended = mended(_clean(match[2] + match[3]))
        value = f"{match[1]}/{symbol}"
        if value == own or not _plausible(symbol):
            continue
        certainty = min(certainty, 0.9 if was_mended else 1.0)
        found.setdefault(value)
        used += text.between(match.start(), match.end())
    if not found:
        return None
    return field(tuple(found), used, head.sheet.number, certainty=certainty * 0.98, weakest=True)


def _words(head: Head) -> tuple[Word, ...]:
    top = head.title.rows[-1].box.y1 if head.title else head.top
    return tuple(word for row in head.sheet.below(top) for word in row.words)


def _clean(symbol: str) -> str:
    return re.sub(r"\s", "", symbol).replace("–", "-").rstrip(".")


def _plausible(symbol: str) -> bool:
    """A symbol has a hyphen, a year, or is a type alone ("12/BC"); "05/Tháng" is none."""
    if "-" in symbol or "/" in symbol:
        return any(char.isupper() for char in symbol)
    return symbol in type_abbreviations()
