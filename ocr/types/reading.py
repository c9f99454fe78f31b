"""A paper read by its type: what the general rules found, joined with what the type declares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocr.fields.extraction import DEFAULT_THRESHOLDS, extract_fields
from ocr.types.catalogue import Catalogue
from ocr.types.checks import LOWERED, findings_of
from ocr.types.labels import Declared, declared_facts, declared_fields
from ocr.types.model import DocumentType, Finding, TypedReading, TypeMatch
from ocr.types.paper import Paper, paper_of
from ocr.types.recognition import recognise
from ocr.types.validity import printed_until, validity_of
from vocabulary.papers import FIELD_NAMES, Fields, FieldValue, PageReading

_DOUBTED: Final = 0.5
"""A declared value less sure than this never stands above one of the general rules."""


def read_typed(
    pages: Sequence[PageReading],
    catalogue: Catalogue,
    thresholds: Mapping[str, float] | None = None,
    declared: str | None = None,
) -> TypedReading:
    """Fields, type, validity and findings of one paper.

    Args:
        pages: its pages as read, in order.
        catalogue: the types that are known.
        thresholds: as :func:`ocr.fields.extract_fields` takes them.
        declared: key of the type that a person said it is; then it is not asked of the paper.
    """
    general = extract_fields(pages, thresholds)
    paper = paper_of(pages)
    match = recognise(paper, catalogue, general)
    kind = catalogue.get(declared) or (catalogue.get(match.key) if match else None)
    return _typed(paper, general, kind, match, thresholds)


def extract_for_type(
    pages: Sequence[PageReading],
    kind: DocumentType,
    thresholds: Mapping[str, float] | None = None,
) -> TypedReading:
    """As :func:`read_typed`, of a paper that is known to be of the type."""
    general = extract_fields(pages, thresholds)
    return _typed(paper_of(pages), general, kind, None, thresholds)


def _typed(
    paper: Paper,
    general: Fields,
    kind: DocumentType | None,
    match: TypeMatch | None,
    thresholds: Mapping[str, float] | None,
) -> TypedReading:
    if kind is None:
        return TypedReading(match, general, {}, validity_of(None, general), (), ())
    fields = dict(general)
    limits = {**DEFAULT_THRESHOLDS, **(thresholds or {})}
    for name, seen in _declared(paper, kind, match).items():
        there = fields.get(name)
        same_place = there is not None and name == "doc_type" and there.box == seen.value.box
        if there is None or same_place or _stands_above(seen, there, limits[name]):
            fields[name] = seen.value
    if "expiry_date" not in fields:
        end = printed_until(paper, kind, fields.get("issue_date"))
        fields |= {"expiry_date": end} if end else {}
    findings = findings_of(kind, fields)
    judged: dict[str, FieldValue] = {
        name: _judged(fields[name], limits[name], name, findings)
        for name in FIELD_NAMES
        if name in fields
    }
    return TypedReading(
        match,
        judged,
        declared_facts(paper, kind),
        validity_of(kind, judged),
        findings,
        tuple(name for name in kind.essential if name not in judged),
    )


def _stands_above(seen: Declared, there: FieldValue, limit: float) -> bool:
    """Whether a declared value takes the place of one that the general rules found."""
    if there.source == "qr":  # a code is not misread
        return False
    doubted = there.confidence < limit <= seen.value.confidence
    return (seen.first and seen.value.confidence >= _DOUBTED) or (seen.checked and doubted)


def _declared(paper: Paper, kind: DocumentType, match: TypeMatch | None) -> dict[str, Declared]:
    found = declared_fields(paper, kind)
    if match is not None and match.title is not None and match.key == kind.key:
        # A title that the word lists do not know, or that was misread: as the type's file has it.
        found.setdefault("doc_type", Declared(match.title))
    return found


def _judged(value: FieldValue, limit: float, name: str, findings: Sequence[Finding]) -> FieldValue:
    confidence = value.confidence
    if value.source != "person" and any(one.field == name for one in findings):
        confidence = min(confidence, LOWERED)
    return replace(value, confidence=confidence, needs_review=confidence < limit)
