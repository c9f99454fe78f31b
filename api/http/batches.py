"""Intake: batches with declared counts, files into them, the reconciliation at their end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from api import access
from api.access import Identity, Permission, allow
from api.http import shapes, uploads
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.idempotency import fingerprint_of, key_of, once
from ingest import intake
from ingest.house import House
from repository import batches, documents
from repository.batches import Batch
from repository.documents import DocumentFilter
from repository.idempotency import made_before, remember
from vocabulary.clock import VIETNAM
from vocabulary.errors import Conflict, InvalidRequest, NotFound, Stopped

routes = area("/v1/batches", "intake")


class Declared(BaseModel):
    """What was counted on the desk."""

    files: int | None = Field(None, ge=1, le=10_000_000)
    pages: int | None = Field(None, ge=1, le=10_000_000)


class NewBatch(BaseModel):
    """A batch to open; every count may be left out."""

    name: str = Field("", max_length=200, description="What people call the batch.")
    declared_files: int | None = Field(
        None, ge=1, le=10_000_000, description="Files counted on the desk."
    )
    declared_pages: int | None = Field(
        None, ge=1, le=10_000_000, description="Pages counted on the desk."
    )
    declared: Declared = Field(default_factory=Declared, description="The same as one object.")


@routes.post("", status_code=201, summary="Open a batch with declared counts")
@allow(Permission.HAND_IN)
def create_batch(request: Request, new: NewBatch | None = None) -> Response:
    """Open a batch (lô tiếp nhận); its counts are held against what comes in at the close."""
    wanted = new or NewBatch()

    def work() -> tuple[int, dict[str, Any]]:
        batch = open_batch(
            house_of(request),
            caller_of(request),
            wanted.name,
            wanted.declared_files or wanted.declared.files,
            wanted.declared_pages or wanted.declared.pages,
            once_key=key_of(request),
        )
        return 201, batch_answer(house_of(request), batch)

    return once(request, wanted.model_dump(), work)


def open_batch(
    house: House,
    identity: Identity,
    name: str,
    files: int | None,
    pages: int | None,
    *,
    once_key: str | None = None,
) -> Batch:
    """A new batch in the caller's name, or the one that the same key has made."""
    now = house.clock.now()
    fingerprint = fingerprint_of([name, files, pages])
    with house.database.write() as tx:
        if once_key and (made := made_before(tx, identity.name, once_key, fingerprint)):
            return batches.get(tx, made)
        batch = batches.create(
            tx,
            name.strip() or f"Lô {now.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
            identity.name,
            now,
            declared_files=files,
            declared_pages=pages,
            demo=house.office.demo,
        )
        if once_key:
            remember(tx, identity.name, once_key, fingerprint, batch.id, now)
        return batch


