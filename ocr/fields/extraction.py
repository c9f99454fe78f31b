"""All fields of one paper, each by its own rule, with the threshold for review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ocr.fields.annex import note_of, parent_decision
from ocr.fields.calibration import calibrated, calibration
from ocr.fields.checks import checked, context_of
from ocr.fields.citations import citations
from ocr.fields.dates import card_date, closing_date, head_date
from ocr.fields.evidence import ReadField
from ocr.fields.head import (
    Head,
    doc_type,
    head_of,
    issuer,
    issuer_parent,
    title_of,
    type_field,
)
from ocr.fields.holder import card_number, holder
from ocr.fields.identity_card import card_fields
from ocr.fields.layout import Sheet, sheet_of
from ocr.fields.leaning import leaning_box
from ocr.fields.marks import secrecy, urgency
from ocr.fields.number import number_symbol
from ocr.fields.signer import signature
from ocr.fields.subject import is_letter, subject
from ocr.fields.validity import expiry_date
from vocabulary.papers import FIELD_NAMES, FieldValue, PageCode, PageReading

DEFAULT_THRESHOLDS: Final[Mapping[str, float]] = {
    "issuer": 0.80,
    "issuer_parent": 0.75,
    "number_symbol": 0.88,
    "place": 0.75,
    "issue_date": 0.88,
    "doc_type": 0.80,
    "subject": 0.80,
    "signer": 0.82,
    "title": 0.75,
    "citations": 0.70,
    "expiry_date": 0.85,
    "holder_name": 0.85,
    "holder_id": 0.90,
    "secrecy": 0.90,
    "urgency": 0.75,
    "parent_decision": 0.88,
    **calibration().thresholds,
}
"""Confidence under which a person looks at a field: where it was measured, the level over
which at most 1 % of numbers, dates and identities and 2 % of the rest are wrong."""

_FIRST_PAGES = 3  # a head is looked for on these: covers and blank fly leaves come before
_SIGNATURE_PAGES = 12  # long annexes follow the page that is signed
_HOLDER_PAGES = 2
_NOTED_PAGES = 5  # an annex of the file begins on one of these, or says nothing worth the time
_BARE_TITLE_SHARE = 0.4  # of the page's height


def extract_fields(
    pages: Sequence[PageReading],
    thresholds: Mapping[str, float] | None = None,
    today: date | None = None,
) -> dict[str, FieldValue]:
    """The fields of one paper, by the layout rules of Nghị định 30/2020/NĐ-CP.

    Args:
        pages: its pages as read, in order.
        thresholds: confidence per field name under which ``needs_review`` is set; names that
            are left out take :data:`DEFAULT_THRESHOLDS`.
        today: a date of issue after it is doubted; None checks no date against the calendar.

    The QR code of an identity card wins over what is printed beside it.

    Returns:
        Field name to value in the order of ``FIELD_NAMES``; a field that is not on the paper
        is not in it.
    """
    limits = {**DEFAULT_THRESHOLDS, **(thresholds or {})}
    fields: dict[str, FieldValue] = {}
    for name, read in fields_with_evidence(pages, today).items():
        confidence = round(calibrated(name, read.evidence, read.confidence), 3)
        shown = replace(read, confidence=confidence, needs_review=confidence < limits[name])
        fields[name] = shown.plain()
    return fields


def fields_with_evidence(
    pages: Sequence[PageReading], today: date | None = None
) -> dict[str, ReadField]:
    """The fields with what speaks for and against each, confidence not yet calibrated."""
    if not pages:
        return {}
    by_number = {page.number: page for page in pages}
    found = {name: _leaning(value, by_number) for name, value in _printed(pages, today).items()}
    codes = [code for page in pages for code in page.codes]
    found |= card_fields([*codes, *_printed_codes(pages)])
    return {name: found[name] for name in FIELD_NAMES if name in found}


def _leaning(value: ReadField, pages: Mapping[int, PageReading]) -> ReadField:
    """With its box where it is on the page as delivered upright; the rules saw it straight."""
    page = pages.get(value.page or 0)
    if value.box is None or page is None:
        return value
    return replace(value, box=leaning_box(value.box, page))


def _printed(pages: Sequence[PageReading], today: date | None) -> dict[str, ReadField]:
    sheets = _Sheets(pages)
    first, head = _headed(sheets.first(_FIRST_PAGES))
    found: dict[str, ReadField | None] = {
        "secrecy": secrecy(first, head),
        "urgency": urgency(first, head),
    }
    if head is None:
        # Annexes, later parts of a file: what they name of number and date is another paper's.
        title = title_of(first, 0.0, _BARE_TITLE_SHARE * first.height)
        found["doc_type"] = type_field(title) if title else None
        found["parent_decision"] = parent_decision(sheets.first(_FIRST_PAGES))
        return _there(found)
    found |= _head_fields(head)
    found |= _closing_fields(sheets, head, found)
    notes = [note for sheet in sheets.first(_NOTED_PAGES) if (note := note_of(sheet))]
    return checked(_there(found), context_of(head, sheets.made, notes, today))


def _there(found: Mapping[str, ReadField | None]) -> dict[str, ReadField]:
    return {name: value for name, value in found.items() if value is not None}


class _Sheets:
    """The pages' sheets, laid out when first asked for: most papers are settled early."""

    def __init__(self, pages: Sequence[PageReading]) -> None:
        self._pages = pages
        self._made: list[Sheet] = []

    @property
    def made(self) -> Sequence[Sheet]:
        """Those that were laid out so far."""
        return self._made

    def first(self, limit: int) -> list[Sheet]:
        """Sheets of the first pages."""
        return list(self.upto(limit))

    def upto(self, limit: int) -> Iterator[Sheet]:
        """Sheets of the first pages, one after another."""
        for place, page in enumerate(self._pages[:limit]):
            if place == len(self._made):
                self._made.append(sheet_of(page))
            yield self._made[place]


