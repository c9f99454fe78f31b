"""The frame around the pages: first page, own styles and scripts, the API's description."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api import access
from api.access import PUBLIC, Permission, allow
from api.http.content import matches
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.problems import MEDIA_TYPE, from_status
from api.web.rendering import render

routes = area(in_schema=False)

STATIC: Final = Path(__file__).parent / "static"
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@routes.get("/")
@allow(Permission.READ_PROCEDURES)
def first_page(request: Request) -> Response:
    """Where a person's work begins."""
    identity = caller_of(request)
    for right, address in (
        (Permission.READ_DOCUMENTS, "/documents"),
        (Permission.READ_PROCEDURES, "/procedures"),
    ):
        if access.has(identity, right):
            return RedirectResponse(address, 303)
    raise AssertionError("every role reads procedures")


@routes.get("/static/{name}")
@allow(PUBLIC)
def static_file(request: Request, name: str) -> Response:
    """Styles, scripts and the mark: the files of this package, by their exact names."""
    found = _statics().get(name)
    if found is None:
        return JSONResponse(from_status(404).to_json(), 404, media_type=MEDIA_TYPE)
    body, etag, kind = found
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=kind)


@routes.get("/favicon.ico")
@allow(PUBLIC)
def favicon() -> Response:
    """Browsers ask for it before they have read the page."""
    body, etag, kind = _statics()["mark.svg"]
    return Response(body, headers={"ETag": etag}, media_type=kind)


@routes.get("/openapi.json")
@allow(PUBLIC)
def openapi(request: Request) -> Response:
    """The description names no person and no paper; integrators read it before they have a key."""
    return JSONResponse(request.app.openapi())


@routes.get("/docs")
@allow(Permission.READ_PROCEDURES)
def described(request: Request) -> Response:
    """The addresses of the API on a page of our own: no CDN."""
    areas: dict[str, list[dict[str, Any]]] = {}
    schema = request.app.openapi()
    told = {tag["name"]: tag["description"] for tag in schema["tags"]}
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            name = told.get((one.get("tags") or [""])[0], "Khác")
            areas.setdefault(name, []).append(
                {"method": method.upper(), "path": path, "summary": one.get("summary", "")}
            )
    return render(house_of(request), caller_of(request), "docs.html", areas=areas)


@cache
def _statics() -> dict[str, tuple[bytes, str, str]]:
    found = {}
    for path in STATIC.iterdir():
        if path.suffix in _KINDS:
            body = path.read_bytes()
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            found[path.name] = (body, etag, _KINDS[path.suffix])
    return found
