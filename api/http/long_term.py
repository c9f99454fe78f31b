"""What falls due: archival files whose signatures soon stop proving themselves."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request

from api.access import Permission, allow
from api.http.desk import house_of
from api.http.guard import area
from ingest.renewal import falling_due
from vocabulary.clock import vietnam_time

routes = area("/v1/archives", "trust")


@routes.get("/due", summary="Archival files that stop proving themselves within a time")
@allow(Permission.OPERATE)
def list_due(
    request: Request,
    within_days: Annotated[int, Query(ge=0, le=36_500)] = 365,
) -> dict[str, Any]:
    """First ones first, at most a thousand; ids and hashes alone, names are for who may read."""
    found = falling_due(house_of(request), timedelta(days=within_days))
    return {
        "within_days": within_days,
        "items": [
            {"document": one.document_id, "sha256": one.sha256, "until": vietnam_time(one.until)}
            for one in found
        ],
    }
