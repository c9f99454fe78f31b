"""The engine behind the port: lines found, read by the net, cut into words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from ocr.engines.own.finder import FoundLine, find_lines
from ocr.engines.own.net import STEP, Letter, LineNet, decode, fit, weights_version
from ocr.ports import CleanPage, ReadLine, ReadWord

_SAMPLE_LINES: Final = 6
_CAPITAL_EM: Final = 0.68  # Times: capitals, figures and ascenders
_SMALL_EM: Final = 0.48
_TALL: Final = frozenset("bdđfhklt0123456789")


class OwnEngine:
    """A CTC net of 1.29 M parameters trained on rendered lines of Times-metric faces."""

    name = "own"

    def __init__(self) -> None:
        self._net = LineNet()

    def read(self, page: CleanPage) -> tuple[ReadLine, ...]:
        found = find_lines(page)
        return tuple(self._read_lines(found))

    def legibility(self, page: CleanPage) -> float:
        """Mean letter probability of the longest lines."""
        found = sorted(find_lines(page), key=lambda line: -line.crop.shape[1])[:_SAMPLE_LINES]
        letters = [
            letter.probability
            for probabilities in self._net.log_probabilities([fit(line.crop) for line in found])
            for letter in decode(probabilities)
            if letter.text != " "
        ]
        return float(np.mean(letters)) if len(letters) >= 3 else 0.0

    def versions(self) -> Mapping[str, str]:
        return {"engine": "own", "model": f"own sha256:{weights_version()}"}

    def _read_lines(self, found: Sequence[FoundLine]) -> Iterator[ReadLine]:
        crops = [fit(line.crop) for line in found]
        for line, crop, output in zip(
            found, crops, self._net.log_probabilities(crops), strict=True
        ):
            words = _words(line, decode(output), line.crop.shape[1] / crop.shape[1])
            if words:
                left, right = words[0].box[0], words[-1].box[2]
                yield ReadLine(
                    words, (left, line.baseline, right, line.baseline), _font_size(line, words)
                )


def _words(line: FoundLine, letters: Sequence[Letter], scale: float) -> tuple[ReadWord, ...]:
    words: list[ReadWord] = []
    current: list[Letter] = []
    for letter in [*letters, Letter(" ", 0, 0, 1.0, ())]:
        if letter.text != " ":
            current.append(letter)
        elif current:
            words.append(_word(line, current, scale))
            current = []
    return tuple(words)


def _word(line: FoundLine, letters: Sequence[Letter], scale: float) -> ReadWord:
    """A peak stands near its letter's middle: half a letter is added on either side."""
    left = line.left + (letters[0].first * STEP - 1) * scale
    right = line.left + (letters[-1].last * STEP + STEP + 1) * scale
    _, top, _, bottom = line.ink
    return ReadWord(
        text="".join(letter.text for letter in letters),
        box=(left, top, max(right, left + 1), bottom),
        confidence=100 * min(letter.probability for letter in letters),
        letters=tuple(letter.choices for letter in letters),
    )


def _font_size(line: FoundLine, words: Sequence[ReadWord]) -> float:
    """From the median letter's height: that of a tall or of a small letter, by what was read."""
    letters = [char for word in words for char in word.text if char.isalnum()]
    tall = sum(char in _TALL or char.isupper() for char in letters)
    share = _CAPITAL_EM if 2 * tall > len(letters) else _SMALL_EM
    return max(4.0, line.letter_height / share)
