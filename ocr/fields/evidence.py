"""From the words a rule found to a field value with its evidence.

The raw score of a field = confidence of its words x certainty of the rule. The
words of a born-digital page count 0.99, not 1: a text layer can be wrong, too.
What else speaks for or against it goes along as numbers, so that a curve fitted
on known papers can say how often such a reading is right.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from ocr.fields.layout import union
from ocr.syllable_shape import is_syllable
from vocabulary.papers import FieldSource, FieldValue, Remark, Word
from vocabulary.text import folded, nfc, unmark

TEXT_CEILING: Final = 0.99
MISREAD_CERTAINTY: Final = 0.8
"""Certainty left to prose in which a word cannot be Vietnamese: a person looks at it."""
FIGURE_CERTAINTY: Final = 0.5
"""Certainty left to a name in which a figure stands within a word ("TÂY7 NINH"): it is misread,
and so unlikely that no curve raises it."""
_PUNCTUATION: Final = ".,;:()[]\"'“”‘’/-–_|"
_LEAST_JOINT: Final = 1e-6
_GLUED: Final = re.compile(r"[^\W_]+")
_LETTERS_OF_A_WORD: Final = 3  # with fewer it may be a code: "2a", "QL1A", "km2"
_WEAK_WORD: Final = 60.0  # engine confidence under which a word is more guess than reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one reading.

    ``words``: mean confidence of its words by letters, 0..1. ``weakest``: of the least sure
    word. ``rule``: certainty of the rule that these words are the field, 0..1. ``agreement``:
    1 another place says the same, 0 none does, -1 one contradicts. ``check``: 1 checks passed,
    0 there are none, -1 one failed. ``changed``: share of the letters that statistics or a
    closed list set right. ``misread``: share of the words that cannot be Vietnamese.
    ``born_digital``: 1 text layer, 0.5 appearance of an annotation, 0 read from an image.
    ``hand``: 0..1, how likely it was written by hand. ``joint``: chance that every word is
    right, were their errors independent: the product of their confidences. ``length``: number
    of words.
    """

    NAMES: ClassVar[tuple[str, ...]] = (
        "words", "weakest", "rule", "agreement", "check", "changed", "misread", "born_digital",
        "hand", "joint", "length",
    )  # fmt: skip

    words: float = 1.0
    weakest: float = 1.0
    rule: float = 1.0
    agreement: float = 0.0
    check: float = 0.0
    changed: float = 0.0
    misread: float = 0.0
    born_digital: float = 1.0
    hand: float = 0.0
    joint: float = 1.0
    length: float = 1.0

    def numbers(self) -> tuple[float, ...]:
        """The features in the order of :attr:`NAMES`."""
        return tuple(getattr(self, name) for name in self.NAMES)


@dataclass(frozen=True, slots=True)
class ReadField(FieldValue):
    """A field value with its evidence; ``confidence`` is the raw score until it is calibrated."""

    evidence: Evidence = Evidence()

    def remarked(self, *remarks: Remark) -> "ReadField":
        """With remarks added, each once."""
        return replace(self, remarks=tuple(dict.fromkeys((*self.remarks, *remarks))))

    def weighed(self, factor: float, **evidence: float) -> "ReadField":
        """With the raw score multiplied and features of the evidence set."""
        return replace(
            self,
            confidence=round(self.confidence * factor, 3),
            evidence=replace(self.evidence, **evidence),
        )

    def plain(self) -> FieldValue:
        """Without the evidence."""
        return FieldValue(
            self.value, self.confidence, self.page, self.box, self.source, self.needs_review,
            self.remarks, self.alternatives,
        )  # fmt: skip


def words_confidence(words: Sequence[Word], *, weakest: bool = False) -> float:
    """Confidence 0..1 of a stretch of words.

    Args:
        words: the words, at least one.
        weakest: count the least sure word rather than the mean (numbers and
            dates, in which one wrong digit makes the whole wrong).
    """
    useful = [word for word in words if any(char.isalnum() for char in word.text)] or list(words)
    if weakest:
        level = min(word.confidence for word in useful)
    else:
        letters = sum(len(word.text) for word in useful)
        level = sum(word.confidence * len(word.text) for word in useful) / letters
        weak = sum(len(word.text) for word in useful if word.confidence < _WEAK_WORD)
        level *= 1 - 0.5 * weak / letters
    return min(TEXT_CEILING, max(0.0, level / 100))


