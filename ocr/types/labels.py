"""Declared labels found on the rows of a paper, and the words that stand behind them.

A label opens a row (numbering and stars before it do not count) and may then be misread in one
of six letters, or stands within a row and must be as declared. Its value is what follows on the
row up to the next label, else what stands right of the row (the next cell or column), else what
stands under it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ocr.fields.layout import Row, Sheet, union
from ocr.fields.lexicon import label_phrases
from ocr.fields.matching import key
from ocr.types.model import DocumentType, Fact, LabelRule, Place
from ocr.types.paper import BODY_PAGES, Paper, opens, phrase_key
from ocr.types.values import Value, birth_in, value_in
from vocabulary.papers import FieldValue, Word
from vocabulary.text import folded

_NUMBERING: Final = re.compile(
    r"^\W*(?:(?:\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ]|[IVX]{1,4})[.):]?)?\W*$"
)
_TO_COLON: Final = (
    45  # letters between a label and its colon: "(viết bằng chữ in hoa)", "/ Full name"
)
_ENDS: Final = (";", ".", ",")
_BULLETS: Final = ("-", "+", "•", "–")
_FULL: Final = 0.10  # of the page's width: a row that ends this near to the right goes on below


@dataclass(frozen=True, slots=True)
class _Label:
    """A label on a row; its value may begin with word ``end``. ``alike``: how well it was read."""

    row: Row
    end: int
    alike: float


@dataclass(frozen=True, slots=True)
class Declared:
    """A field read behind a declared label.

    ``first``: its rule goes before the general ones. ``checked``: its check digit or structure
    fits, which no misread number does but by chance.
    """

    value: FieldValue
    first: bool = False
    checked: bool = False


def declared_fields(paper: Paper, kind: DocumentType) -> dict[str, Declared]:
    """Fields by the type's labels; of several rules for a field the one that goes first."""
    found: dict[str, Declared] = {}
    birth = _birth(paper)
    for rule in kind.labels:
        if not rule.field or (rule.field in found and rule.first <= found[rule.field].first):
            continue
        seen = _value_of(paper, kind, rule, birth)
        if seen is not None:
            value, alike, page = seen
            read = value.as_field(rule.field, page, alike)
            found[rule.field] = Declared(read, rule.first, value.check > 0)
    return found


def declared_facts(paper: Paper, kind: DocumentType) -> dict[str, Fact]:
    """What stands under labels that have no field of the vocabulary."""
    found: dict[str, Fact] = {}
    birth = _birth(paper)
    for rule in kind.labels:
        seen = _value_of(paper, kind, rule, birth) if rule.fact else None
        if seen is None:
            continue
        value, alike, page = seen
        read = value.as_field(rule.fact, page, alike)
        assert isinstance(read.value, str)
        box = union(value.words)
        found[rule.fact] = Fact(rule.fact, rule.name, read.value, read.confidence, page, box)
    return found


def _value_of(
    paper: Paper, kind: DocumentType, rule: LabelRule, birth: date | None
) -> tuple[Value, float, int] | None:
    return next(values_of(paper, kind, rule, birth), None)


def values_of(
    paper: Paper, kind: DocumentType, rule: LabelRule, birth: date | None = None
) -> Iterator[tuple[Value, float, int]]:
    """Values behind the rule's labels from the top: value, likeness of the label, page."""
    others = _other_labels(kind)
    for sheet, rows in _sections(paper, rule):
        for row in rows:
            for label in _labels_on(row, rule.texts):
                for where, words in _behind(sheet, label, rule.places, others):
                    value = value_in(rule.value, words, birth)
                    if value is not None and _fits(value, rule):
                        long = rule.value in ("organisation", "text")
                        whole = _goes_on(sheet, where, value, words) if long else value
                        yield whole, label.alike, sheet.number


def _fits(value: Value, rule: LabelRule) -> bool:
    return not rule.patterns or any(one.matches(value.text) for one in rule.patterns)


def _sections(paper: Paper, rule: LabelRule) -> Iterator[tuple[Sheet, Sequence[Row]]]:
    """The rows in which the rule's label counts: behind its heading, before the next."""
    inside = not rule.after
    for sheet in paper.sheets[:BODY_PAGES]:
        rows: list[Row] = []
        for row in sheet.rows:
            bare = _unnumbered_key(row)
            if inside and rule.before and any(opens(bare, one) for one in rule.before):
                yield sheet, rows
                return
            if rule.after and any(opens(bare, one) for one in rule.after):
                inside = True
            if inside:
                rows.append(row)
        yield sheet, rows


def _unnumbered_key(row: Row) -> str:
    skip = _numbering(row.words)
    return key(" ".join(word.text for word in row.words[skip:]))


def _numbering(words: Sequence[Word]) -> int:
    """How many words at the start of a row only number it ("1.", "a)", "*")."""
    count = 0
    while count < min(2, len(words) - 1) and _NUMBERING.match(words[count].text):
        count += 1
    return count


