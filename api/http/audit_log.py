"""The audit log for inspectors: who read, decided or was refused, and whether the chain holds."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from repository import audit
from repository.audit import AuditEntry, AuditFilter, AuditPage, Recorded
from vocabulary.clock import vietnam_time

routes = area("/v1/audit", "trust")


@routes.get("", summary="Entries of the audit log, newest first")
@allow(Permission.READ_AUDIT)
def read_audit(
    request: Request,
    document: str | None = None,
    actor: str | None = None,
    event: str | None = None,
    scheme: Annotated[str | None, Query(description="With `id`: about one subject")] = None,
    subject_id: Annotated[str | None, Query(alias="id")] = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """A subject is found by the keyed hash of its identifier; the log itself names nobody."""
    house = house_of(request)
    named = scheme is not None and subject_id is not None
    lookup = (
        audit.subject_lookup(house.audit_key, scheme or "", subject_id or "") if named else None
    )
    wanted = AuditFilter(document, lookup, actor, event, since, until)
    page = entries(request, wanted, cursor, limit)
    return {"items": [_json(one) for one in page.items], "next": page.next}


@routes.get("/chain", summary="Recompute the whole chain of hashes")
@allow(Permission.READ_AUDIT)
def check_chain(request: Request) -> dict[str, Any]:
    """``head`` kept elsewhere proves later that nothing was cut off."""
    with house_of(request).database.read() as tx:
        status = audit.verify(tx)
    return asdict(status)


def entries(request: Request, wanted: AuditFilter, cursor: str | None, limit: int) -> AuditPage:
    """A page of the log; that it was read is written down, too."""
    house = house_of(request)
    with house.database.write() as tx:
        page = audit.page_of(tx, wanted, cursor, limit)
        if cursor is None:
            entry = AuditEntry("audit.read", caller_of(request).name, house.clock.now())
            audit.append(tx, entry)
    return page


def _json(one: Recorded) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "at": vietnam_time(one.entry.occurred_at),
        "event": one.entry.event_type,
        "actor": one.entry.actor,
        "document": one.entry.document_id,
        "outcome": one.entry.outcome,
        "detail": dict(one.entry.detail),
        "prev_hash": one.prev_hash,
        "hash": one.hash,
    }