def joint_confidence(words: Sequence[Word]) -> float:
    """Product of the words' confidences: in a long text one doubtful word is enough."""
    return max(_LEAST_JOINT, math.prod(min(1.0, word.confidence / 100) for word in words))


def misread_words(words: Sequence[Word]) -> int:
    """How many recognised words cannot be Vietnamese.

    Capitals without marks on vowels may be abbreviations: "UBND", "NĐ".
    """
    return sum(
        word.source == "ocr" and _is_nonsense(word.text.strip(_PUNCTUATION)) for word in words
    )


def _is_nonsense(text: str) -> bool:
    if len(text) < 2 or not text.isalpha():
        return False
    if text.isupper() and folded(text).upper() == text.replace("Đ", "D"):
        return False
    return not is_syllable(text.lower())


def has_figure_within(text: str) -> bool:
    """Whether a figure stands within or against a Vietnamese word: "TÂY7 NINH", "8iấy phép".

    Codes mix both, too ("QL1A", "TTPVHCC2"), but have neither marks on vowels nor the letters
    of a syllable.
    """
    return any(_mixes(run) for run in _GLUED.findall(nfc(text)))


def _mixes(run: str) -> bool:
    letters = "".join(char for char in run if char.isalpha())
    if not letters or len(letters) == len(run):
        return False
    marked = unmark(letters) != letters.replace("đ", "d").replace("Đ", "D")
    return marked or (len(letters) >= _LETTERS_OF_A_WORD and is_syllable(letters))


def source_of(words: Sequence[Word]) -> FieldSource:
    """An annotation word anywhere makes the field one of the annotation, then ocr, then text."""
    sources = {word.source for word in words}
    if "annotation" in sources:
        return "annotation"
    return "ocr" if "ocr" in sources else "text"


def field(
    value: str | tuple[str, ...],
    words: Sequence[Word],
    page: int,
    *,
    certainty: float = 1.0,
    weakest: bool = False,
    prose: bool = False,
    mended: int = 0,
) -> ReadField:
    """A field value read from ``words`` on ``page``.

    Args:
        value: the value; brought to NFC here.
        words: the words it stands in.
        page: number of the page.
        certainty: 0..1, how sure the rule is that these words are the field.
        weakest: see :func:`words_confidence`.
        prose: whether every word should be Vietnamese; see :func:`misread_words`.
        mended: how many words a closed list set right.
    """
    misread = misread_words(words) if prose else 0
    rule = certainty * (MISREAD_CERTAINTY if misread else 1.0)
    clean = nfc(value) if isinstance(value, str) else tuple(nfc(one) for one in value)
    source = source_of(words)
    names = isinstance(clean, str) and not weakest and source == "ocr"
    if names and has_figure_within(str(clean)):
        rule *= FIGURE_CERTAINTY
    confidence = round(words_confidence(words, weakest=weakest) * rule, 3)
    said = Evidence(
        words=words_confidence(words),
        weakest=words_confidence(words, weakest=True),
        rule=certainty,
        changed=_changed(words, mended),
        misread=misread / len(words),
        born_digital={"ocr": 0.0, "annotation": 0.5}.get(_least(words), 1.0),
        joint=joint_confidence(words),
        length=float(len(words)),
    )
    remarks: tuple[Remark, ...] = ("mended",) if mended else ()
    if source == "annotation":
        remarks = ("appearance", *remarks)
    return ReadField(clean, confidence, page, union(words), source, remarks=remarks, evidence=said)


def _least(words: Sequence[Word]) -> str:
    """The source of the words that is least to be relied on."""
    sources = {word.source for word in words}
    return next((one for one in ("ocr", "annotation") if one in sources), "text")


def _changed(words: Sequence[Word], mended: int) -> float:
    by_statistics = sum(word.raw is not None and word.raw != word.text for word in words)
    return min(1.0, (by_statistics + mended) / len(words))
