"""Judging the signatures of a file that somebody sends, as ``sohoa verify`` does."""

import hashlib
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http import uploads
from api.http.desk import house_of
from api.http.guard import area
from ingest.house import House
from ingest.verifying import Judge
from vocabulary.errors import InvalidRequest

routes = area("/v1/verify", "trust")


@routes.post(
    "", summary="A reasoned verdict on each signature of a file", openapi_extra=uploads.FILES_BODY
)
@allow(Permission.VERIFY)
async def verify(request: Request) -> Response:
    """The file is not kept. Form field ``at`` (ISO 8601) sets the moment of judgement."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_verify, request, parts)


def _verify(request: Request, parts: uploads.Parts) -> Response:
    house = house_of(request)
    when = moment_of(parts.fields.get("at", ""))
    records = [judged(house, file, when) for file in uploads.need_files(parts)]
    return JSONResponse(records[0] if len(records) == 1 else {"items": records})


def judged(house: House, file: uploads.Upload, when: datetime | None) -> dict[str, Any]:
    """The record of one file that somebody sends; it is read, not kept."""
    with tempfile.TemporaryDirectory(prefix="verify-", dir=house.scratch) as folder:
        path = Path(folder) / "file"
        with path.open("wb") as copy:
            shutil.copyfileobj(file.stream, copy)
        judge = Judge(house.nursery, house.anchors, house.revocation_folder, when)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return {"file": file.name, "sha256": sha256, **judge.record(path)}


def moment_of(text: str) -> datetime | None:
    """The moment of judgement that was asked for, None for now.

    Raises:
        InvalidRequest: no date or time of ISO 8601.
    """
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidRequest(
            "Mục at phải là thời điểm ISO 8601, ví dụ 2026-11-24T08:00:00+07:00.",
            "at must be a moment in ISO 8601, for example 2026-11-24T08:00:00+07:00.",
            field="at",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
