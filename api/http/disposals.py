"""Disposal lists: drafted by one person, looked through, approved by another, carried out."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Permission, allow
from api.http.content import serve_stream
from api.http.days import Day
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.idempotency import once
from ingest import disposal_run, disposing
from repository.keeping import disposals
from repository.keeping.disposals import MOST, Disposal, Entry
from vocabulary.clock import vietnam_time
from vocabulary.errors import NotFound

routes = area("/v1/disposals", "keeping")

_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class NewDraft(BaseModel):
    """``on``: the day on which papers must have fallen due, today by default."""

    model_config = ConfigDict(extra="forbid")

    on: Day | None = None
    most: Annotated[int, Field(ge=1, le=MOST)] = MOST


class TakingOff(BaseModel):
    """Which papers are taken off a draft, and why."""

    model_config = ConfigDict(extra="forbid")

    documents: Annotated[list[str], Field(min_length=1, max_length=MOST)]
    reason: _Words


class GivingUp(BaseModel):
    """Why a list is given up."""

    model_config = ConfigDict(extra="forbid")

    reason: _Words


@routes.get("", summary="Disposal lists, newest first")
@allow(Permission.READ_KEEPING)
def list_disposals(
    request: Request, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """Without their papers; ``papers`` counts them by state."""
    with house_of(request).database.read() as tx:
        page = disposals.page_of(tx, cursor, limit)
    return {"items": [outline(one) for one in page.items], "next": page.next}


@routes.post("", summary="Draft a list of what has fallen due", status_code=201)
@allow(Permission.DRAFT_DISPOSAL)
def draft(request: Request, new: NewDraft) -> Response:
    """At most 1000 papers, oldest first; ``more``: others fell due, too. 409 ``nothing_due``."""
    house, by = house_of(request), caller_of(request).name

    def work() -> tuple[int, dict[str, Any]]:
        return 201, outline(disposing.draft(house, by, new.on, new.most))

    return once(request, new.model_dump(mode="json"), work)


@routes.get("/{disposal_id}", summary="One list with its papers")
@allow(Permission.READ_KEEPING)
def read_disposal(request: Request, disposal_id: str) -> dict[str, Any]:
    """Each paper with its state, and why it was taken off or stays."""
    with house_of(request).database.read() as tx:
        found = disposals.get(tx, disposal_id)
        papers = disposals.entries(tx, disposal_id)
    return {**outline(found), "entries": [entry(one) for one in papers]}


@routes.post("/{disposal_id}/take-off", summary="Take papers off a draft, with a reason")
@allow(Permission.DRAFT_DISPOSAL)
def take_off(request: Request, disposal_id: str, off: TakingOff) -> dict[str, Any]:
    """409 ``not_a_draft``; 422 where a paper is not on the list."""
    by = caller_of(request).name
    return outline(
        disposing.take_off(house_of(request), disposal_id, off.documents, off.reason, by)
    )


@routes.post("/{disposal_id}/approve", summary="Approve a draft: the office signs it")
@allow(Permission.APPROVE_DISPOSAL)
def approve(request: Request, disposal_id: str) -> dict[str, Any]:
    """403 ``same_person`` for who drafted it; 503 ``seal_missing`` without the office's key."""
    return outline(disposing.approve(house_of(request), disposal_id, caller_of(request).name))


@routes.post("/{disposal_id}/run", summary="Carry out an approved list", status_code=202)
@allow(Permission.APPROVE_DISPOSAL)
def run(request: Request, disposal_id: str) -> dict[str, Any]:
    """The workers do it. 409 ``not_approved``. ``partly`` at the end: the store locks objects."""
    return outline(disposal_run.ask(house_of(request), disposal_id, caller_of(request).name))


@routes.post("/{disposal_id}/cancel", summary="Give up a list that was not carried out")
@allow(Permission.APPROVE_DISPOSAL)
def cancel(request: Request, disposal_id: str, why: GivingUp) -> dict[str, Any]:
    """409 ``disposal_begun``."""
    by = caller_of(request).name
    return outline(disposing.cancel(house_of(request), disposal_id, why.reason, by))


@routes.get(
    "/{disposal_id}/receipt",
    summary="The signed list, kept for ever",
    responses={200: {"content": {"application/json": {}}}},
)
@allow(Permission.READ_KEEPING)
def read_receipt(request: Request, disposal_id: str) -> Response:
    """As ``sohoa receipt verify`` takes it; 404 before the list is approved."""
    house = house_of(request)
    with house.database.read() as tx:
        found = disposals.get(tx, disposal_id)
    if found.receipt_sha256 is None:
        raise NotFound("Danh mục chưa được ký.", "The list is not signed yet.")
    name = f"disposal-{disposal_id}.json"
    stream = house.objects.open(found.receipt_sha256)
    return serve_stream(
        request, stream, found.receipt_bytes or 0, found.receipt_sha256, "application/json", name
    )


def outline(one: Disposal) -> dict[str, Any]:
    """A list without its papers, as HTTP and the command line say it."""
    return {
        "id": one.id,
        "url": f"/v1/disposals/{one.id}",
        "state": one.state,
        "due_on": one.due_on.isoformat(),
        "papers": dict(one.counts),
        "more": one.more,
        "drafted_by": one.drafted_by,
        "drafted_at": vietnam_time(one.drafted_at),
        "approved_by": one.approved_by,
        "approved_at": vietnam_time(one.approved_at) if one.approved_at else None,
        "receipt_sha256": one.receipt_sha256,
        "run_by": one.run_by,
        "ended_at": vietnam_time(one.ended_at) if one.ended_at else None,
        "note": one.note,
    }


def entry(one: Entry) -> dict[str, Any]:
    """One paper of a list, as HTTP and the command line say it."""
    return {
        "document": one.document_id,
        "state": one.state,
        **one.said,
        "reason": one.reason,
        "by": one.by,
        "at": vietnam_time(one.at),
    }
