"""Which type a paper is, from its cues (nhận biết loại giấy tờ).

Every cue seen speaks with its weight; together they are as strong as the chance that not all of
them are mistaken: 1 - (1 - w1)(1 - w2)... A paper that calls itself something else than a type
is hardly of it. Of two types whose titles both fit, the longer title is meant ("Giấy chứng nhận
đăng ký doanh nghiệp" is no plain "Giấy chứng nhận"); any other type that fits nearly as well
takes from the confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocr.fields.evidence import field
from ocr.fields.extraction import extract_fields
from ocr.fields.matching import key
from ocr.types.catalogue import Catalogue
from ocr.types.model import Cue, DocumentType, TypeMatch
from ocr.types.paper import Paper, TitleRows, allowed, opens, paper_of, phrase_key
from vocabulary.papers import Fields, FieldValue, PageReading

LEAST: Final = 0.5
"""Confidence under which a paper is said to be of no known type."""

_CALLS_ITSELF_OTHER: Final = 0.35  # what is left of a type whose title the paper does not have
_GENERAL: Final = 0.5  # what is left of a type whose title is only the beginning of another's
_RIVAL: Final = 0.5  # how much of a rival's strength over one half goes off
_SURE_TITLE: Final = 0.6  # confidence from which the title of the general rules is believed


@dataclass(frozen=True, slots=True)
class _Title:
    """A title phrase that was seen; ``place``: of its row among the title rows, from the top."""

    cue: Cue
    alike: float
    place: int
    value: FieldValue

    @property
    def length(self) -> int:
        return len(phrase_key(self.cue.text))


@dataclass(frozen=True, slots=True)
class _Candidate:
    type: DocumentType
    strength: float
    seen: tuple[str, ...]
    title: _Title | None


def recognise_type(
    pages: Sequence[PageReading], catalogue: Catalogue, fields: Fields | None = None
) -> TypeMatch | None:
    """The type of the paper, or None where no type is likelier than :data:`LEAST`.

    Args:
        pages: its pages as read.
        catalogue: the types to choose from.
        fields: what :func:`ocr.fields.extract_fields` gives for the pages, if that is known.
    """
    if fields is None:
        fields = extract_fields(pages)
    return recognise(paper_of(pages), catalogue, fields)


def recognise(paper: Paper, catalogue: Catalogue, fields: Fields) -> TypeMatch | None:
    """As :func:`recognise_type`, of a paper laid out already."""
    found = [_candidate(paper, one, fields) for one in catalogue]
    titled = _first_titles([one for one in found if one is not None])
    ranked = sorted(titled, key=lambda one: (-one.strength, one.type.key))
    if not ranked:
        return None
    best = ranked[0]
    rival = max((one.strength for one in ranked[1:]), default=0.0)
    confidence = best.strength * (1 - _RIVAL * max(0.0, rival - 0.5))
    if confidence < LEAST:
        return None
    title = best.title.value if best.title else None
    return TypeMatch(best.type.key, round(confidence, 3), best.seen, title)


def _candidate(paper: Paper, kind: DocumentType, fields: Fields) -> _Candidate | None:
    cues = kind.cues
    if any(paper.says(phrase) for phrase in cues.forbidden):
        return None
    if not all(any(paper.says(phrase) for phrase in group) for group in cues.required):
        return None
    title = _title(paper, kind, fields)
    weights: list[float] = []
    seen: list[str] = []
    if title is not None:
        weights.append(title.cue.weight * title.alike)
        seen.append(title.cue.text)
    for cue in cues.phrases:
        alike = paper.says(cue.text)
        if alike:
            weights.append(cue.weight * alike)
            seen.append(cue.text)
    if cues.card_code and any(value.source == "qr" for value in fields.values()):
        weights.append(cues.card_code)
        seen.append("QR")
    number = _text(fields, "number_symbol")
    for symbol in cues.symbols:
        if number and symbol.pattern.matches(number):
            weights.append(symbol.weight)
            seen.append(symbol.pattern.text)
    strength = 1.0
    for weight in weights:
        strength *= 1 - weight
    strength = 1 - strength
    if title is None and _is_named(fields):
        strength *= _CALLS_ITSELF_OTHER
    return _Candidate(kind, strength, tuple(seen), title) if strength > 0 else None


def _is_named(fields: Fields) -> bool:
    named = fields.get("doc_type")
    return named is not None and named.confidence >= _SURE_TITLE


def _text(fields: Fields, name: str) -> str:
    value = fields[name].value if name in fields else ""
    return value if isinstance(value, str) else ""


def _title(paper: Paper, kind: DocumentType, fields: Fields) -> _Title | None:
    """The longest title phrase of the type that the paper has."""
    found: list[_Title] = []
    named = fields.get("doc_type")
    called = key(f"{_text(fields, 'doc_type')} {_text(fields, 'subject')}") if named else ""
    lowest = named.box.y1 if named is not None and _is_named(fields) and named.box else None
    for cue in kind.cues.titles:
        alike = opens(called, cue.text) if called else 0.0
        if named is not None and alike:
            found.append(_Title(cue, alike, -1, _spelled(named, cue)))
            continue
        for place, rows in enumerate(paper.titles):
            if lowest is not None and rows.rows[0].box.y0 > lowest:
                break  # what stands under the paper's own title ("QUYẾT NGHỊ:") is none
            alike = opens(rows.key, cue.text)
            if alike:
                found.append(_Title(cue, alike, place, _value(rows, cue, alike)))
                break
    return max(found, key=lambda one: one.alike * one.length, default=None)


def _spelled(named: FieldValue, cue: Cue) -> FieldValue:
    """A whole title with misread letters, spelt as the type's file has it."""
    read = key(str(named.value))
    wanted = phrase_key(cue.text)
    whole = abs(len(read) - len(wanted)) <= allowed(wanted)
    return replace(named, value=cue.text) if whole and opens(read, cue.text) else named


def _value(title: TitleRows, cue: Cue, alike: float) -> FieldValue:
    """The phrase as a field, from the words that it runs over."""
    length, words = 0, []
    for row in title.rows:
        for word in row.words:
            if length < len(phrase_key(cue.text)):
                words.append(word)
                length += len(key(word.text))
    return field(cue.text, words, title.rows[0].page, certainty=alike).plain()


def _first_titles(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Titles that are the beginning of another's, or stand below another's, count less."""
    titled = [one for one in found if one.title is not None]
    weighed = []
    for one in found:
        strength = one.strength
        if one.title is not None:
            longer = any(_says_more(other.title, one.title) for other in titled)
            strength *= _GENERAL if longer else 1.0
        weighed.append(_Candidate(one.type, strength, one.seen, one.title))
    return weighed


def _says_more(other: _Title | None, one: _Title) -> bool:
    if other is None or other is one:
        return False
    if other.place != one.place and -1 not in (other.place, one.place):
        return other.place < one.place
    return other.length * other.alike > one.length * one.alike + 2
