"""All fields of one paper, each by its own rule, with the threshold for review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocr.fields.citations import citations
from ocr.fields.dates import closing_date, head_date
from ocr.fields.head import (
    Head,
    Title,
    doc_type,
    head_of,
    issuer,
    issuer_parent,
    title_of,
    type_field,
)
from ocr.fields.holder import holder
from ocr.fields.identity_card import PageCode, card_fields
from ocr.fields.layout import Sheet, sheet_of
from ocr.fields.marks import secrecy, urgency
from ocr.fields.number import number_symbol
from ocr.fields.signer import signature
from ocr.fields.subject import is_letter, subject
from ocr.fields.validity import expiry_date
from vocabulary.papers import FIELD_NAMES, FieldValue, PageReading

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
}
"""Confidence under which a person looks at a field. Numbers and dates, on which reuse
decisions rest, are held higher than what is only shown and searched."""

_FIRST_PAGES = 3  # a head is looked for on these: covers and blank fly leaves come before
_SIGNATURE_PAGES = 12  # long annexes follow the page that is signed
_HOLDER_PAGES = 2


def extract_fields(
    pages: Sequence[PageReading],
    thresholds: Mapping[str, float] | None = None,
    codes: Sequence[PageCode] = (),
) -> dict[str, FieldValue]:
    """The fields of one paper, by the layout rules of Nghị định 30/2020/NĐ-CP.

    Args:
        pages: its pages as read, in order.
        thresholds: confidence per field name under which ``needs_review`` is set; names that
            are left out take :data:`DEFAULT_THRESHOLDS`.
        codes: texts of QR codes found on the pages; those of identity cards win over print.

    Returns:
        Field name to value in the order of ``FIELD_NAMES``; a field that is not on the paper
        is not in it.
    """
    if not pages:
        return {}
    found = _printed(pages)
    for name, value in card_fields([*codes, *_printed_codes(pages)]).items():
        found[name] = value
    limits = {**DEFAULT_THRESHOLDS, **(thresholds or {})}
    return {
        name: replace(found[name], needs_review=found[name].confidence < limits[name])
        for name in FIELD_NAMES
        if name in found
    }


def _printed(pages: Sequence[PageReading]) -> dict[str, FieldValue]:
    first, head = _headed(pages)
    found: dict[str, FieldValue | None] = {}
    if head is not None:
        found |= _head_fields(head)
    else:
        title = _bare_title(first)
        found["doc_type"] = type_field(title) if title else None
    found["secrecy"] = secrecy(first, head)
    found["urgency"] = urgency(first, head)
    if head is not None:
        found |= _closing_fields(pages, found)
    return {name: value for name, value in found.items() if value is not None}


def _headed(pages: Sequence[PageReading]) -> tuple[Sheet, Head | None]:
    """The first page that has a head; without one, the first page that says anything."""
    sheets = [sheet_of(page) for page in pages[:_FIRST_PAGES]]
    for sheet in sheets:
        head = head_of(sheet)
        if head is not None:
            return sheet, head
    return next((sheet for sheet in sheets if sheet.rows), sheets[0]), None


def _bare_title(sheet: Sheet) -> Title | None:
    """Title of a page without head ("Phụ lục", a card) in its upper part."""
    return title_of(sheet, 0.0, 0.4 * sheet.height)


def _head_fields(head: Head) -> dict[str, FieldValue | None]:
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
    pages: Sequence[PageReading], found: Mapping[str, FieldValue | None]
) -> dict[str, FieldValue | None]:
    """What stands at the end of a paper or in its body: signature, validity, holder."""
    closing: dict[str, FieldValue | None] = {}
    closing["signer"], closing["title"] = signature(_sheets(pages, _SIGNATURE_PAGES))
    if found.get("issue_date") is None:
        for sheet in _sheets(pages, _HOLDER_PAGES):
            place, issued = closing_date(sheet)
            if issued is not None:
                closing["issue_date"] = issued
                closing["place"] = place or found.get("place")
                break
    issued = closing.get("issue_date") or found.get("issue_date")
    body = list(_sheets(pages, _HOLDER_PAGES))
    closing["expiry_date"] = expiry_date(body, issued)
    closing["holder_name"], closing["holder_id"] = holder(body)
    return closing


def _sheets(pages: Sequence[PageReading], limit: int) -> Iterator[Sheet]:
    return (sheet_of(page) for page in pages[:limit])


def _printed_codes(pages: Sequence[PageReading]) -> list[PageCode]:
    """Card QR texts that stand among the words, as some scanners print them."""
    return [
        PageCode(line.text, page.number, line.box)
        for page in pages[:_FIRST_PAGES]
        for line in page.lines
        if line.text.count("|") >= 6
    ]
