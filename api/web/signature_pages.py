"""Judging the signatures of any file that a person holds, without keeping it."""

from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.access import Permission, allow
from api.http import uploads
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.verify import judged, moment_of
from api.web.rendering import render
from vocabulary.errors import InvalidRequest

routes = area(in_schema=False)

_MOST: Final = 20


@routes.get("/signatures")
@allow(Permission.VERIFY)
def signatures_page(request: Request) -> Response:
    """Choose files, and a day to judge at."""
    return _page(request)


@routes.post("/signatures")
@allow(Permission.VERIFY)
async def judge_files(request: Request) -> Response:
    """The verdict on each signature, as ``POST /v1/verify`` gives it."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_judged, request, parts)


def _judged(request: Request, parts: uploads.Parts) -> Response:
    house, day = house_of(request), parts.fields.get("at", "")
    try:
        when = moment_of(day)
        files = uploads.need_files(parts)
        if len(files) > _MOST:
            raise InvalidRequest(
                f"Mỗi lần kiểm tra được {_MOST} tệp. Hãy chọn ít tệp hơn.",
                f"{_MOST} files are checked at once. Choose fewer.",
                field="files",
            )
    except InvalidRequest as error:
        return _page(request, day=day, problem=error.vi, status=422)
    return _page(request, [judged(house, file, when) for file in files], day=day)


def _page(
    request: Request,
    records: list[dict[str, Any]] | None = None,
    *,
    day: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    house = house_of(request)
    return render(
        house, caller_of(request), "signatures.html", status,
        records=records, day=day, problem=problem, anchored=bool(house.anchors),
    )  # fmt: skip
