"""The document types as a page: what the machine looks for, and where an office adds its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

from api import access
from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.web import words
from api.web.rendering import render
from ocr.types import DocumentType
from ocr.types.description import validity_in_words
from ocr.types.model import LabelRule
from vocabulary.text import folded

routes = area(in_schema=False)


@dataclass(frozen=True, slots=True)
class ShownType:
    """One type in words. ``own``: name of the office's file, empty for a shipped type."""

    key: str
    name: str
    short: str
    own: str
    titles: Sequence[str]
    phrases: Sequence[str]
    symbols: Sequence[str]
    required: Sequence[str]
    forbidden: Sequence[str]
    fields: Mapping[str, bool]
    labels: Sequence[tuple[str, str]]
    validity: str
    checks: Sequence[str]
    sources: Sequence[str]


@routes.get("/document-types")
@allow(Permission.READ_PROCEDURES)
def document_types_page(request: Request) -> Response:
    """All types by name; files that could not be used are told to who runs the service."""
    house, identity = house_of(request), caller_of(request)
    types = house.types
    problems = types.problems if access.has(identity, Permission.OPERATE) else ()
    shown = sorted((_shown(one) for one in types), key=lambda one: folded(one.name))
    return render(
        house, identity, "document_types.html",
        types=shown,
        problems=[f"{Path(one.file).name}, dòng {one.line}: {one.key}: {one.vi}"
                  for one in problems],
    )  # fmt: skip


def _shown(kind: DocumentType) -> ShownType:
    cues = kind.cues
    return ShownType(
        key=kind.key,
        name=kind.vi,
        short=", ".join(kind.abbreviations),
        own="" if kind.shipped else Path(kind.source).name,
        titles=[one.text for one in cues.titles],
        phrases=[one.text for one in cues.phrases],
        symbols=[one.pattern.text for one in cues.symbols],
        required=[" hoặc ".join(f"«{one}»" for one in group) for group in cues.required],
        forbidden=cues.forbidden,
        fields={words.FIELDS.get(one, one): one in kind.essential for one in kind.fields},
        labels=[(" / ".join(one.texts), _goes_to(one)) for one in kind.labels],
        validity=validity_in_words(kind),
        checks=[_check(one.name, one.field) for one in kind.checks],
        sources=kind.sources,
    )


def _goes_to(rule: LabelRule) -> str:
    return rule.name or words.FIELDS.get(rule.field, rule.field)


def _check(name: str, field: str) -> str:
    told = words.TYPE_CHECKS.get(name, name)
    return f"{told}: {words.FIELDS.get(field, field)}" if field else told
