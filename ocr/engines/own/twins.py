"""One letter that the net read as two: of "đổi" ố and ổ, one after the other.

Where the net wavers between two marks its best path may name both. Side by side no
Vietnamese word has two such: the same vowel under different marks (only "ưu" looks like it).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ocr.engines.own.net import Letter

_VOWELS: Final = frozenset("aeioy")  # not u: "lưu"
_BESIDE: Final = 2  # steps from the last of one to the first of the other


def without_twins(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, each such pair as one: the likelier, with the readings of both."""
    kept: list[Letter] = []
    for letter in letters:
        if kept and _are_twins(kept[-1], letter):
            kept[-1] = _as_one(kept[-1], letter)
        else:
            kept.append(letter)
    return kept


def _are_twins(one: Letter, other: Letter) -> bool:
    if other.first - one.last > _BESIDE:
        return False
    vowel = _vowel(one.text)
    return vowel is not None and vowel == _vowel(other.text) and one.text != other.text


@lru_cache(maxsize=1024)
def _vowel(text: str) -> str | None:
    """The vowel without its marks, small and great apart; None for what is none."""
    bare = unicodedata.normalize("NFD", text)[:1]
    return bare if bare.lower() in _VOWELS else None


def _as_one(one: Letter, other: Letter) -> Letter:
    likelier = max(one, other, key=lambda letter: letter.probability)
    told: defaultdict[str, float] = defaultdict(float)
    for text, probability in (*one.choices, *other.choices):
        told[text] += probability / 2
    return replace(
        likelier,
        first=one.first,
        last=other.last,
        probability=likelier.probability**2 / (one.probability + other.probability),
        choices=tuple(sorted(told.items(), key=lambda choice: -choice[1])),
    )
