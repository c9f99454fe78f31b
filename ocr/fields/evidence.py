"""From the words a rule found to a field value with its confidence.

Confidence of a field = confidence of its words x certainty of the rule. The
words of a born-digital page count 0.99, not 1: a text layer can be wrong, too.
"""

from collections.abc import Sequence
from typing import Final

from ocr.fields.layout import union
from ocr.syllable_shape import is_syllable
from vocabulary.papers import FieldSource, FieldValue, Word
from vocabulary.text import nfc

TEXT_CEILING: Final = 0.99
MISREAD_CERTAINTY: Final = 0.8
"""Certainty left to prose in which a word cannot be Vietnamese: a person looks at it."""
_PUNCTUATION: Final = ".,;:()[]\"'“”‘’/-–_|"
_WEAK_WORD: Final = 60.0  # engine confidence under which a word is more guess than reading


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


def misread_words(words: Sequence[Word]) -> int:
    """How many recognised words cannot be Vietnamese (capitals may be abbreviations)."""
    return sum(
        word.source == "ocr" and _is_nonsense(word.text.strip(_PUNCTUATION)) for word in words
    )


def _is_nonsense(text: str) -> bool:
    if len(text) < 2 or not text.isalpha() or text.isupper():
        return False
    return not is_syllable(text)


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
) -> FieldValue:
    """A field value read from ``words`` on ``page``.

    Args:
        value: the value; brought to NFC here.
        words: the words it stands in.
        page: number of the page.
        certainty: 0..1, how sure the rule is that these words are the field.
        weakest: see :func:`words_confidence`.
        prose: whether every word should be Vietnamese; see :func:`misread_words`.
    """
    if prose and misread_words(words):
        certainty *= MISREAD_CERTAINTY
    clean = nfc(value) if isinstance(value, str) else tuple(nfc(one) for one in value)
    confidence = round(words_confidence(words, weakest=weakest) * certainty, 3)
    return FieldValue(clean, confidence, page, union(words), source_of(words))
