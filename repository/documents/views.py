"""Frozen views of documents and what hangs on them, and how rows become them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, Select, func, select

from repository.schema import documents, page_readings

State = Literal[
    "received", "identified", "checked", "read", "needs_review", "reviewed",
    "composed", "certified", "done", "stopped",
]  # fmt: skip
"""Where the document is on its way."""

Status = Literal["draft", "active", "superseded", "corrected", "withdrawn", "disposed"]
"""What it is worth in law: only ``active`` papers are reused (domain: states of a result).

``corrected``: another paper of the same content without the mistake stands in its place.

``disposed``: only a tombstone is left (:mod:`repository.keeping.erasure`)."""

RenditionKind = Literal["original", "archival", "text"]

STEPS: Final[tuple[State, ...]] = (
    "received", "identified", "checked", "read", "needs_review", "reviewed",
    "composed", "certified", "done",
)  # fmt: skip
"""The way in its order; a repeated step never takes a document back."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What is known when a file has been received and its bytes are durable.

    ``metadata``: what the person said of the paper, as given; the typed values
    beside it are those of them that the catalogue understands.
    ``duplicate_of``: the document that has the same bytes; the new one then
    stops with reason ``duplicate`` until a person chooses. ``ends_with``: the paper with which
    its validity ends.
    """

    name: str
    sha256: str
    bytes: int
    media_type: str
    created_by: str
    batch_id: str | None = None
    type: str | None = None
    subject_id: str | None = None
    number_symbol: str | None = None
    issuer: str | None = None
    issue_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    scope: str | None = None
    form: str | None = None
    ends_with: str | None = None
    declared_pages: int | None = None
    duplicate_of: str | None = None
    demo: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. ``note`` says more on ``reason``; ``version`` guards against lost updates."""

    id: str
    batch_id: str | None
    name: str
    sha256: str
    bytes: int
    media_type: str
    state: State
    reason: str | None
    note: str
    status: Status
    status_note: str
    version: int
    page_count: int | None
    pages_read: int
    declared_pages: int | None
    type: str | None
    subject_id: str | None
    number_symbol: str | None
    issuer: str | None
    issue_date: date | None
    valid_from: date | None
    valid_to: date | None
    scope: str | None
    form: str | None
    duplicate_of: str | None
    duplicate_choice: Literal["keep", "discard"] | None
    superseded_by: str | None
    ends_with: str | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    certified_at: datetime | None
    demo: bool
    metadata: Mapping[str, Any]
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; None means any. Discarded duplicates only on demand."""

    state: State | None = None
    status: Status | None = None
    batch_id: str | None = None
    type: str | None = None
    subject_id: str | None = None
    reason: str | None = None
    created_by: str | None = None
    with_discarded: bool = False
    ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page of the list; ``next`` is the cursor of the following one."""

    items: tuple[Document, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Rendition:
    """One immutable file of a document and what made it."""

    kind: RenditionKind
    sha256: str
    bytes: int
    media_type: str
    made_by: Mapping[str, str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to a document."""

    at: datetime
    actor: str
    event: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """Figures of the dashboard; discarded duplicates are not counted."""

    by_state: Mapping[str, int]
    by_status: Mapping[str, int]
    by_reason: Mapping[str, int]
    total: int
    pages_read: int


def selected() -> Select[Any]:
    """Documents with the number of their pages read so far."""
    read = (
        select(func.count())
        .where(page_readings.c.document_id == documents.c.id)
        .correlate(documents)
        .scalar_subquery()
    )
    return select(documents, read.label("pages_read"))


def document_of(row: Row[Any]) -> Document:
    """The view of one row of :func:`selected`."""
    values = row._mapping
    return Document(**{name: values[name] for name in Document.__dataclass_fields__})


def rendition_of(row: Row[Any]) -> Rendition:
    """The view of one row of the renditions."""
    kind = cast(RenditionKind, row.kind)
    return Rendition(kind, row.sha256, row.bytes, row.media_type, dict(row.made_by), row.created_at)
