"""Search: hits with highlights and what each is worth now, never the full text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.orm import Session

from api.access import Permission, allow
from api.http import shapes
from api.http.days import Day
from api.http.desk import caller_of, desk_of, house_of
from api.http.documents import split_identifier
from api.http.guard import area
from api.http.reads import purpose_of
from repository import audit, documents, subjects
from repository.audit import AuditEntry
from repository.documents import Document
from repository.ports import SearchHit, SearchQuery, SearchResult
from vocabulary.errors import InvalidRequest, MissingPart, NotFound
from vocabulary.text import nfc

routes = area("/v1/search", "search")

STATUSES = ("draft", "active", "superseded", "corrected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person or system looks for; empty means any."""

    text: str = ""
    subject: str = ""
    type: str = ""
    issuer: str = ""
    procedure: str = ""
    state: str = ""
    issued_from: Day | None = None
    issued_to: Day | None = None
    valid_on: Day | None = None
    cursor: str | None = None
    limit: int = 20
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The index's answer with the documents as the catalogue knows them now."""

    result: SearchResult
    hits: Sequence[tuple[SearchHit, Document]]


@routes.get("", summary="Search the documents")
@allow(Permission.SEARCH)
def search(
    request: Request,
    q: Annotated[str, Query(max_length=500, description="Words; marks may be left out.")] = "",
    subject: Annotated[str, Query(description="scheme:id, as vn:mst:0901234564, or an id")] = "",
    document_type: Annotated[str, Query(alias="type")] = "",
    issuer: str = "",
    procedure: str = "",
    state: Annotated[str, Query(description="A processing state or a legal status")] = "",
    issued_from: Day | None = None,
    issued_to: Day | None = None,
    valid_on: Day | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    facets: Annotated[
        str, Query(max_length=100, description="What to count by: type, issuer, state, year")
    ] = "",
) -> dict[str, Any]:
    """Exact matches stand above folded ones; misspelt phrases are found (``relaxed``).

    503 with ``Retry-After`` while a search server does not answer (``search_unreachable``).
    """
    counted = tuple(one.strip() for one in facets.split(",") if one.strip())
    asked = Asked(
        q, subject, document_type, issuer, procedure, state,
        issued_from, issued_to, valid_on, cursor, limit, counted,
    )  # fmt: skip
    found = look_up(request, asked, purpose_of(request))
    told: dict[str, Any] = {
        "items": [_hit_json(hit, document) for hit, document in found.hits],
        "total": found.result.total,
        "relaxed": found.result.relaxed,
        "next": found.result.cursor,
    }
    if counted:
        told["facets"] = {
            name: [asdict(one) for one in found.result.facets.get(name, ())] for name in counted
        }
    return told


def look_up(request: Request, asked: Asked, purpose: str) -> Found:
    """Ask the index, and write down which documents were shown to whom."""
    house, identity = house_of(request), caller_of(request)
    with house.database.read() as tx:
        subject_id = _subject_id(tx, asked.subject.strip())
    if asked.subject.strip() and subject_id is None:
        return Found(SearchResult((), 0, None), ())
    result = _ask_index(request, _query(asked, subject_id))
    hits = []
    with house.database.write() as tx:
        for hit in result.hits:
            try:
                hits.append((hit, documents.get(tx, hit.id)))
            except NotFound:  # the index is ahead of a catalogue that was restored: not a hit
                continue
        entry = AuditEntry(
            "search",
            identity.name,
            house.clock.now(),
            detail={"purpose": purpose, "shown": [hit.id for hit, _ in hits]},
        )
        audit.append(tx, entry)
    return Found(result, hits)


def _ask_index(request: Request, query: SearchQuery) -> SearchResult:
    """The index's answer, with the time it took counted."""
    desk = desk_of(request)
    try:
        with desk.meters.search.time():
            return desk.house.index.search(query)
    except (MissingPart, OSError):
        desk.meters.search_failures.inc()
        raise


def _query(asked: Asked, subject_id: str | None) -> SearchQuery:
    status = asked.state if asked.state in STATUSES else None
    return SearchQuery(
        text=nfc(asked.text).strip(),
        subject_id=subject_id,
        type=asked.type or None,
        issuer=asked.issuer.strip() or None,
        procedure=asked.procedure or None,
        state=asked.state if asked.state and status is None else None,
        status=status,
        issued_from=asked.issued_from,
        issued_to=asked.issued_to,
        valid_on=asked.valid_on,
        cursor=asked.cursor,
        limit=asked.limit,
        facets=asked.facets,
    )


def _subject_id(tx: Session, said: str) -> str | None:
    """The subject by ``scheme:id``, by a bare number of any scheme it fits, or by its own id."""
    if not said:
        return None
    scheme, number = split_identifier(said)
    named = scheme in subjects.SCHEMES
    for one in (scheme,) if named else subjects.SCHEMES:
        try:
            found = subjects.find(tx, one, number if named else said)
        except InvalidRequest:
            continue
        if found is not None:
            return found.id
    try:
        return subjects.get(tx, said).id
    except NotFound:
        return None


def _hit_json(hit: SearchHit, document: Document) -> dict[str, Any]:
    return {
        **shapes.outline(document),
        "document": document.id,
        "score": round(hit.score, 4),
        "exact": hit.exact,
        "highlights": [asdict(one) for one in hit.highlights],
    }
