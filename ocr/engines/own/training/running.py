"""Running text drawn from the shipped syllable counts, and syllables without language.

The counts hold neither capitals nor signs nor figures; `text` puts those in.
Words without language make the net look at letters rather than guess from
their neighbours, and bring every mark as often as every other.
"""

import random
import unicodedata
from typing import Final

import numpy as np

from ocr.statistics.counts import START, UNKNOWN, Keys, SyllableCounts

_ONSETS: Final = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
    "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
_NUCLEI: Final = (
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ô", "â", "ê", "ơ", "ư",
    "ia", "iê", "oa", "oă", "oe", "uâ", "uê", "uô", "ua", "ưa", "ươ", "uyê", "uy", "yê",
)  # fmt: skip
_CODAS: Final = ("", "", "c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "o", "u", "y")
_TONES: Final = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_MARKED_LAST: Final = frozenset("êôơâăư")
_FLAT_SHARE: Final = 0.2
"""How often a follower is drawn without regard to how often it followed."""


class RunningText:
    """Draws syllables one after the other by how often laws put them so."""

    def __init__(self, counts: SyllableCounts) -> None:
        self._syllables = counts.syllables
        self._pairs, self._pair_sums = counts.pair_keys, _sums(counts.pair_counts)
        self._triples, self._triple_sums = counts.triple_keys, _sums(counts.triple_counts)
        self._known = [word for word in counts.syllables[2:] if len(word) <= 8]

    def phrase(self, rng: random.Random, length: int) -> list[str]:
        """Syllables in lower case, about ``length`` letters in all."""
        before, last = START, START
        words: list[str] = []
        letters = 0
        if rng.random() < 0.8:  # most lines begin within a sentence
            last = self._number_of_any(rng)
            words.append(self._syllables[last])
            letters = len(words[0]) + 1
        while letters < length:
            number = self._next(rng, before, last)
            word = self._syllables[number] if number > UNKNOWN else rng.choice(self._known)
            words.append(word)
            letters += len(word) + 1
            before, last = last, number
        return words

    def known_syllable(self, rng: random.Random) -> str:
        """Any syllable of the table, the rare as often as the frequent."""
        return rng.choice(self._known)

    def _number_of_any(self, rng: random.Random) -> int:
        at = int(
            np.searchsorted(self._pair_sums, rng.randrange(int(self._pair_sums[-1])), side="right")
        )
        number = int(self._pairs[min(at, len(self._pairs) - 1)]) & 0xFFFF
        return number if number > UNKNOWN else 2

    def _next(self, rng: random.Random, before: int, last: int) -> int:
        found = None
        if rng.random() < 0.85:
            found = _draw(rng, self._triples, self._triple_sums, (before << 16 | last) << 16)
        if found is None:
            found = _draw(rng, self._pairs, self._pair_sums, last << 16)
        return self._number_of_any(rng) if found is None else found


def made_up_syllable(rng: random.Random) -> str:
    """Onset, rhyme and tone joined by chance; the marks on ô â ê ơ ư ă most often."""
    nucleus = rng.choice(_NUCLEI)
    coda = rng.choice(_CODAS)
    place = next((i for i, c in enumerate(nucleus) if c in _MARKED_LAST), len(nucleus) - 1)
    if not coda and len(nucleus) > 1 and nucleus[place] not in _MARKED_LAST:
        place = len(nucleus) - 2
    toned = nucleus[: place + 1] + rng.choice(_TONES) + nucleus[place + 1 :]
    return unicodedata.normalize("NFC", rng.choice(_ONSETS) + toned + coda)


def _sums(counts: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> Keys:
    return np.cumsum(np.minimum(counts, 65535).astype(np.int64))


def _draw(rng: random.Random, keys: Keys, sums: Keys, first: int) -> int | None:
    """The last syllable of a key between ``first`` and ``first + 65535``, by its count."""
    start, end = np.searchsorted(keys, (first, first + 0x10000)).tolist()
    if start == end:
        return None
    if rng.random() < _FLAT_SHARE:
        return int(keys[rng.randrange(start, end)]) & 0xFFFF
    low = int(sums[start - 1]) if start else 0
    # a whole number: searching with a float would copy the whole table each time
    at = int(np.searchsorted(sums, rng.randrange(low, int(sums[end - 1])), side="right"))
    return int(keys[min(at, end - 1)]) & 0xFFFF
