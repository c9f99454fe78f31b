"""What a document's type says on its page: needed fields, a proposed type, a term by law."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ingest.review_rules import ESSENTIAL, SURE_TYPE, essential_fields
from ocr.types import Catalogue, Validity, recognise_type
from ocr.types.validity import UNKNOWN, validity_of
from vocabulary.papers import Fields, PageReading


@dataclass(frozen=True, slots=True)
class KindOfPaper:
    """``proposed``: key of the type that was surely recognised, empty where none was.

    ``names``: the types known here by key. ``validity``: until when such a paper holds.
    """

    essential: tuple[str, ...] = ESSENTIAL
    proposed: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    validity: Validity = UNKNOWN


UNKNOWN_KIND: Final = KindOfPaper()


def kind_of(
    types: Catalogue, declared: str | None, pages: Mapping[int, PageReading], fields: Fields
) -> KindOfPaper:
    """What is known of a document's type; what a person declared stands above what was read."""
    known = types.get(declared)
    match = None
    if known is None and pages:
        in_order = [pages[number] for number in sorted(pages)]
        match = recognise_type(in_order, types, fields)
    sure = match if match and match.confidence >= SURE_TYPE else None
    return KindOfPaper(
        essential_fields(types, declared, match),
        sure.key if sure else "",
        {one.key: one.vi for one in types},
        validity_of(known or (types.get(sure.key) if sure else None), fields),
    )
