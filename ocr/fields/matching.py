"""Finding known phrases in text that engines misread, and patterns across word borders.

Anchors ("Nơi nhận", "Cộng hòa xã hội ...") are compared by their *key*: folded,
letters and digits only, so that lost marks, spaces and letter-spacing do not
matter, and by edit distance for letters that were misread. Patterns (numbers,
dates) run over *squeezed* text: stamps print "1 9 t h á n g 0 2", so spaces say
nothing there; every character remembers the word it came from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from vocabulary.papers import Word
from vocabulary.text import folded, nfc

_NOT_KEY = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)  # phrases of the word lists and rows come again and again
def key(text: str) -> str:
    """The comparison key of a text.

    >>> key("Độc lập - Tự do") == key("DOC  LAP-TU DO")
    True
    """
    return _NOT_KEY.sub("", folded(text)).replace("y", "i")


def distance(left: str, right: str, limit: int) -> int:
    """Levenshtein distance, or ``limit + 1`` where it is more."""
    return int(Levenshtein.distance(left, right, score_cutoff=limit))


def likeness(text: str, phrase: str, tolerance: float) -> float:
    """How much the whole text is the phrase: 1 the same, 0 beyond the tolerance.

    Args:
        text: text as read.
        phrase: the phrase looked for.
        tolerance: share of the phrase's letters that may differ.
    """
    return _likeness(key(text), key(phrase), tolerance)


def opens_with(text: str, phrase: str, tolerance: float = 0.2) -> float:
    """How much the text begins with the phrase, up to the end of a word; see :func:`likeness`.

    >>> opens_with("Căn cứ Luật", "Căn cứ"), opens_with("Căn cước công dân", "Căn cứ")
    (1.0, 0.0)
    """
    wanted = key(phrase)
    slack = int(len(wanted) * tolerance)
    read = ""
    best = 0.0
    for part in _parts(text):
        read += part
        if len(read) > len(wanted) + slack:
            break
        best = max(best, _likeness(read, wanted, tolerance))
    return best


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.replace("y", "i") for part in _NOT_KEY.split(folded(text)))


def _likeness(read: str, wanted: str, tolerance: float) -> float:
    if read == wanted:
        return 1.0
    limit = int(len(wanted) * tolerance)
    steps = distance(read, wanted, limit)
    return 0.0 if steps > limit else 1.0 - steps / len(wanted)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """Text of words without any space; ``owners[i]`` is the word that character i is of."""

    text: str
    owners: tuple[int, ...]
    words: tuple[Word, ...]

    @property
    def folded(self) -> str:
        """The folded form; as long as the text, so that offsets hold in both."""
        return folded(self.text)

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that the characters from ``start`` to before ``end`` belong to."""
        numbers = sorted(set(self.owners[start:end]))
        return tuple(self.words[number] for number in numbers)


def squeeze(words: Iterable[Word]) -> Squeezed:
    """Words run together."""
    kept = tuple(words)
    text: list[str] = []
    owners: list[int] = []
    for number, word in enumerate(kept):
        letters = nfc("".join(word.text.split()))
        text.append(letters)
        owners.extend([number] * len(letters))
    return Squeezed("".join(text), tuple(owners), kept)


@dataclass(frozen=True, slots=True)
class Spaced:
    """Text of words with one space between; knows which words a stretch of it is of."""

    text: str
    starts: tuple[int, ...]
    words: tuple[Word, ...]

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that overlap the characters from ``start`` to before ``end``."""
        return tuple(
            word
            for begin, word in zip(self.starts, self.words, strict=True)
            if begin < end and begin + len(word.text) > start
        )


def spaced(words: Sequence[Word]) -> Spaced:
    """Words in a row, one space between."""
    starts = []
    position = 0
    for word in words:
        starts.append(position)
        position += len(word.text) + 1
    return Spaced(" ".join(word.text for word in words), tuple(starts), tuple(words))


def uppercase_share(text: str) -> float:
    """Share of the letters that are capitals, 0 where there is no letter."""
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) / len(letters) if letters else 0.0
