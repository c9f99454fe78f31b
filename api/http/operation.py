"""Operation: is it alive, may papers come in, what is there to do."""

from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.access import PUBLIC, Permission, allow
from api.http.brief import Door
from api.http.desk import desk_of
from api.http.guard import area
from api.meters import MEDIA_TYPE
from ingest import readiness

routes = area("", "operation")
_LOOKING: Final = Door("looking at the parts")
"""One thread looks, the others that ask wait without one: a part that hangs stops nobody."""

_STATUS: Final = {"ok": "ready", "degraded": "ready", "down": "not_ready"}


@routes.get("/healthz", summary="Alive")
@allow(PUBLIC)
async def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@routes.get("/readyz", summary="Ready: papers may come in")
@allow(PUBLIC)
async def ready(request: Request) -> Response:
    """Each part with its state, ok, degraded or down; 503 where papers cannot come in.

    Addresses and errors are not told here: they stand in the log and in ``sohoa doctor``.
    """
    parts = await _LOOKING.run(desk_of(request).readiness.parts)
    state = readiness.overall(parts)
    told = [
        {
            "name": part.name, "state": part.state, "needed": part.needed,
            "message": part.vi, "message_en": part.en,
        }
        for part in parts
    ]  # fmt: skip
    body = {
        "status": _STATUS[state],
        "state": state,
        "parts": {part.name: part.state != "down" for part in parts},
        "checks": told,
    }
    return JSONResponse(body, 503 if state == "down" else 200)


@routes.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
@allow(Permission.OPERATE)
def metrics(request: Request) -> Response:
    """Counts only: nothing here names a person or a paper."""
    return Response(desk_of(request).meters.text(), media_type=MEDIA_TYPE)