@routes.get("", summary="Batches, newest first")
@allow(Permission.HAND_IN)
def list_batches(
    request: Request, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """Batches without their files; a system sees its own."""
    identity = caller_of(request)
    with house_of(request).database.read() as tx:
        page = batches.page_of(tx, cursor, limit)
        items = [
            shapes.batch_json(batch, batches.progress(tx, batch.id), (), None)
            for batch in page.items
            if not identity.is_system or batch.created_by == identity.name
        ]
    return {"items": items, "next": page.next}


@routes.get("/{batch_id}", summary="A batch with the state and progress of each file")
@allow(Permission.HAND_IN)
def read_batch(
    request: Request,
    batch_id: str,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> dict[str, Any]:
    """Counts over the whole batch; files page by cursor."""
    known_batch(house_of(request), caller_of(request), batch_id)
    with house_of(request).database.read() as tx:
        batch = batches.get(tx, batch_id)
    return batch_answer(house_of(request), batch, cursor, limit)


@routes.post(
    "/{batch_id}/files",
    status_code=201,
    summary="Hand files in (multipart, one or many; metadata that is true of all of them)",
    openapi_extra=uploads.PILE_BODY,
)
@allow(Permission.HAND_IN)
async def add_files(request: Request, batch_id: str) -> Response:
    """Each file is on stable storage before the answer; each gets a document or a reason."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_add_files, request, batch_id, parts)


def _add_files(request: Request, batch_id: str, parts: uploads.Parts) -> Response:
    house, identity = house_of(request), caller_of(request)
    files = uploads.need_files(parts)
    alone = len(files) == 1
    pile = Pile(
        batch_id,
        identity,
        metadata=uploads.metadata_of(parts) or {},
        declared_pages=uploads.count_of(parts, "declared_pages") if alone else None,
        request=request,
    )
    known_batch(house, identity, batch_id)

    def work() -> tuple[int, dict[str, Any]]:
        check_pile(house, pile)
        if alone:
            return 201, {"batch": batch_id, "files": [_receive(house, pile, files[0], 0)]}
        results = hand_in(house, pile, files)
        accepted = any("document" in one for one in results)
        return 201 if accepted else 422, {"batch": batch_id, "files": results}

    outline = [batch_id, [[one.name, one.bytes] for one in files], dict(pile.metadata)]
    return once(request, outline, work)


@dataclass(frozen=True, slots=True)
class Pile:
    """Files that come in together. ``metadata``: what is true of all of them.

    With the ``request`` its Idempotency-Key, if any, holds for each file.
    """

    batch_id: str
    identity: Identity
    metadata: Mapping[str, Any] = field(default_factory=dict)
    declared_pages: int | None = None
    request: Request | None = None


def check_pile(house: House, pile: Pile) -> None:
    """Before the first file is taken.

    Raises:
        InvalidRequest: the metadata do not fit.
        Conflict: the batch is closed.
    """
    intake.check_metadata(house, pile.metadata)
    with house.database.read() as tx:
        batches.open_batch(tx, pile.batch_id)


def hand_in(house: House, pile: Pile, files: tuple[uploads.Upload, ...]) -> list[dict[str, Any]]:
    """Receive the files one by one; a refused file does not hold up the others."""
    results = []
    for number, file in enumerate(files):
        try:
            results.append(_receive(house, pile, file, number))
        except (Stopped, InvalidRequest) as error:
            results.append(
                {
                    "name": file.name,
                    "state": "refused",
                    "reason": error.error_code,
                    "message": error.vi,
                    "message_en": error.en,
                }
            )
    return results


def _receive(house: House, pile: Pile, file: uploads.Upload, number: int) -> dict[str, Any]:
    with uploads.within_limit():
        received = intake.receive(
            house,
            file.stream,
            file.name,
            by=pile.identity.name,
            batch_id=pile.batch_id,
            metadata=pile.metadata,
            declared_pages=pile.declared_pages,
            once_key=None if pile.request is None else key_of(pile.request, number),
        )
    tell = tell_of_first(house, pile.identity, received)
    return shapes.received_json(received, tell_first=tell)


def tell_of_first(house: House, identity: Identity, received: intake.Received) -> bool:
    """Whether the caller may know where these bytes were received first."""
    if received.duplicate_of is None:
        return False
    with house.database.read() as tx:
        first = documents.get(tx, received.duplicate_of.document_id)
    return access.may_know(identity, first.created_by)


@routes.post("/{batch_id}/close", summary="Reconcile the counts and close the batch")
@allow(Permission.HAND_IN)
def close_batch(request: Request, batch_id: str) -> Response:
    """409 ``counts_differ`` names every difference and leaves the batch open."""
    house, identity = house_of(request), caller_of(request)
    return JSONResponse(batch_answer(house, reconcile(house, identity, batch_id)))


def reconcile(house: House, identity: Identity, batch_id: str) -> Batch:
    """Close the batch if declared and found counts agree.

    Raises:
        Conflict: code ``counts_differ`` with ``differences``.
    """
    known_batch(house, identity, batch_id)
    with house.database.write() as tx:
        outcome = batches.close(tx, batch_id, identity.name, house.clock.now())
    if not outcome.closed:
        found = [shapes.difference_json(one) for one in outcome.differences]
        raise Conflict(
            " ".join(["Chưa đóng được lô:", *(str(one["detail"]) for one in found)]),
            " ".join(["The batch stays open:", *(str(one["detail_en"]) for one in found)]),
            code="counts_differ",
            differences=found,
        )
    return outcome.batch


def known_batch(house: House, identity: Identity, batch_id: str) -> Batch:
    """The batch, if the caller may know of it: people of the office all, a system its own."""
    with house.database.read() as tx:
        batch = batches.get(tx, batch_id)
    if identity.is_system and batch.created_by != identity.name:
        raise NotFound("Không có lô tiếp nhận này.", "There is no such batch.")
    return batch


def batch_answer(
    house: House, batch: Batch, cursor: str | None = None, limit: int = 500
) -> dict[str, Any]:
    """The batch as JSON with its files' states."""
    wanted = DocumentFilter(batch_id=batch.id, with_discarded=True)
    with house.database.read() as tx:
        page = documents.page_of(tx, wanted, cursor, limit)
        progress = batches.progress(tx, batch.id)
    return shapes.batch_json(batch, progress, page.items, page.next)
