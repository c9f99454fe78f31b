"""Chooses between likely readings of syllables by what stands before and after.

A beam over the page's words weighs how likely the engine found each letter
(the channel) against how often laws put the syllable after its neighbours
(the language). Marks change, and base letters only where what was read is no
syllable of the laws and the engine itself saw the other letter; words with
figures are never touched; names of persons and places are left as read unless
the engine itself was in doubt.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ocr.fields.lexicon import surname_spellings
from ocr.ports import LetterChoices, ReadLine, ReadWord
from ocr.statistics.counts import START, SYLLABLE, UNKNOWN, SyllableCounts, load_counts
from vocabulary.errors import MissingPart

_TABLE: Final = Path(__file__).parent / "syllables.npz"
_LANGUAGE_WEIGHT: Final = 1.1  # measured, and goes with how far the engine softens its doubts
_BEAM: Final = 12
_LEAST_SEEN: Final = 3  # a syllable seen less often is no candidate
_UNSEEN_LETTER: Final = 2e-4  # probability of a letter the engine does not list
_LEAST_OWN: Final = 0.05
_HOPELESS: Final = (
    -8.4
)  # one letter that was sure and has no other reading outweighs any neighbours
_NAME_DOUBT: Final = 3.0  # how much more a name's letters weigh than the language
_NAME_WORDS: Final = (2, 5)  # of a name in capitals
_SUPPORT: Final = 2  # times the changed syllable was seen beside one of its neighbours


@dataclass(frozen=True, slots=True)
class _Syllable:
    """A syllable as read: which word and where in it, candidates and their channel costs."""

    word: int
    start: int
    end: int
    candidates: tuple[int, ...]
    spellings: tuple[str, ...]
    costs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Path:
    """A way through the syllables so far, told by its last two numbers."""

    score: float
    before: int
    last: int
    chosen: int
    previous: "_Path | None"


class SyllableChooser:
    """The statistics, loaded; one object serves one process."""

    def __init__(self, counts: SyllableCounts) -> None:
        self._counts = counts
        self._numbers = {word: number for number, word in enumerate(counts.syllables) if word}
        self._by_base: dict[str, list[int]] = {}
        for word, number in self._numbers.items():
            if counts.singles[number] >= _LEAST_SEEN:
                self._by_base.setdefault(_base(word), []).append(number)
        self._total = float(counts.singles[UNKNOWN:].sum())

    def choose(self, lines: Sequence[ReadLine]) -> tuple[ReadLine, ...]:
        """Lines in reading order with syllables chosen; a changed word keeps its ``raw``."""
        words = [word for line in lines for word in line.words]
        syllables = self._syllables(words)
        chosen = self._best(syllables)
        spelled = [list(word.text) for word in words]
        for place, choice in enumerate(chosen):
            syllable = syllables[place]
            if choice == 0 or not self._supported(syllables, chosen, place):
                continue
            read = words[syllable.word].text[syllable.start : syllable.end]
            spelled[syllable.word][syllable.start : syllable.end] = _cased(
                syllable.spellings[choice], read
            )
        changed = iter(
            word if word.text == (text := "".join(letters)) else _changed(word, text)
            for word, letters in zip(words, spelled, strict=True)
        )
        return tuple(
            replace(line, words=tuple(next(changed) for _ in line.words)) for line in lines
        )

    def _syllables(self, words: Sequence[ReadWord]) -> list[_Syllable]:
        names = _names(words)
        found = []
        for index, word in enumerate(words):
            figures = any(char.isdigit() for char in word.text)
            for match in SYLLABLE.finditer(word.text):
                read = match.group().lower()
                doubt = _NAME_DOUBT if index in names else 1.0
                fixed = figures or len(read) < 2
                found.append(self._syllable(word, index, match.span(), read, fixed, doubt))
        return found

    def _syllable(
        self,
        word: ReadWord,
        index: int,
        span: tuple[int, int],
        read: str,
        fixed: bool,
        doubt: float,
    ) -> _Syllable:
        """The reading itself first, then known syllables with the same base letters."""
        own = self._numbers.get(read, UNKNOWN)
        candidates, spellings, costs = [own], [read], [0.0]
        if not fixed:
            letters = word.letters[span[0] : span[1]] if len(word.letters) == len(word.text) else ()
            likely = self._by_base.get(_base(read), ())
            if own == UNKNOWN:
                likely = (*likely, *self._other_letters(read, letters))
            for number in likely:
                spelling = self._counts.syllables[number]
                if number == own or len(spelling) != len(read):
                    continue
                cost = doubt * _channel(read, spelling, letters, word.confidence)
                if cost >= _HOPELESS:
                    candidates.append(number)
                    spellings.append(spelling)
                    costs.append(cost)
        return _Syllable(index, *span, tuple(candidates), tuple(spellings), tuple(costs))

    def _other_letters(self, read: str, letters: Sequence[LetterChoices]) -> list[int]:
        """Known syllables with one letter of ``read`` as the engine itself would also read it."""
        found = []
        for place, choices in enumerate(letters):
            for letter, _ in choices:
                spelling = read[:place] + letter.lower() + read[place + 1 :]
                number = self._numbers.get(spelling, UNKNOWN)
                if number != UNKNOWN and self._counts.singles[number] >= _LEAST_SEEN:
                    found.append(number)
        return found

    def _best(self, syllables: Sequence[_Syllable]) -> list[int]:
        """For each syllable the place of its best candidate (0: as read)."""
        beam = [_Path(0.0, START, START, 0, None)]
        for syllable in syllables:
            beam = self._step(beam, syllable)
        best: _Path | None = max(beam, key=lambda path: path.score)
        chosen: list[int] = []
        while best is not None and best.previous is not None:
            chosen.append(best.chosen)
            best = best.previous
        chosen.reverse()
        return chosen

    def _step(self, beam: list[_Path], syllable: _Syllable) -> list[_Path]:
        if len(beam) == 1 and len(syllable.candidates) == 1:
            only = beam[0]
            return [_Path(only.score, only.last, syllable.candidates[0], 0, only)]
        scores = self._language(beam, syllable.candidates) * _LANGUAGE_WEIGHT
        scores += np.array(syllable.costs)[None, :]
        scores += np.array([path.score for path in beam])[:, None]
        grown: dict[tuple[int, int], _Path] = {}
        for row, path in enumerate(beam):
            for column, number in enumerate(syllable.candidates):
                score = float(scores[row, column])
                key = (path.last, number)
                if key not in grown or grown[key].score < score:
                    grown[key] = _Path(score, *key, column, path)
        return sorted(grown.values(), key=lambda path: -path.score)[:_BEAM]

    def _language(
        self, beam: Sequence[_Path], candidates: Sequence[int]
    ) -> npt.NDArray[np.float64]:
        """Log-probability of each candidate after each path: triples, pairs and singles mixed."""
        counts = self._counts
        first = np.array([path.before for path in beam], np.int64)
        second = np.array([path.last for path in beam], np.int64)
        third = np.array(candidates, np.int64)
        single = (np.where(third == UNKNOWN, 0, counts.singles[third]) + 0.05) / (
            self._total + 0.05 * len(counts.syllables)
        )
        before = counts.singles[second][:, None]
        pair = counts.pairs(second[:, None], third[None, :]) / np.maximum(before, 1)
        mixed = np.where(before > 0, 0.25 * single[None, :] + 0.75 * pair, single[None, :])
        both = counts.pairs(first, second)[:, None]
        triple = counts.triples(first[:, None], second[:, None], third[None, :]) / np.maximum(
            both, 1
        )
        mixed = np.where(both > 0, 0.35 * mixed + 0.65 * triple, mixed)
        return np.log(mixed + 1e-9).astype(np.float64)

    def _supported(self, syllables: Sequence[_Syllable], chosen: Sequence[int], place: int) -> bool:
        """Whether the laws ever wrote the chosen syllable beside one of its neighbours here."""
        number = syllables[place].candidates[chosen[place]]
        seen = 0.0
        if place > 0:
            left = syllables[place - 1].candidates[chosen[place - 1]]
            seen += self._pair(left, number)
        if place + 1 < len(syllables):
            right = syllables[place + 1].candidates[chosen[place + 1]]
            seen += self._pair(number, right)
        return seen >= _SUPPORT

    def _pair(self, first: int, second: int) -> float:
        if UNKNOWN in (first, second):
            return 0.0
        return float(self._counts.pairs(np.array([first]), np.array([second]))[0])


@lru_cache(maxsize=1)
def load_chooser() -> SyllableChooser:
    """The statistics that are shipped.

    Raises:
        MissingPart: the table is not there or damaged.
    """
    try:
        return SyllableChooser(load_counts(_TABLE))
    except (OSError, ValueError, KeyError) as error:
        raise MissingPart(
            f"Thiếu bảng thống kê âm tiết {_TABLE.name}. Hãy cài lại sohoa: make setup",
            f"The syllable table {_TABLE.name} is missing. Install sohoa again: make setup",
            part="syllable statistics",
        ) from error


def _channel(
    read: str, spelling: str, letters: Sequence[LetterChoices], confidence: float
) -> float:
    """Log-likelihood of what was read if the paper says ``spelling``, relative to ``read``."""
    if len(letters) == len(read):
        cost = 0.0
        for own, other, choices in zip(read, spelling, letters, strict=True):
            if own != other:
                cost += math.log(
                    max(_probability(choices, other), _UNSEEN_LETTER)
                    / max(_probability(choices, own), _LEAST_OWN)
                )
        return cost
    # an engine without alternatives: any mark may be wrong, more so where it was unsure
    changes = sum(own != other for own, other in zip(read, spelling, strict=True))
    wrong = 0.012 + 0.25 * max(0.0, 100 - confidence) / 100
    return changes * math.log(wrong / 6) - math.log(1 - wrong)


def _probability(choices: LetterChoices, letter: str) -> float:
    return sum(probability for text, probability in choices if text.lower() == letter)


def _names(words: Sequence[ReadWord]) -> frozenset[int]:
    """Words in a run of two and more that begin with a capital: names, most of them.

    Words all in capitals are headings more often than names, so there a run must be
    as short as a name and begin with a family name as it was read ("MAI VĂN TRƯỜNG").
    """
    named: set[int] = set()
    for place in range(len(words) - 1):
        if _is_titled(words[place].text) and _is_titled(words[place + 1].text):
            named |= {place, place + 1}
    place = 0
    while place < len(words):
        end = place
        while end < len(words) and _is_capital(words[end].text):
            end += 1
        least, most = _NAME_WORDS
        if least <= end - place <= most and words[place].text.title() in surname_spellings():
            named.update(range(place, end))
        place = max(end, place + 1)
    return frozenset(named)


def _is_capital(text: str) -> bool:
    letters = text.strip(".,;:()")
    return letters.isalpha() and letters.isupper()


def _is_titled(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and letters[0].isupper() and all(c.islower() for c in letters[1:])


def _base(word: str) -> str:
    return "".join("d" if char == "đ" else unicodedata.normalize("NFD", char)[0] for char in word)


def _cased(spelling: str, read: str) -> list[str]:
    return [new.upper() if old.isupper() else new for new, old in zip(spelling, read, strict=True)]


def _changed(word: ReadWord, text: str) -> ReadWord:
    return replace(word, text=text, raw=word.raw or word.text)
