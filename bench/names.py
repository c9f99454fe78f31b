"""Proper names that were read right and that the statistics then made wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bench.scoring import Placed, normal

LIMIT: Final = 0.2
"""Percent of the names read right: one of 500."""

_SIGNS: Final = ".,;:()\"'“”/-–[]"


@dataclass(frozen=True, slots=True)
class Names:
    """Words of names that the engine read right, and how many of them were made wrong."""

    right: int = 0
    spoiled: int = 0

    def __add__(self, other: "Names") -> "Names":
        return Names(self.right + other.right, self.spoiled + other.spoiled)

    @property
    def percent(self) -> float:
        return 100 * self.spoiled / max(self.right, 1)


def spoiled_names(
    truth: Sequence[Placed], raw: Sequence[Placed], chosen: Sequence[Placed]
) -> Names:
    """Of one page: ``raw`` and ``chosen`` are the same words before and after the statistics."""
    named = list(_words_of_names(truth))
    found = Names()
    for before, after in zip(raw, chosen, strict=True):
        text = _bare(before.text)
        if any(_bare(word.text) == text and _within(word, before) for word in named):
            found += Names(1, int(_bare(after.text) != text))
    return found


def _words_of_names(words: Sequence[Placed]) -> Iterator[Placed]:
    """Words in a run of two and more with a capital each: people, places, bodies, in any case."""
    titled = [_is_titled(_bare(word.text)) for word in words]
    beside = {place for one in pairwise(range(len(words))) if all(titled[i] for i in one)
              for place in one}  # fmt: skip
    return (words[place] for place in sorted(beside))


def _is_titled(text: str) -> bool:
    return len(text) > 1 and text.isalpha() and (text.istitle() or text.isupper())


def _bare(text: str) -> str:
    return normal(text).strip(_SIGNS)


def _within(word: Placed, other: Placed) -> bool:
    """Whether the middle of ``word`` lies in the box of ``other``."""
    box, around = word.box, other.box
    across, down = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return around.x0 <= across <= around.x1 and around.y0 <= down <= around.y1
