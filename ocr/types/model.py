"""What a document type says, and what was found by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from ocr.types.patterns import Pattern
from vocabulary.papers import Box, Fields, FieldValue

SCHEMA: Final = 1
"""Version of the form of a type file; a file says which one it is written in."""

ValueKind = Literal[
    "text", "person", "organisation", "date", "money", "identifier",
    "enterprise_code", "identity_number", "owner_code",
]  # fmt: skip
Place = Literal["same", "right", "below"]
ValidityRule = Literal["printed", "unlimited", "until", "term"]
CheckName = Literal["check_digit", "identity_number", "date_order", "pattern"]
Certainty = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that speaks for a type, and how much: 0 nothing, 1 sure."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class SymbolCue:
    """A form of number and symbol (số, ký hiệu) that speaks for a type."""

    pattern: Pattern
    weight: float


@dataclass(frozen=True, slots=True)
class Cues:
    """How papers of a type are known.

    ``titles`` stand in the head, in capitals or centred; ``phrases`` anywhere on the first two
    pages; ``card_code`` is the weight of the QR code that identity cards bear. Each group of
    ``required`` must be met by one of its phrases; none of ``forbidden`` may stand on the paper.
    """

    titles: tuple[Cue, ...] = ()
    phrases: tuple[Cue, ...] = ()
    symbols: tuple[SymbolCue, ...] = ()
    card_code: float = 0.0
    required: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A printed label and the value that belongs to it.

    Either ``field`` (one of the vocabulary's) or ``fact`` (a name of the type's own, shown as
    ``name``) is set. ``places``: where the value may stand, tried in this order. ``after`` and
    ``before``: headings between which the label counts. ``first``: this rule goes before the
    general rules of :mod:`ocr.fields`; else it fills what they did not find.
    """

    texts: tuple[str, ...]
    value: ValueKind
    field: str = ""
    fact: str = ""
    name: str = ""
    places: tuple[Place, ...] = ("same", "right", "below")
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """How long papers of a type hold by law, while that law holds (data with validity dates)."""

    basis: str
    certainty: Certainty
    months: int | None = None
    """None: unlimited."""
    begin: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is the one of this day."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class ValidityOfType:
    """How the end of validity of a type's papers is known.

    ``printed``: only by what the paper says. ``until``: by what stands behind ``labels`` (a day,
    a term, "không thời hạn"). ``term``: so, too, if there are labels; where the paper says
    nothing, counted from the issue date by the law of that day. ``unlimited``: it has none,
    unless the paper says one.
    """

    rule: ValidityRule = "printed"
    labels: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A check of this package, by name, on a field of the paper."""

    name: CheckName
    field: str = ""
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of paper as its file declares it; ``source`` names the file."""

    key: str
    vi: str
    en: str
    abbreviations: tuple[str, ...]
    cues: Cues
    fields: tuple[str, ...]
    essential: tuple[str, ...]
    labels: tuple[LabelRule, ...] = ()
    validity: ValidityOfType = field(default_factory=ValidityOfType)
    checks: tuple[Check, ...] = ()
    sources: tuple[str, ...] = ()
    source: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class TypeMatch:
    """A recognised type. ``confidence`` 0..1; ``cues`` are the phrases and symbols seen.

    ``title`` is the title as the type's file spells it, with where it stands and how sure it was
    read; None where the type was known by other cues.
    """

    key: str
    confidence: float
    cues: tuple[str, ...]
    title: FieldValue | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value under a label that has no name in the vocabulary ("Vốn điều lệ")."""

    name: str
    label: str
    value: str
    confidence: float
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Validity:
    """Until when the paper holds. ``until`` None with ``unlimited`` False: not known.

    ``how``: ``printed`` on the paper, or by ``law``, then ``basis`` says which.
    """

    until: date | None
    unlimited: bool
    how: Literal["printed", "law", "unknown"]
    basis: str = ""
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of the type did not find as it should be; sentences in both languages."""

    check: str
    field: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class TypedReading:
    """A paper read by its type: fields of the general and the declared rules joined."""

    match: TypeMatch | None
    fields: Fields
    facts: Mapping[str, Fact]
    validity: Validity
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    """Essential fields that the paper does not show."""

    def recognised_as(self, match: TypeMatch | None) -> "TypedReading":
        """This reading, with what the paper was recognised as among all types."""
        return replace(self, match=match)

    def to_json(self) -> dict[str, Any]:
        """What the type told beside the fields, as records show it."""
        match, validity = self.match, self.validity
        return {
            "type": None
            if match is None
            else {"key": match.key, "confidence": match.confidence, "cues": list(match.cues)},
            "validity": {
                "until": validity.until.isoformat() if validity.until else None,
                "unlimited": validity.unlimited,
                "how": validity.how,
                "basis": validity.basis or None,
                "certainty": validity.certainty,
            },
            "facts": {
                one.name: {
                    "label": one.label,
                    "value": one.value,
                    "confidence": one.confidence,
                    "page": one.page,
                    "bbox": one.box.rounded(),
                }
                for one in self.facts.values()
            },
            "findings": [
                {"check": one.check, "field": one.field, "message": one.vi, "message_en": one.en}
                for one in self.findings
            ],
        }
