"""The title of who signs: specks taken off, known titles set right where letters were misread.

Titles are a closed list ("PHÓ CHỦ TỊCH"), unlike names; only what an engine read is
touched. After "KT. CHỦ TỊCH" the deputy signs (Decree 30/2020, Article 13): "CHỦ TỊCH"
there has lost its "PHÓ" under a stroke.
"""

import re
from collections.abc import Sequence
from typing import Final

from ocr.fields.evidence import ReadField, field
from ocr.fields.layout import Row
from ocr.fields.lexicon import signing_prefixes, title_spellings
from ocr.fields.matching import key, likeness
from vocabulary.papers import Word
from vocabulary.text import exact

_EDGES: Final = " ,.:;'`|_"
_UNSURE = 75.0  # engine confidence under which a sign or two at an end are a stroke's
_SHORT = 2
_SCRAP = 70.0
_MISREAD = 0.22  # share of a title's letters that may be misread
_MENDED = 0.9
_DEPUTY_LOST = 0.7
_OWN_LOST = 0.5  # what the one who signs for another is, under the line that says for whom
_FOR_ANOTHER: Final = frozenset({"tm", "kt", "tl", "tuq"})
_DEPUTIES: Final = {"BỘ TRƯỞNG": "THỨ TRƯỞNG"}
_PREFIXED = re.compile(r"^(?P<prefix>[A-ZĐƠƯQ/]{1,6}\s*[.,]\s*)(?P<title>.+)$")
_ODDLY_PREFIXED = re.compile(r"^\W*(?P<prefix>[A-ZĐÔƠƯQ/]{1,6}) ?(?:[^\w\s/]|[¹²³]) ?(?=\w)")


def without_specks(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without what a stroke or a seal left at either end of the line."""
    kept = list(words)
    while len(kept) > 1 and _is_speck(kept[0]):
        kept.pop(0)
    while len(kept) > 1 and _is_speck(kept[-1]):
        kept.pop()
    return tuple(kept)


def _is_speck(word: Word) -> bool:
    if word.source != "ocr":
        return False
    letters = [char for char in word.text if char.isalpha()]
    if not letters:
        return True
    short = len(word.text) <= _SHORT and key(word.text) not in signing_prefixes()
    return short and (word.confidence < _UNSURE or len(letters) < len(word.text))


def is_scrap(row: Row) -> bool:
    """Whether a row is nothing but strokes: no word an engine was sure of."""
    return all(
        word.source == "ocr" and (word.confidence < _SCRAP or not word.text.isalpha())
        for word in row.words
    )


def row_text(row: Row) -> str:
    """The row's text without specks, the stop after its prefix set right."""
    return _with_stop(" ".join(word.text for word in without_specks(row.words)))


def _with_stop(text: str) -> str:
    """Sets right what stands for the stop after a known prefix: "TM²ỦY BAN" is "TM. ỦY BAN"."""
    match = _ODDLY_PREFIXED.match(text)
    if match is None or _PREFIXED.match(text) or key(match["prefix"]) not in signing_prefixes():
        return text
    return f"{match['prefix']}. {text[match.end() :]}"


def title_field(rows: Sequence[Row], certainty: float) -> ReadField:
    """The title on its lines, joined by " / "."""
    lines: list[str] = []
    words: list[Word] = []
    mends = 0
    for row in rows:
        kept = without_specks(row.words)
        text = " ".join(word.text for word in kept).strip(_EDGES)
        words += kept
        if any(word.source == "ocr" for word in kept):
            deputy = _deputy(lines[-1], text) if lines else None
            right = deputy or _right(_with_stop(text))
            mends += right != text
            certainty *= _DEPUTY_LOST if deputy else _MENDED if right != text else 1.0
            text = right
        lines.append(text)
    if words[-1].source == "ocr" and _says_for_whom(lines[-1]):
        certainty *= _OWN_LOST
    return field(" / ".join(lines), words, rows[0].page, certainty=certainty, mended=mends)


def _says_for_whom(line: str) -> bool:
    """Whether a line names whom somebody signs for, so that another has to follow."""
    match = _PREFIXED.match(line)
    return match is not None and key(match["prefix"]) in _FOR_ANOTHER


def _right(text: str) -> str:
    """A line that is nearly a known title, with or without a prefix, as it is spelt."""
    match = _PREFIXED.match(text)
    prefix, title = (match["prefix"], match["title"]) if match else ("", text)
    scored = [(likeness(title, known, _MISREAD), known) for known in title_spellings()]
    best = max(scored, key=lambda one: one[0])
    if best[0] == 0 or exact(best[1]) == exact(title):
        return text
    twins = [known for alike, known in scored if alike == best[0]]
    return prefix + best[1] if len(twins) == 1 else text


def _deputy(above: str, title: str) -> str | None:
    """The deputy that signs for who stands above, where the line is nearly that, or lost "PHÓ"."""
    match = _PREFIXED.match(above)
    if match is None or key(match["prefix"]) != "kt":
        return None
    head = match["title"].split(",")[0]
    deputy = _DEPUTIES.get(head, f"PHÓ {head}")
    if exact(title) == exact(deputy) or deputy not in title_spellings():
        return None
    return deputy if title == head or likeness(title, deputy, _MISREAD) else None
