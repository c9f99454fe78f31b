"""The engine behind the port: lines found, read by the net, cut into words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from ocr.engines.own.components import INK_BELOW
from ocr.engines.own.finder import FoundLine, find_lines
from ocr.engines.own.fitting import STEP, fit
from ocr.engines.own.hollow import filled, in_specks
from ocr.engines.own.net import (
    Letter,
    LineNet,
    LogProbabilities,
    decode,
    weights_version,
)
from ocr.engines.own.raised import as_line
from ocr.engines.own.spans import word_spans
from ocr.engines.own.twins import without_twins
from ocr.plausible_words import legibility_of
from ocr.ports import CleanPage, PixelBox, Pixels, ReadLine, ReadWord, WordChooser

# One thread a process, here as in the net: OpenCV's cost a fifth more and gain nothing. Said when
# this is loaded, which is before a reader is forked: a child that ended the pool of a parent
# whose threads it does not have would wait for them for ever.
cv2.setNumThreads(1)

_SAMPLE_LINES: Final = 6
_CAPITAL_EM: Final = 0.68  # Times: capitals, figures and ascenders
_SMALL_EM: Final = 0.48
_STAMPED: Final = (5, 30)  # letters of a line that a rubber stamp may have made: a name, a title
_LOOKS: Final = 3
_NEVER: Final = 1e-30
_SURE: Final = 0.9
_SURE_OF_PRINT: Final = 0.99  # from here on no line is looked at for specks
_RAISED_SURE: Final = 0.97
_RAISED: Final = frozenset("123456789")  # a raised round is a sign of degrees
_HALF_A_CAPITAL: Final = 2.3  # steps of the net; "TÂY" with a broken Y 1.7, "KSTT⁴" 3.1
_HALF_A_LETTER: Final = 1.0
_TALL: Final = frozenset("bdđfhklt0123456789")


class OwnEngine:
    """A CTC net of 1.29 M parameters trained on rendered lines of Times-metric faces."""

    name = "own"

    def __init__(self, chooser: WordChooser | None = None) -> None:
        self.chooser = chooser
        self._net = LineNet()
        self._net_under_seals = LineNet.under_seals()  # here: forked readers have them from birth
        self._net_of_stamps = LineNet.stamped()
        self._last: _Sampled | None = None

    def read(self, page: CleanPage) -> tuple[ReadLine, ...]:
        sampled = self._sample(page)
        rest = [line for line in sampled.found if id(line) not in sampled.read]
        sampled.read.update(self._read_lines(rest, page))
        lines = (sampled.read[id(line)] for line in sampled.found)
        return tuple(line for line in lines if line is not None)

    def legibility(self, page: CleanPage) -> float:
        """Share of plausible words in the longest lines, weighed by how sure they are."""
        sampled = self._sample(page)
        words = [word for line in sampled.read.values() if line for word in line.words]
        if not words:
            return 0.0
        surety = float(np.mean([word.confidence for word in words])) / 100
        return legibility_of([word.text for word in words], surety)

    def versions(self) -> Mapping[str, str]:
        return {"engine": "own", "model": f"own sha256:{weights_version()}"}

    def _sample(self, page: CleanPage) -> "_Sampled":
        """Lines of a page with the longest read; orientation and reading share the work."""
        if self._last is None or self._last.page is not page:
            found = find_lines(page)
            longest = sorted(found, key=lambda line: -line.crop.shape[1])[:_SAMPLE_LINES]
            self._last = _Sampled(page, found, dict(self._read_lines(longest, page)))
        return self._last

    def _read_lines(
        self, found: Sequence[FoundLine], page: CleanPage
    ) -> Iterator[tuple[int, ReadLine | None]]:
        crops = [fit(line.crop) for line in found]
        if page.stamped:
            outputs = [self._stamped(line.crop) for line in found]
        else:
            hard = [any(_meet(line.ink, seal) for seal in page.seals) for line in found]
            outputs = self._outputs(crops, hard)
        for line, crop, output in zip(found, crops, outputs, strict=True):
            letters = decode(output)
            if not page.stamped:
                letters = self._less_doubtful(line, letters)
            letters = without_twins(letters)
            scale = line.crop.shape[1] / crop.shape[1]
            if line.raised:
                letters = self._with_raised(line, letters, scale)
            words = _words(line, letters, scale)
            if not words:
                yield id(line), None
                continue
            left, right = words[0].box[0], words[-1].box[2]
            baseline = (left, line.baseline, right, line.baseline)
            yield id(line), ReadLine(words, baseline, _font_size(line, words))

    def _outputs(self, crops: Sequence[Pixels], hard: Sequence[bool]) -> list[LogProbabilities]:
        """What the net says of each line; ``hard``: it lies under a seal."""
        plain = iter(self._net.log_probabilities(_where(crops, hard, False)))
        if not any(hard):
            return list(plain)
        covered = iter(self._net_under_seals.log_probabilities(_where(crops, hard, True)))
        return [next(covered) if under else next(plain) for under in hard]

    def _stamped(self, crop: Pixels) -> LogProbabilities:
        """What a stamp's line says: the mean of looks at it a little up and down."""
        looks = [fit(np.pad(crop, ((above, _LOOKS - 1 - above), (0, 0)), constant_values=255))
                 for above in range(_LOOKS)]  # fmt: skip
        likely = np.exp(self._net_of_stamps.log_probabilities(looks))
        return np.asarray(np.log(likely.mean(axis=0) + _NEVER), dtype=np.float32)

    def _with_raised(self, line: FoundLine, letters: list[Letter], scale: float) -> list[Letter]:
        """The line's letters with its raised figures, instead of what was read in their place."""
        crops = [fit(as_line(line.crop, box)) for box in line.raised]
        for box, output in zip(line.raised, self._net.log_probabilities(crops), strict=True):
            read = decode(output)
            if len(read) == 1 and read[0].text in _RAISED and read[0].probability > _RAISED_SURE:
                letters = _put_in(letters, read[0], box[0] / scale / STEP, box[2] / scale / STEP)
        return letters

    def _less_doubtful(self, line: FoundLine, letters: list[Letter]) -> list[Letter]:
        """A short line of broken letters read as a stamp's; of hollow ones filled, where surer."""
        few, most = _STAMPED
        count = sum(letter.text != " " for letter in letters)
        if not few <= len(letters) <= most:
            return letters
        if _surety(letters) < _SURE_OF_PRINT and in_specks(line.crop, count):
            return decode(self._stamped(line.crop))
        if _surety(letters) >= _SURE:
            return letters
        solid = filled(line.crop, line.letter_height / _SMALL_EM, len(letters))
        if solid is None:
            return letters
        again = decode(self._net.log_probabilities([fit(solid)])[0])
        return again if _surety(again) > _surety(letters) else letters


