"""Copies that people can check: made with a code, looked up by anybody who holds the paper."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api import problems
from api.access import PUBLIC, Permission, allow
from api.auth import throttle
from api.http.codes import DossierCode
from api.http.content import bytes_described, serve_bytes
from api.http.desk import address_of, caller_of, desk_of, house_of
from api.http.guard import area
from api.http.reads import document_for
from api.web import words
from api.web.rendering import render
from ingest import copies
from repository import accounts
from repository import copies as kept
from repository.copies import Copy
from vocabulary.errors import NotAuthenticated, NotFound

routes = area("", "trust")

FREE_LOOKUPS = 20
"""Wrong codes from one address before it has to wait."""


@routes.post(
    "/v1/documents/{document_id}/copies", status_code=201, summary="A copy to print, with a code"
)
@allow(Permission.READ_DOCUMENTS)
def copy_document(request: Request, document_id: str) -> Response:
    """409 ``not_certified`` for a paper that is not certified or not in force."""
    document_for(request, document_id, "content", "In bản sao có mã tra cứu")
    return _made(request, copies.of_document(house_of(request), document_id, _who(request)))


@routes.post("/v1/dossiers/{code}/receipt", status_code=201, summary="The applicant's receipt")
@allow(Permission.WORK_ON_DOSSIERS)
def receipt_of_dossier(request: Request, code: DossierCode) -> Response:
    """Which papers were not asked for; 409 ``nothing_reused`` where there is none."""
    return _made(request, copies.of_dossier(house_of(request), code, _who(request)))


@routes.get(
    "/v1/dossiers/{code}/label",
    summary="A label with QR for the paper file",
    response_class=Response,
    responses=bytes_described("application/pdf"),
)
@allow(Permission.WORK_ON_DOSSIERS)
def read_label(request: Request, code: DossierCode) -> Response:
    """105 x 74 mm; the QR has the codes of dossier, procedure and applicant."""
    body = copies.label_of(house_of(request), code, _who(request))
    return serve_bytes(request, body, "application/pdf", "nhan.pdf")


@routes.get(
    "/v1/copies/{code}/content",
    summary="The PDF of a copy or receipt",
    response_class=Response,
    responses=bytes_described("application/pdf"),
)
@allow(Permission.READ_DOCUMENTS)
def read_copy(request: Request, code: str) -> Response:
    """The same paper again; who may not know of the document gets 404."""
    house = house_of(request)
    with house.database.read() as tx:
        made = kept.find(tx, code)
    if made.document_id is not None:
        document_for(request, made.document_id, "content", "In bản sao có mã tra cứu")
    return printed(request, made)


@routes.get("/verify", summary="A form for the code of a printed copy", include_in_schema=False)
@allow(PUBLIC)
def verify_form(request: Request, code: str = "") -> Response:
    """For people who type the code."""
    return _page(request, code) if code else render(
        house_of(request), None, "verify.html", told=None, typed="", problem=None
    )  # fmt: skip


@routes.get(
    "/verify/{code}",
    summary="What the office certifies of a printed copy",
    responses={
        status: {"description": said, "content": {"text/html": {}, kind: {}}}
        for status, said, kind in (
            (200, "What the office certifies", "application/json"),
            (404, "Nothing was printed with this code", problems.MEDIA_TYPE),
            (429, "Too many wrong codes", problems.MEDIA_TYPE),
        )
    },
)
@allow(PUBLIC)
def verify_copy(request: Request, code: str) -> Response:
    """A page, or JSON for ``Accept: application/json``; no more than stands on the copy."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(_certified(request, code))
    return _page(request, code)


def _page(request: Request, code: str) -> Response:
    house = house_of(request)
    try:
        told = _certified(request, code)
    except NotFound as error:
        return render(house, None, "verify.html", 404, told=None, typed=code, problem=error.vi)
    except NotAuthenticated as error:
        return render(house, None, "verify.html", 429, told=None, typed=code, problem=error.vi)
    kind = words.DOCUMENT_TYPES.get(told.get("type") or "", told.get("type") or "Giấy tờ")
    return render(house, None, "verify.html", told=told, typed=code, problem=None, kind=kind)


def _certified(request: Request, code: str) -> dict[str, Any]:
    """Looked up, unless this address has guessed too often."""
    house = house_of(request)
    name, now = f"verify:{address_of(request)}", house.clock.now()
    with house.database.read() as tx:
        wait = throttle.pause(accounts.failures_of(tx, name), FREE_LOOKUPS, now)
        seconds = int(wait.total_seconds()) + 1
        if wait.total_seconds() > 0:
            raise NotAuthenticated(
                f"Tra cứu sai quá nhiều lần. Hãy đợi {seconds} giây rồi thử lại.",
                f"Too many wrong codes. Wait {seconds} seconds and try again.",
                code="too_many_attempts",
                retry_after=seconds,
            )
        try:
            return copies.certified(house, tx, kept.find(tx, code))
        except NotFound as error:
            unknown = error
    with house.database.write() as tx:
        throttle.count(tx, name, now)
    raise unknown


def printed(request: Request, made: Copy) -> Response:
    """The PDF itself, for the browser to show and print."""
    body = copies.drawn(house_of(request), made, desk_of(request).public_url)
    return serve_bytes(request, body, "application/pdf", f"{kept.shown(made.code)}.pdf")


def _made(request: Request, made: Copy) -> Response:
    code = kept.shown(made.code)
    base = desk_of(request).public_url.rstrip("/")
    body = {
        "code": code,
        "verify_url": f"{base}/verify/{code}",
        "url": f"/v1/copies/{code}/content",
        "document": made.document_id,
        "dossier": made.dossier,
    }
    return JSONResponse(body, 201, headers={"Location": body["url"] or ""})


def _who(request: Request) -> str:
    return caller_of(request).name