def _headed(sheets: Sequence[Sheet]) -> tuple[Sheet, Head | None]:
    """The first page that has a head; without one, the first page that says anything."""
    for sheet in sheets:
        head = head_of(sheet)
        if head is not None:
            return sheet, head
    return next((sheet for sheet in sheets if sheet.rows), sheets[0]), None


def _head_fields(head: Head) -> dict[str, ReadField | None]:
    number = number_symbol(head)
    place, issued = head_date(head)
    own = number.value if number and isinstance(number.value, str) else None
    return {
        "issuer": issuer(head),
        "issuer_parent": issuer_parent(head),
        "number_symbol": number,
        "place": place,
        "issue_date": issued,
        "doc_type": doc_type(head) or is_letter(head),
        "subject": subject(head),
        "citations": citations(head, own),
    }


def _closing_fields(
    sheets: _Sheets, head: Head, found: Mapping[str, ReadField | None]
) -> dict[str, ReadField | None]:
    """What stands at the end of a paper or in its body: signature, validity, holder."""
    closing: dict[str, ReadField | None] = {}
    body = sheets.first(_HOLDER_PAGES)
    if found.get("issue_date") is None:
        closing |= _late_date(body, head, found.get("place"))
    issued = closing.get("issue_date") or found.get("issue_date")
    kind = found.get("doc_type")
    name = kind.value if kind and isinstance(kind.value, str) else ""
    closing["expiry_date"] = expiry_date(body, issued, name)
    closing["holder_name"], closing["holder_id"] = holder(body)
    if closing["holder_id"] is None and _is_card(head):
        closing["holder_id"] = card_number(head.sheet)
    closing["signer"], closing["title"] = signature(sheets.upto(_SIGNATURE_PAGES))
    return closing


def _late_date(
    body: Sequence[Sheet], head: Head, place: ReadField | None
) -> dict[str, ReadField | None]:
    """Place and date that stand not in the head but above the signature, or on a card's back."""
    for sheet in body:
        where, issued = (None, card_date(sheet)) if _is_card(head) else closing_date(sheet)
        if issued is not None:
            return {"issue_date": issued, "place": where or place}
    return {}


def _is_card(head: Head) -> bool:
    return head.title is not None and head.title.type.card


def _printed_codes(pages: Sequence[PageReading]) -> list[PageCode]:
    """Card QR texts that stand among the words, as some scanners print them."""
    return [
        PageCode(line.text, page.number, line.box)
        for page in pages[:_FIRST_PAGES]
        for line in page.lines
        if line.text.count("|") >= 6
    ]
