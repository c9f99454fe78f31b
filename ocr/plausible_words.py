"""How much of what was read is language at all: a page upside down reads surely, but nonsense."""

import re
from collections.abc import Sequence
from typing import Final

from ocr.syllable_shape import is_syllable

_EDGES: Final = re.compile(r"^\W+|\W+$")
_FIGURES: Final = re.compile(r"\d[\d./,:-]*")
_ENOUGH: Final = 3
_SURETY_ALONE: Final = 0.25


def legibility_of(words: Sequence[str], surety: float) -> float:
    """One figure, 0 to 1, from how sure an engine is (0 to 1) and how much of it is language.

    Pages in another language still tell up from down by surety alone.
    """
    return surety * (_SURETY_ALONE + (1 - _SURETY_ALONE) * plausible_share(words))


def plausible_share(words: Sequence[str]) -> float:
    """Share of letters in words that are Vietnamese syllables or figures, 0..1.

    Fewer than three words say nothing and count as none.
    """
    stripped = [word for word in (_EDGES.sub("", word) for word in words) if word]
    total = sum(len(word) for word in stripped)
    if len(stripped) < _ENOUGH:
        return 0.0
    good = sum(len(word) for word in stripped if _is_plausible(word))
    return good / total


def _is_plausible(word: str) -> bool:
    # single letters come out of any scribble
    if len(word) < 2:
        return False
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    return is_syllable(word) or _FIGURES.fullmatch(word) is not None
