"""Counts of syllables, pairs and triples in one small file.

Syllables are numbered; a pair or triple is one whole number (16 bits a
syllable, so sorted numbers can be searched), kept in the file as steps
between neighbours, which packs to about a byte each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float32]

SYLLABLE: Final = re.compile(r"[^\W\d_]+")
"""A run of letters: what is counted and chosen."""

_SHIFT: Final = 16
START: Final = 0
"""Number of the start of a paragraph."""
UNKNOWN: Final = 1
"""Number of every syllable that was never counted."""


@dataclass(frozen=True, slots=True)
class SyllableCounts:
    """``syllables[number]`` is lower case, NFC; numbers 0 and 1 stand for start and unknown."""

    syllables: tuple[str, ...]
    singles: Counts
    pair_keys: Keys
    pair_counts: Counts
    triple_keys: Keys
    triple_counts: Counts

    def pairs(self, first: Keys, second: Keys) -> Counts:
        """How often ``second`` followed ``first``."""
        return _look_up(self.pair_keys, self.pair_counts, first << _SHIFT | second)

    def triples(self, first: Keys, second: Keys, third: Keys) -> Counts:
        """How often ``third`` followed ``first second``."""
        key = (first << _SHIFT | second) << _SHIFT | third
        return _look_up(self.triple_keys, self.triple_counts, key)

    def save(self, path: Path) -> None:
        """Write the counts; :func:`load_counts` is the inverse up to counts of 65535."""
        np.savez_compressed(
            path,
            syllables=np.array("\n".join(self.syllables)),
            singles=self.singles.astype(np.uint32),
            pair_steps=np.diff(self.pair_keys, prepend=0),
            pair_counts=_small(self.pair_counts),
            triple_steps=np.diff(self.triple_keys, prepend=0),
            triple_counts=_small(self.triple_counts),
        )


def load_counts(path: Path) -> SyllableCounts:
    """Read what :meth:`SyllableCounts.save` wrote.

    Raises:
        OSError: the file is not there.
        ValueError: it is not such a file.
    """
    with np.load(path, allow_pickle=False) as stored:
        return SyllableCounts(
            syllables=tuple(str(stored["syllables"]).split("\n")),
            singles=stored["singles"].astype(np.float32),
            pair_keys=np.cumsum(stored["pair_steps"], dtype=np.int64),
            pair_counts=stored["pair_counts"].astype(np.float32),
            triple_keys=np.cumsum(stored["triple_steps"], dtype=np.int64),
            triple_counts=stored["triple_counts"].astype(np.float32),
        )


def key_of(numbers: Sequence[int]) -> int:
    """The whole number of a pair or triple."""
    key = 0
    for number in numbers:
        key = key << _SHIFT | number
    return key


def _look_up(keys: Keys, counts: Counts, wanted: Keys) -> Counts:
    if not len(keys):
        return np.zeros(wanted.shape, np.float32)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, counts[places], np.float32(0))


def _small(counts: Counts) -> npt.NDArray[np.uint16]:
    return np.minimum(counts, 65535).astype(np.uint16)