@dataclass(slots=True)
class _Sampled:
    """The page that was looked at last: its lines, and by identity those already read."""

    page: CleanPage
    found: tuple[FoundLine, ...]
    read: dict[int, ReadLine | None]


def _where(crops: Sequence[Pixels], flags: Sequence[bool], wanted: bool) -> list[Pixels]:
    return [crop for crop, flag in zip(crops, flags, strict=True) if flag is wanted]


def _meet(one: PixelBox, other: PixelBox) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _put_in(letters: list[Letter], figure: Letter, start: float, end: float) -> list[Letter]:
    """``figure`` in the place of letters with their middle in its steps.

    Behind a word with figures it is a word of its own: a date and the sign of a footnote.
    """
    before = [letter for letter in letters if (letter.first + letter.last) / 2 < start - 0.5]
    after = [letter for letter in letters if (letter.first + letter.last) / 2 > end]
    between = letters[len(before) : len(letters) - len(after)]
    if before and start - (before[-1].first + before[-1].last) / 2 < _clear_of(before[-1]):
        return letters  # the right arm of a broken letter ("TÂY")
    if any(letter.text.isdigit() or letter.probability > _SURE for letter in between):
        return letters  # the net knows what stands there
    if after and after[0].text.isalnum():
        return letters  # within a word a piece of a broken letter looks like a figure
    first, last = round(start), max(round(start), round(end) - 1)
    word = "".join(letter.text for letter in before).rsplit(" ", 1)[-1]
    apart = any(char.isdigit() for char in word)
    space = [Letter(" ", first, first, figure.probability, ((" ", 1.0),))] if apart else []
    return [*before, *space, replace(figure, first=first, last=last), *after]


def _clear_of(letter: Letter) -> float:
    """Steps from the middle of a letter in which it still has ink of its own."""
    return _HALF_A_CAPITAL if letter.text.isupper() else _HALF_A_LETTER


def _surety(letters: Sequence[Letter]) -> float:
    return min((letter.probability for letter in letters), default=0.0)


def _words(line: FoundLine, letters: Sequence[Letter], scale: float) -> tuple[ReadWord, ...]:
    """Letters cut at the spaces that were read, boxes cut where the line has no ink."""
    groups: list[list[Letter]] = [[]]
    for letter in letters:
        if letter.text == " ":
            groups.append([])
        else:
            groups[-1].append(letter)
    groups = [group for group in groups if group]
    if not groups:
        return ()
    spans = word_spans(
        np.asarray((line.crop < INK_BELOW).any(axis=0)),
        [((group[0].first + 0.5) * STEP * scale, (group[-1].last + 0.5) * STEP * scale)
         for group in groups],
    )  # fmt: skip
    _, top, _, bottom = line.ink
    return tuple(
        ReadWord(
            text="".join(letter.text for letter in group),
            box=(line.left + left, top, line.left + right, bottom),
            confidence=100 * min(letter.probability for letter in group),
            letters=tuple(letter.choices for letter in group),
        )
        for group, (left, right) in zip(groups, spans, strict=True)
    )


def _font_size(line: FoundLine, words: Sequence[ReadWord]) -> float:
    """From the median letter's height: that of a tall or of a small letter, by what was read."""
    letters = [char for word in words for char in word.text if char.isalnum()]
    tall = sum(char in _TALL or char.isupper() for char in letters)
    share = _CAPITAL_EM if 2 * tall > len(letters) else _SMALL_EM
    return max(4.0, line.letter_height / share)
