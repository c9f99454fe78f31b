"""Normal forms of Vietnamese text.

Two forms are used for search (DESIGN.md rule 8): ``exact`` (NFC, lower case,
one tone placement) and ``folded`` (marks dropped, đ to d, y to i in open
syllables). Both keep the length of the NFC text, so an offset found in a
normal form is an offset in the text as stored.
"""

import re
import unicodedata
from typing import Final

_TONES: Final = "\u0300\u0301\u0309\u0303\u0323"


def nfc(text: str) -> str:
    """Text in Unicode Normalization Form C, as everything stored here is."""
    return unicodedata.normalize("NFC", text)


def _tone_pairs() -> dict[str, str]:
    pairs = {}
    for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
        for tone in _TONES:
            new = first + nfc(second + tone)
            old = nfc(first + tone) + second
            pairs[new] = old
    return pairs


_NEW_TO_OLD: Final = _tone_pairs()
# hoà -> hòa, khoẻ -> khỏe, thuỷ -> thủy; only at the end of a syllable and never after q.
# Both begin with the letters looked for, not with what stands before them: three times as fast.
_NEW_STYLE: Final = re.compile(rf"(?:{'|'.join(_NEW_TO_OLD)})(?!\w)(?<!q..)", re.DOTALL)
_OPEN_Y: Final = re.compile(r"y(?!\w)(?:(?<=\b[hklmstv]y)|(?<=\bquy))")


def exact(text: str) -> str:
    """Exact search form: NFC, lower case, tone marks placed in the older style.

    >>> exact("Hoà Bình") == exact("HÒA BÌNH")
    True
    """
    return _NEW_STYLE.sub(lambda match: _NEW_TO_OLD[match.group()], nfc(text).lower())


def unmark(text: str) -> str:
    """Text without any Vietnamese mark, letter for letter (đ becomes d)."""
    return nfc(text).translate(_BASES)


class _Bases(dict[int, str]):
    """The base letter of each character, found when first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _base(chr(code)))


_BASES: Final = _Bases({ord("đ"): "d", ord("Đ"): "D"})


def _base(char: str) -> str:
    if char.isascii():
        return char
    decomposed = unicodedata.normalize("NFD", char)
    return decomposed[0] if decomposed[0].isascii() and decomposed[0].isalpha() else char


def folded(text: str) -> str:
    """Folded search form: what a person types without Vietnamese keyboard.

    >>> folded("Đặng Mỹ Quý")
    'dang mi qui'
    """
    return _OPEN_Y.sub("i", unmark(exact(text)))


def has_marks(text: str) -> bool:
    """Whether the text has any Vietnamese mark or đ (then exact matches mean something)."""
    return unmark(text) != nfc(text)
