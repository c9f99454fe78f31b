"""How well the words of a page are read: sohoa, tesseract in process, plain tesseract."""

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.geometry import pixel_words
from bench.names import LIMIT as NAMES_LIMIT
from bench.names import Names, spoiled_names
from bench.order import bigram_recall
from bench.own_reading import Reader, placed
from bench.pages import TruePage, image_of
from bench.readers import tesseract_version, tesseract_words
from bench.report import Section, Table, Target, say
from bench.scoring import Placed, Score, score
from bench.store import kept_record
from vocabulary.papers import Box

PROGRAMS: Final = ("sohoa", "sohoa, no statistics", "tesserocr + statistics", "tesseract")

LIMITS: Final[Mapping[tuple[str, int], tuple[float, float, float]]] = {
    ("office", 300): (0.25, 0.7, 99.5),
    ("office", 200): (0.25, 0.7, 99.5),
    ("poor", 300): (0.3, 1.0, 99.0),
}
"""CER and WER at most, digit strings at least, in percent, on scans of real pages."""
ORDER_LIMIT: Final = 97.0


@dataclass(frozen=True, slots=True)
class Condition:
    """Pages of one source as one scanner gives them."""

    source: str
    level: str
    dpi: int
    pages: Callable[[], list[TruePage]]

    @property
    def name(self) -> str:
        return f"{self.source}, {self.level} {self.dpi}"


@dataclass(slots=True)
class Tally:
    """Sums over pages of what one program read."""

    score: Score = field(default_factory=Score)
    pairs_right: int = 0
    pairs: int = 0
    names: Names = field(default_factory=Names)

    def add(self, page: TruePage, words: Sequence[Placed]) -> Score:
        one = score(page.words, words)
        self.score += one
        right, wanted = bigram_recall(page.words, words)
        self.pairs_right, self.pairs = self.pairs_right + right, self.pairs + wanted
        return one

    @property
    def order(self) -> float:
        """Order-sensitive bigram recall in percent."""
        return 100 * self.pairs_right / max(self.pairs, 1)


def plain_tesseract(page: TruePage) -> list[Placed]:
    """``tesseract -l vie`` on the scan's own image; kept as long as tesseract stays the same."""
    image = image_of(page)
    name = hashlib.sha256(image).hexdigest()[:24]

    def read() -> list[list[object]]:
        with tempfile.NamedTemporaryFile(suffix=".img") as file:
            file.write(image)
            file.flush()
            found = tesseract_words(Path(file.name), page.dpi)
        return [[text, *box] for text, box in found]

    words = kept_record("tesseract", name, tesseract_version(), read)
    return pixel_words(((text, Box(*box)) for text, *box in words), page)


def readings(
    page: TruePage, own: Reader, other: Reader | None
) -> Iterator[tuple[str, list[Placed]]]:
    """What each program reads from a page."""
    reading = own.page(page)
    yield PROGRAMS[0], placed(reading, page)
    yield PROGRAMS[1], placed(reading, page, raw=True)
    if other is not None:
        yield PROGRAMS[2], placed(other.page(page), page)
    yield PROGRAMS[3], plain_tesseract(page)


def measure(
    conditions: Sequence[Condition], own: Reader, other: Reader | None
) -> tuple[dict[tuple[str, str], Tally], list[tuple[float, str, str]]]:
    """Tallies by condition and program; the product's error rate of every page."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    pages: list[tuple[float, str, str]] = []
    for condition in conditions:
        say(f"words: {condition.name} ...")
        for page in condition.pages():
            read = dict(readings(page, own, other))
            for program, words in read.items():
                one = tallies[condition.name, program].add(page, words)
                if program == PROGRAMS[0]:
                    tallies[condition.name, program].names += spoiled_names(
                        page.words, read[PROGRAMS[1]], words
                    )
                    pages.append((100 * one.cer, condition.name, page.name))
    return tallies, pages


def section(
    conditions: Sequence[Condition], own: Reader, other: Reader | None, remarks: Sequence[str] = ()
) -> Section:
    """The table of all conditions and programs, and which targets hold."""
    tallies, pages = measure(conditions, own, other)
    rows = tuple(
        (name, program, tally.score.words, 100 * tally.score.cer, 100 * tally.score.wer,
         100 * tally.score.diacritic_errors, 100 * tally.score.number_accuracy, tally.order)
        for (name, program), tally in tallies.items()
    )  # fmt: skip
    heads = ("pages", "program", "words", "CER %", "WER %", "diacritics %", "digit strings %",
             "order: bigrams %")  # fmt: skip
    names = sum((tally.names for tally in tallies.values()), Names())
    spoiled = (f"words of names read right: {names.right}, of which the statistics made wrong: "
               f"{names.spoiled}")  # fmt: skip
    worst = [f"worst page: CER {cer:.2f} % {name} ({condition})"
             for cer, condition, name in sorted(pages, reverse=True)[:8]]  # fmt: skip
    return Section(
        "words",
        (Table("Words read (CER, WER, diacritics: less is better)", heads, rows),),
        (*_targets(conditions, tallies),
         Target("names read right and made wrong %", NAMES_LIMIT, names.percent, "most")),
        (*remarks, spoiled, *worst),
    )  # fmt: skip


def _targets(
    conditions: Sequence[Condition], tallies: Mapping[tuple[str, str], Tally]
) -> Iterator[Target]:
    for condition in conditions:
        limits = LIMITS.get((condition.level, condition.dpi))
        if condition.source != "real" or limits is None:
            continue
        tally = tallies[condition.name, PROGRAMS[0]]
        yield Target(f"{condition.name}: CER %", limits[0], 100 * tally.score.cer, "most")
        yield Target(f"{condition.name}: WER %", limits[1], 100 * tally.score.wer, "most")
        right = 100 * tally.score.number_accuracy
        yield Target(f"{condition.name}: digit strings %", limits[2], right, "least")
        yield Target(f"{condition.name}: order, bigrams %", ORDER_LIMIT, tally.order, "least")
