"""The guard at the door: nobody passes to an address without its right.

Stands before routing and before any body is read. It finds the route that
will answer, asks for its declaration (api.access), and refuses: an address
without a declaration, nobody where a right is needed, a caller without the
right. :class:`GuardedRoute` then asks calls of a browser session for their
CSRF token, in the header or in the form.
"""

import contextlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api import access
from api.access import PUBLIC, Identity, Permission
from api.auth import callers
from api.http import logbook, reads
from api.http.answers import error_response
from api.http.brief import Door
from api.http.desk import Desk, desk_of, known_caller, not_logged_in
from vocabulary.errors import InvalidRequest, NotAllowed, NotAuthenticated, SohoaError

CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf"
_KNOWING: Final = Door("knowing the caller")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware: authenticate the caller, then hold the declaration against the table.

    ``limit``: bytes of a body; a longer one is refused before it is read.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] != "websocket":  # no address speaks WebSocket
                await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        found = _find(scope["app"].router.routes, scope)
        if found is not None:
            scope[logbook.TEMPLATE] = getattr(found[0], "path", "")
            try:
                await self._admit(request, *found)
            except SohoaError as error:
                await error_response(request, error)(scope, receive, send)
                return
        elif "cookie" in request.headers:  # the page that says so is in the person's own frame
            await self._recognise(request)
        await self._app(scope, receive, send)

    async def _recognise(self, request: Request) -> None:
        house = desk_of(request).house
        with contextlib.suppress(NotAuthenticated):
            found = await _KNOWING.run(callers.identify, house, request.headers)
            request.scope.setdefault("state", {})["identity"] = found

    async def _admit(self, request: Request, route: BaseRoute, path: dict[str, Any]) -> None:
        declaration = access.declared(getattr(route, "endpoint", None))
        if declaration is None or not isinstance(route, GuardedRoute):
            raise _undeclared()
        declared_length = request.headers.get("content-length", "0")
        if not declared_length.isdecimal() or int(declared_length) > self._limit:
            raise _too_much(self._limit)
        if declaration is PUBLIC:
            return
        desk = desk_of(request)
        identity = callers.scraper(desk.metrics_token, route.path, request.headers)
        if identity is None:
            identity = await _KNOWING.run(callers.identify, desk.house, request.headers)
        if identity is None:
            raise not_logged_in()
        request.scope.setdefault("state", {})["identity"] = identity
        assert isinstance(declaration, Permission)
        try:
            access.require(identity, declaration)
        except NotAllowed as refusal:  # it is written down: not at the door of knowing
            raise await run_in_threadpool(_noted, desk, identity, refusal, request, path) from None


def _noted(
    desk: Desk, identity: Identity, refusal: NotAllowed, request: Request, path: dict[str, Any]
) -> SohoaError:
    """What the caller is told: 404 in place of 403 where they may not know of documents."""
    document_id = path.get("document_id")
    if not isinstance(document_id, str):
        return refusal
    reads.note_refusal(desk.house, identity, document_id, reads.purpose_of(request))
    if access.has(identity, Permission.READ_DOCUMENTS):
        return refusal
    return access.unknown_document()


class GuardedRoute(APIRoute):
    """A route whose unsafe calls from a browser session must carry the CSRF token."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                await _require_csrf(request)
                return await handle(request)
            finally:
                await request.close()  # spooled files of a form end with the call

        return guarded


def area(prefix: str = "", tag: str = "", *, in_schema: bool = True) -> APIRouter:
    """A router whose routes are guarded; ``tag`` groups them in the API description."""
    return APIRouter(
        prefix=prefix,
        route_class=GuardedRoute,
        tags=[tag] if tag else None,
        include_in_schema=in_schema,
    )


async def _require_csrf(request: Request) -> None:
    identity = known_caller(request)
    if identity is None or identity.csrf is None or request.method in SAFE:
        return
    given: object = request.headers.get(CSRF_HEADER)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if given is None and kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        given = (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode(), identity.csrf.encode()
    ):
        raise NotAllowed(
            "Trang đã cũ hoặc yêu cầu không đến từ trang này. Hãy tải lại trang rồi làm lại.",
            "The page is stale or the call did not come from it. Reload the page and try again.",
            code="csrf",
        )


def _find(routes: list[BaseRoute], scope: Scope) -> tuple[BaseRoute, dict[str, Any]] | None:
    """The route that will answer, with the variables of its path."""
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.FULL:
            return route, child.get("path_params", {})
    return None


def _too_much(limit: int) -> InvalidRequest:
    return InvalidRequest(
        "Dữ liệu gửi lên vượt quá giới hạn. Hãy gửi ít tệp hơn mỗi lần.",
        "More was sent than is allowed at once. Send fewer files at a time.",
        code="upload_too_large",
        limit=limit,
    )


def _undeclared() -> NotAllowed:
    return NotAllowed(
        "Địa chỉ này chưa được mở cho ai.",
        "This address declares no permission, so nobody may use it.",
        code="undeclared",
    )
