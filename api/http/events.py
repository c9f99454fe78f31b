"""Server-sent events: what moves, for whoever watches a batch or the whole office.

The catalogue is asked once a second; an event is sent for every document whose
state or number of read pages has changed. A watcher that has lost the line
connects again and gets the present state of everything in its view first.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from api.access import Permission, allow
from api.http.batches import known_batch
from api.http.desk import caller_of, house_of
from api.http.guard import area
from ingest.house import House
from repository import documents
from repository.documents import DocumentFilter

routes = area("/v1/events", "intake")

EVERY: Final = 1.0
"""Seconds between two looks."""

LONGEST: Final = 600
"""Looks of one connection; then the watcher connects again (EventSource does by itself)."""

_NEWEST: Final = 200
_FINAL: Final = frozenset({"done", "stopped", "needs_review"})


@routes.get("", summary="Server-sent events of progress")
@allow(Permission.HAND_IN)
async def watch(request: Request, batch: str | None = None) -> Response:
    """``event: document`` per change; with ``batch`` ends with ``event: settled``."""
    house, identity = house_of(request), caller_of(request)
    if batch is not None:
        await run_in_threadpool(known_batch, house, identity, batch)
    wanted = DocumentFilter(
        batch_id=batch, created_by=identity.name if identity.is_system else None
    )
    return StreamingResponse(
        _events(request, house, wanted),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(request: Request, house: House, wanted: DocumentFilter) -> AsyncIterator[str]:
    seen: dict[str, dict[str, Any]] = {}
    yield "retry: 2000\n\n"
    for _ in range(LONGEST):
        if await request.is_disconnected():
            return
        now = await run_in_threadpool(_states, house, wanted)
        for document_id, state in now.items():
            if seen.get(document_id) != state:
                yield _event("document", state)
        seen = now
        if wanted.batch_id is not None and now and _settled(now):
            yield _event("settled", {"batch": wanted.batch_id, "files": len(now)})
            return
        await asyncio.sleep(EVERY)


def _states(house: House, wanted: DocumentFilter) -> dict[str, dict[str, Any]]:
    with house.database.read() as tx:
        page = documents.page_of(tx, wanted, None, _NEWEST)
    return {
        one.id: {
            "document": one.id,
            "batch": one.batch_id,
            "state": one.state,
            "reason": one.reason,
            "pages_read": one.pages_read,
            "page_count": one.page_count,
            "version": one.version,
        }
        for one in page.items
    }


def _settled(states: dict[str, dict[str, Any]]) -> bool:
    return all(state["state"] in _FINAL for state in states.values())


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
