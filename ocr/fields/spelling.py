"""Marks set right in well-known names of a head ("THÀNH PHÓ CÀN THƠ" is "THÀNH PHỐ CẦN THƠ").

A closed list (provinces, ministries, departments) decides, letters must agree
already, and only words an engine read are touched: what a text layer or a stamp
says stays as it is. A mended name is a little less sure.
"""

from collections.abc import Sequence
from functools import cache

from ocr.fields.lexicon import known_names, provinces
from vocabulary.papers import Word
from vocabulary.text import exact, folded

MENDED_CERTAINTY = 0.93


@cache
def _names() -> dict[tuple[str, ...], tuple[str, ...]]:
    names = [*known_names(), *provinces()]
    return {tuple(folded(part) for part in _parts(name)): _parts(name) for name in names}


@cache
def _longest() -> int:
    return max(len(name) for name in _names())


def _parts(name: str) -> tuple[str, ...]:
    return tuple(name.split())


def mend_names(words: Sequence[Word]) -> tuple[str, bool]:
    """The text of the words with known names spelt right, and whether any was mended.

    A word of capitals has no small letter among them.
    """
    texts = [in_one_case(word) for word in words]
    mended = any(text != word.text for text, word in zip(texts, words, strict=True))
    place = 0
    while place < len(texts):
        length, name = _name_at(texts, place)
        for offset in range(length):
            at = place + offset
            if words[at].source != "ocr" or _same(texts[at], name[offset]):
                continue
            texts[at] = _dressed(texts[at], name[offset])
            mended = True
        place += max(1, length)
    return " ".join(texts), mended


def in_one_case(word: Word) -> str:
    """A recognised word of capitals with all of them: "TỉNH" is "TỈNH", "sỞ" is "SỞ"."""
    capitals = sum(char.isupper() for char in word.text)
    letters = sum(char.isalpha() for char in word.text)
    behind_small = word.text[:1].islower() and word.text[1:].isupper()
    mixed = 2 * capitals > letters or behind_small
    return word.text.upper() if word.source == "ocr" and mixed else word.text


def _name_at(texts: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
    for length in range(min(_longest(), len(texts) - place), 0, -1):
        read = tuple(folded(text.strip(",.;")) for text in texts[place : place + length])
        plain = tuple(part.strip(",") for part in read)
        for candidate in (read, plain):
            name = _names().get(candidate)
            if name is not None:
                return length, name
    return 0, ()


def _same(text: str, name: str) -> bool:
    return exact(text.strip(",.;")) == exact(name.strip(","))


def _dressed(text: str, name: str) -> str:
    """The name in the text's case, with the text's punctuation."""
    tail = text[len(text.rstrip(",.;")) :]
    bare = name.rstrip(",")
    return (bare.upper() if text.isupper() else bare) + tail
