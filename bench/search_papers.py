"""Invented papers for the search bench, as many as wanted, the same for the same seed.

Words follow the pairs of the shipped syllable counts, so common pairs are as
common as in official prose; 1.5 % of the words carry a recognition error, three
papers in ten place tone marks the newer way (hoà), names are of rare syllables.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from ocr.statistics.counts import START, UNKNOWN, load_counts
from repository.ports import IndexEntry
from vocabulary.text import unmark

CHUNK: Final = 5_000
TYPES: Final = (
    "decision", "official_letter", "licence", "certificate", "registration",
    "application_form", "business_registration", "health_form",
)  # fmt: skip
CODES: Final = ("UBND", "SKHCN", "SXD", "SNV", "STC", "SYT", "SGDĐT", "STNMT")
DAMAGED: Final = 0.015
_COUNTS: Final = Path("ocr/statistics/syllables.npz")
_LANES: Final = 2_000
_MEAN: Final = 320
_LETTERS: Final = "abcdeghiklmnopqrstuvxy"


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry with what it said before recognition damaged it."""

    entry: IndexEntry
    subject: tuple[str, ...]
    words: tuple[str, ...]


class Papers:
    """Walks over the pairs; ``chunk(n)`` gives papers n*5000 to n*5000+4999."""

    def __init__(self, seed: int = 1) -> None:
        counts = load_counts(_COUNTS)
        kept = (counts.pair_keys & 0xFFFF) > UNKNOWN
        self._keys = counts.pair_keys[kept]
        self._sums = np.cumsum(counts.pair_counts[kept], dtype=np.float64)
        firsts = self._keys >> 16
        states = np.arange(len(counts.syllables))
        self._from = np.searchsorted(firsts, states, "left")
        self._to = np.searchsorted(firsts, states, "right")
        self._known = np.array(counts.syllables, dtype=object)
        self._newer = np.array([_newer(word) for word in counts.syllables], dtype=object)
        self._rare = [word for word in counts.syllables[1500:] if word.isalpha()]
        self.issuers = self._issuers(seed)
        self._seed = seed

    def entries(self, count: int) -> Iterator[IndexEntry]:
        """The first ``count`` entries."""
        chunks = range(-(-count // CHUNK))
        papers = (paper.entry for number in chunks for paper in self.chunk(number))
        return islice(papers, count)

    def chunk(self, number: int) -> Sequence[Paper]:
        """One chunk, the same whoever asks."""
        rng = np.random.default_rng((self._seed, number))
        chance = random.Random(self._seed * 1_000_003 + number)
        lengths = np.clip(rng.gamma(2.0, _MEAN / 2, CHUNK), 60, 3000).astype(int)
        ends = np.cumsum(lengths)
        flat = self._walk(rng, -(-int(ends[-1]) // _LANES))
        said = self._known[flat]
        newer = self._newer[flat]
        damaged = rng.random(len(flat)) < DAMAGED
        papers = []
        for place in range(CHUNK):
            span = slice(int(ends[place] - lengths[place]), int(ends[place]))
            words = (newer if chance.random() < 0.3 else said)[span]
            read = [
                damage(word, chance) if hurt else word
                for word, hurt in zip(words, damaged[span].tolist(), strict=True)
            ]
            papers.append(self._paper(number * CHUNK + place, words.tolist(), read, chance))
        return papers

    def _walk(self, rng: Any, steps: int) -> Any:
        """Numbers of syllables, lane after lane: each follows the one before as in real text."""
        walked = np.empty((steps, _LANES), np.int64)
        state = np.full(_LANES, START)
        for step in range(steps):
            low, high = self._from[state], self._to[state]
            low, high = (np.where(low == high, edge[START], own)
                         for edge, own in ((self._from, low), (self._to, high)))  # fmt: skip
            before = np.where(low > 0, self._sums[low - 1], 0.0)
            target = before + rng.random(_LANES) * (self._sums[high - 1] - before)
            place = np.minimum(np.searchsorted(self._sums, target, "right"), high - 1)
            state = self._keys[place] & 0xFFFF
            walked[step] = state
        return walked.T.ravel()

    def _paper(
        self, place: int, words: Sequence[str], read: Sequence[str], chance: random.Random
    ) -> Paper:
        length = chance.randrange(9, 18)
        kind = chance.randrange(len(TYPES))
        issued = date(2026, 11, 1) - timedelta(days=int(chance.random() ** 2 * 7000))
        holder = f"Công ty TNHH {' '.join(chance.choices(self._rare, k=3)).title()}"
        number = f"{place}/QĐ-{chance.choice(CODES)}"
        issuer = self.issuers[min(int(chance.paretovariate(0.7)) - 1, len(self.issuers) - 1)]
        subject = " ".join(read[:length])
        entry = IndexEntry(
            id=f"{place:032x}",
            text=f"{issuer}\nSố: {number}\nVề việc {subject}\n{' '.join(read[length:])}\n{holder}",
            name=f"scan-{place}.pdf",
            number_symbol=number,
            subject=f"Về việc {subject}",
            issuer=issuer,
            holder=holder,
            type=TYPES[kind],
            subject_id=f"{place // 10:032x}",
            state="done" if chance.random() < 0.95 else "needs_review",
            status="active" if chance.random() < 0.9 else "superseded",
            issue_date=issued,
            valid_to=issued + timedelta(days=1826) if kind == 2 else None,
        )
        return Paper(entry, tuple(words[:length]), tuple(words))

    def _issuers(self, seed: int) -> Sequence[str]:
        chance = random.Random(seed)
        offices = ("Ủy ban nhân dân xã", "Ủy ban nhân dân phường", "Sở", "Chi cục")
        return [
            f"{chance.choice(offices)} {' '.join(chance.choices(self._rare, k=2)).title()}"
            for _ in range(400)
        ]


def damage(word: str, chance: random.Random) -> str:
    """One letter lost, doubled, changed, or its mark gone: what recognition does."""
    if len(word) < 2:
        return chance.choice(_LETTERS)
    at = chance.randrange(len(word))
    way = chance.randrange(4)
    if way == 0:
        return word[:at] + word[at + 1 :]
    if way == 1:
        return word[:at] + word[at] + word[at:]
    if way == 2:
        return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + unmark(word[at]) + word[at + 1 :]


def _newer(word: str) -> str:
    for old, new in (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"),
                     ("ủy", "uỷ"), ("úy", "uý"), ("ùy", "uỳ"), ("ụy", "uỵ")):  # fmt: skip
        if word.endswith(old) and not word.startswith("q"):
            return word.removesuffix(old) + new
    return word
