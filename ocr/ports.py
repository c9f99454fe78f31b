"""The port of a recognition engine: a cleaned page goes in, lines of words come out.

An engine sees only a cleaned page (:class:`CleanPage`) and speaks of its
pixels; `ocr.reading` maps what it found back to points on the upright page.
Whatever an engine is not sure of it says with alternatives, so that language
statistics and the person who reviews have something to choose from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Grey (height x width) or colour (height x width x 3, blue-green-red), 0 is black."""

Matrix: TypeAlias = npt.NDArray[np.float64]
"""3 x 3 projective map of column vectors (x, y, 1)."""

PixelBox: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the cleaned page."""

LetterChoices: TypeAlias = tuple[tuple[str, float], ...]
"""Readings of one letter with their probability, best first; "" is no letter."""


@dataclass(frozen=True, slots=True)
class VerticalRule:
    """A vertical ruling line that was taken off the page: it separates table cells."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A page cleaned for recognition only; the page itself stays as it was scanned.

    ``pixels``: grey, dark letters on white, text upright and level, rules removed.
    ``dpi``: resolution of ``pixels``.
    ``rules``: vertical rules taken off.
    ``to_source``: maps a position in ``pixels`` to one in the pixels that were cleaned.
    ``skew_deg``: lean of the text lines that was taken out, counter-clockwise positive.
    ``steps``: names of what was done to the page, in order.
    ``gutter``: where two pages on one image part, in pixels from the left; None on one page.
    ``across``: horizontal rules taken off.
    ``seals``: boxes of coloured marks as large as a seal that were lifted off the letters.
    ``stamped``: its letters are a rubber stamp's.
    """

    pixels: Pixels
    dpi: float
    rules: tuple[VerticalRule, ...]
    to_source: Matrix
    skew_deg: float
    steps: tuple[str, ...] = ()
    gutter: float | None = None
    across: tuple[PixelBox, ...] = ()
    seals: tuple[PixelBox, ...] = ()
    stamped: bool = False


@dataclass(frozen=True, slots=True)
class ReadWord:
    """One word as an engine read it.

    ``confidence`` is 0 to 100; ``letters`` has one entry a letter of ``text``, or
    none where the engine gives no alternatives. ``raw`` is what the engine read
    where statistics chose another reading.
    """

    text: str
    box: PixelBox
    confidence: float
    letters: tuple[LetterChoices, ...] = ()
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Words that stand on one baseline within one column or table cell, left to right.

    ``baseline``: x0, y0, x1, y1 in pixels; ``size``: font size in pixels.
    """

    words: tuple[ReadWord, ...]
    baseline: PixelBox
    size: float

    @property
    def box(self) -> PixelBox:
        """The smallest box around the words."""
        boxes = [word.box for word in self.words]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


class WordChooser(Protocol):
    """Chooses between likely readings of a page's words by their neighbours."""

    def choose(self, lines: Sequence[ReadLine]) -> tuple[ReadLine, ...]:
        """The same lines (in reading order), some words changed, keeping what was read."""


class OcrEngine(Protocol):
    """What reads lines; one object serves one process, one page after another."""

    @property
    def name(self) -> str:
        """Stands in each word's ``engine``."""

    @property
    def chooser(self) -> WordChooser | None:
        """Language statistics to apply to what this engine reads; None where switched off."""

    def read(self, page: CleanPage) -> tuple[ReadLine, ...]:
        """All lines of the page, in any order.

        Raises:
            Stopped: ``engine_failed`` where the engine gave up on this page.
        """

    def legibility(self, page: CleanPage) -> float:
        """How much language a sample of the page reads as, 0 to 1: cheap, for orientation."""

    def versions(self) -> Mapping[str, str]:
        """Names and versions of what reads, for the ``made_by`` of a record."""
