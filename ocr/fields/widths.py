"""Whether more ink stands in a word than the letters that were read of it take.

A figure written by hand is now and then passed over, the rest read surely: of "358" the "5".
The room that typed letters take is known to a tenth of their size, because offices type in
Times (Decree 30/2020, Annex I) and the symbol on the same line tells how large.
"""

from collections.abc import Sequence
from typing import Final

from vocabulary.papers import Word
from vocabulary.text import unmark

_FIGURE: Final = 0.5
_SMALL: Final = 0.46
_CAPITAL: Final = 0.722
_WIDTHS: Final = {
    **dict.fromkeys("/:ijlt", 0.278), **dict.fromkeys("-If", 0.333), "J": 0.389, ".": 0.25,
    **dict.fromkeys("SPF", 0.556), **dict.fromkeys("ELTZ", 0.611), **dict.fromkeys("BCR", 0.667),
    "M": 0.889, "W": 0.944,
}  # fmt: skip
"""Advance widths in em of the letters of Times that differ from others of their kind."""

_BEARINGS: Final = 0.11  # of a short word: white before its first and behind its last letter
_LONG_ENOUGH: Final = 4
_LEFT_OVER_APART: Final = 0.2  # typed figures -0.4 to 0.1, "308" read as "08" 0.32
_LEFT_OVER_WITHIN: Final = 0.35  # typed symbols -0.5 to 0.05, "358/" read as "5/" 1.5


def more_than_read(words: Sequence[Word], digits: Sequence[Word]) -> bool:
    """Whether there is clearly more ink where figures were read than they take.

    Args:
        words: the whole "Số: 15/QĐ-UBND".
        digits: the words of it that have the figures before the slash.
    """
    behind = [word for word in words if word.text.startswith("/")]
    if behind and len(behind[0].text) >= _LONG_ENOUGH and behind[0] not in digits:
        em = _ink(behind[:1]) / _typed(behind[0].text)
        return _over(digits, em) > _LEFT_OVER_APART
    label = [word for word in words if unmark(word.text).lower().rstrip(":") == "so"]
    if not label or label[0] in digits:
        return False
    em = _ink(label[:1]) / (_typed(label[0].text) - _BEARINGS)
    return _over(digits, em) > _LEFT_OVER_WITHIN


def _over(words: Sequence[Word], em: float) -> float:
    """Ink beyond what the letters take, in em."""
    return _ink(words) / max(em, 1e-6) - sum(_typed(word.text) for word in words)


def _ink(words: Sequence[Word]) -> float:
    return max(word.box.x1 for word in words) - min(word.box.x0 for word in words)


def _typed(text: str) -> float:
    return sum(_width(char) for char in unmark(text))


def _width(char: str) -> float:
    usual = _FIGURE if char.isdigit() else _CAPITAL if char.isupper() else _SMALL
    return _WIDTHS.get(char, usual)