def _labels_on(row: Row, texts: Sequence[str]) -> Iterator[_Label]:
    """Places of the row where one of the labels stands, the longest label first."""
    first = _numbering(row.words)
    keys = [key(word.text) for word in row.words]
    for text in sorted(texts, key=len, reverse=True):
        wanted = phrase_key(text)
        for start in range(len(keys)):
            if start != first and keys[start][:1] != wanted[:1]:
                continue
            end, alike = _label_end(keys, start, wanted, text, exact=start != first)
            if alike:
                yield _Label(row, _past_colon(row.words, end), alike)
                break


def _label_end(
    keys: Sequence[str], start: int, wanted: str, text: str, *, exact: bool
) -> tuple[int, float]:
    read = ""
    best, best_end = 0.0, start
    for end in range(start, len(keys)):
        read += keys[end]
        if len(read) > len(wanted) + 3:
            break
        if read == wanted:
            return end + 1, 1.0
        alike = 0.0 if exact or len(read) < len(wanted) - 3 else opens(read, text)
        if alike > best:
            best, best_end = alike, end + 1
    return best_end, best


def _past_colon(words: Sequence[Word], end: int) -> int:
    """A label runs on to its colon where that is near ("Họ và tên (chữ in hoa) / Full name:")."""
    if end and words[end - 1].text.rstrip().endswith(":"):
        return end
    letters = 0
    for place in range(end, len(words)):
        text = words[place].text
        letters += len(text)
        if letters > _TO_COLON or any(char.isdigit() for char in text):
            break
        if text.endswith(":"):
            return place + 1
    return end


def _behind(
    sheet: Sheet, label: _Label, places: Sequence[Place], others: frozenset[str]
) -> Iterator[tuple[Row, Sequence[Word]]]:
    """Where the value may stand: the row and the words of it."""
    row = label.row
    after = _until_label(row.words[label.end :], others)
    if any(char.isalnum() for word in after for char in word.text):
        if "same" in places:
            yield row, after
        return
    if row.text.rstrip()[-1:] in _ENDS:  # an item of a list or the end of a sentence, no label
        return
    for place, other in (("right", _right_of(sheet, row)), ("below", _under(sheet, row))):
        if place in places and other is not None and not _opens_with_label(other, others):
            yield other, _until_label(other.words, others)


def _opens_with_label(row: Row, others: frozenset[str]) -> bool:
    read = ""
    for word in row.words[_numbering(row.words) :][:8]:
        read += key(word.text)
        if read in others:
            return True
    return False


def _until_label(words: Sequence[Word], others: frozenset[str]) -> tuple[Word, ...]:
    """The words up to where the next label begins: a known one, or words that end in a colon."""
    keys = [key(word.text) for word in words]
    for start in range(1, len(words)):
        read = ""
        for end in range(start, min(start + 6, len(words))):
            read += keys[end]
            if read in others:
                return tuple(words[:start])
    return tuple(words)


def _right_of(sheet: Sheet, row: Row) -> Row | None:
    """The next row on the same line: the value's cell or column."""
    beside = [
        one
        for one in sheet.rows
        if one is not row
        and one.box.x0 >= row.box.x1
        and abs(one.middle - row.middle) < 0.6 * max(one.height, row.height)
    ]
    return min(beside, key=lambda one: one.box.x0, default=None)


def _under(sheet: Sheet, row: Row) -> Row | None:
    """The row right under a label, in its column, that is no label itself."""
    for one in sheet.rows:
        gap = one.box.y0 - row.box.y1
        near = -0.5 * row.height < gap < 1.6 * row.height and one.middle > row.middle
        overlap = min(one.box.x1, row.box.x1) - max(one.box.x0, row.box.x0)
        if one is not row and near and overlap > 0:
            is_value = not one.text.rstrip().endswith(":") and one.text[:1] not in _BULLETS
            return one if is_value else None
    return None


def _goes_on(sheet: Sheet, row: Row, value: Value, words: Sequence[Word]) -> Value:
    """A long value's second line: right under a full row, without a label of its own."""
    ends = bool(words) and bool(value.words) and value.words[-1] == row.words[-1]
    if not ends or row.box.x1 < sheet.body[1] - _FULL * sheet.width:
        return value
    below = _under(sheet, row)
    if below is None or ":" in below.text or not below.text[:1].isalnum():
        return value
    if _numbering(below.words):
        return value
    if below.box.x1 > sheet.body[1] - _FULL * sheet.width:
        return value
    return Value(f"{value.text} {below.text.strip(' .,;')}", (*value.words, *below.words), 0.9)


def _other_labels(kind: DocumentType) -> frozenset[str]:
    texts = [text for rule in kind.labels for text in rule.texts]
    texts += kind.validity.labels
    return frozenset(phrase_key(one) for one in (*texts, *label_phrases("after_value")))


def _birth(paper: Paper) -> date | None:
    """The date of birth on the paper, which the identity number must agree with."""
    births = [key(one) for one in label_phrases("birth")]
    for sheet in paper.sheets[:BODY_PAGES]:
        for row in sheet.rows:
            if any(one in row.key for one in births):
                text = folded(row.text)
                found = birth_in(text[max(0, text.find("sinh")) :])
                if found is not None:
                    return found
    return None
