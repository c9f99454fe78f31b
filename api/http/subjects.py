"""Subjects: persons and organisations with typed numbers; linked, joined, parted again."""

from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.reads import purpose_of
from ingest import outbox
from repository import audit, subject_merges, subjects
from repository.audit import AuditEntry
from repository.subject_merges import Merge
from repository.subjects import Subject
from vocabulary.clock import vietnam_time
from vocabulary.errors import NotFound

routes = area("/v1/subjects", "documents")

_FEW: Final = 20
"""Papers that the index is told of at once; of more it hears from a worker."""


class Number(BaseModel):
    """Another number of the same person or organisation."""

    scheme: str = Field(max_length=32)
    id: str = Field(min_length=1, max_length=64)
    source: str = Field(max_length=500, description="Where it is known from: a paper, a register.")


class Joining(BaseModel):
    """Another entry that is the same person or organisation."""

    other: str = Field(max_length=32)
    reason: str = Field(max_length=500)


@routes.get("", summary="Who has this number")
@allow(Permission.WORK_ON_DOSSIERS)
def find(
    request: Request,
    scheme: Annotated[str, Query(max_length=32)],
    number: Annotated[str, Query(alias="id", max_length=64)],
) -> dict[str, Any]:
    """The look is logged, by a keyed hash of the number."""
    return look_up(request, scheme, number, purpose_of(request))


def look_up(request: Request, scheme: str, number: str, purpose: str) -> dict[str, Any]:
    """Who has a number; written down whether somebody has it or not.

    Raises:
        NotFound: nobody.
        InvalidRequest: the number does not fit its scheme.
    """
    house, who = house_of(request), caller_of(request)
    with house.database.write() as tx:
        found = subjects.find(tx, scheme, number)
        entry = AuditEntry(
            "subject.read", who.name, house.clock.now(),
            subject_lookup=audit.subject_lookup(house.audit_key, scheme, number),
            outcome="ok" if found else "not_found", detail={"purpose": purpose},
        )  # fmt: skip
        audit.append(tx, entry)
        shown = _shown(tx, found) if found else None
    if shown is None:
        raise NotFound("Không có tổ chức, cá nhân này.", "There is no such subject.")
    return shown


@routes.post("/{subject_id}/identifiers", status_code=201, summary="Link another number")
@allow(Permission.REVIEW)
def link(request: Request, subject_id: str, given: Number) -> Response:
    """409 ``identifier_taken`` where the number belongs to another entry: then join the two."""
    house, who = house_of(request), caller_of(request).name
    with house.database.write() as tx:
        now = house.clock.now()
        found = subject_merges.link(tx, subject_id, given.scheme, given.id, given.source, who, now)
        audit.append(tx, AuditEntry("subject.linked", who, now, detail={"source": given.source}))
        body = _shown(tx, found)
    return JSONResponse(body, 201)


@routes.post("/{subject_id}/merge", status_code=201, summary="Two entries are one")
@allow(Permission.REVOKE)
def merge(request: Request, subject_id: str, given: Joining) -> Response:
    """Everything of the other entry moves here; it can be undone."""
    house, who = house_of(request), caller_of(request).name
    with house.database.write() as tx:
        now = house.clock.now()
        made = subject_merges.merge(tx, subject_id, given.other, given.reason, who, now)
        detail = {"merge": made.id, "documents": len(made.documents), "reason": made.reason}
        audit.append(tx, AuditEntry("subject.merged", who, now, detail=detail))
        _changed(request, tx, made)
        body = {"merge": _told(made), "subject": _shown(tx, subjects.get(tx, subject_id))}
    _follow(request, made)
    return JSONResponse(body, 201)


@routes.post("/merges/{merge_id}/undo", summary="Part them again")
@allow(Permission.REVOKE)
def undo(request: Request, merge_id: str) -> dict[str, Any]:
    """Gives back exactly what was moved; what came since stays."""
    house, who = house_of(request), caller_of(request).name
    with house.database.write() as tx:
        now = house.clock.now()
        made = subject_merges.undo(tx, merge_id, who, now)
        audit.append(tx, AuditEntry("subject.parted", who, now, detail={"merge": merge_id}))
        _changed(request, tx, made)
        body = {
            "kept": _shown(tx, subjects.get(tx, made.kept)),
            "parted": _shown(tx, subjects.get(tx, made.gone)),
        }
    _follow(request, made)
    return body


def _changed(request: Request, tx: Session, made: Merge) -> None:
    for document in made.documents:
        outbox.changed(house_of(request), tx, document)


def _follow(request: Request, made: Merge) -> None:
    for document in made.documents[:_FEW]:
        outbox.follow_now(house_of(request), document)


def _shown(tx: Session, subject: Subject) -> dict[str, Any]:
    known = {(one.scheme, one.value): one for one in subject_merges.links_of(tx, subject.id)}
    return {
        "id": subject.id,
        "name": subject.name,
        "identifiers": [
            {
                "scheme": one.scheme,
                "id": one.value,
                "source": known[one.scheme, one.value].source
                if (one.scheme, one.value) in known
                else None,
            }
            for one in subject.identifiers
        ],
        "merges": [_told(one) for one in subject_merges.merges_of(tx, subject.id)],
    }


def _told(one: Merge) -> dict[str, Any]:
    return {
        "id": one.id,
        "kept": one.kept,
        "gone": one.gone,
        "documents": len(one.documents),
        "dossiers": len(one.dossiers),
        "reason": one.reason,
        "by": one.by,
        "at": vietnam_time(one.at),
        "undone_at": vietnam_time(one.undone_at) if one.undone_at else None,
    }
