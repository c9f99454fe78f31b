"""How errors leave: problem+json for systems, a page of the same look for people."""

import logging
import secrets
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.http.desk import known_caller
from api.problems import Problem
from api.web.rendering import render
from vocabulary.errors import NotAuthenticated, SohoaError

LOG = logging.getLogger("sohoa.http")


def wants_page(request: Request) -> bool:
    """Whether a person with a browser is asking, and not a system."""
    accepts = request.headers.get("accept", "")
    return not request.url.path.startswith("/v1/") and "text/html" in accepts


def problem_response(request: Request, problem: Problem) -> Response:
    """The problem in the form that the caller reads."""
    headers = {**problem.headers, "Cache-Control": "no-store"}
    if wants_page(request):
        page = render(
            request.app.state.desk.house,
            known_caller(request),
            "problem.html",
            http_status=problem.status,
            problem=problem,
        )
        page.headers.update(headers)
        return page
    return JSONResponse(
        problem.to_json(), problem.status, headers=headers, media_type=problems.MEDIA_TYPE
    )


def error_response(request: Request, error: SohoaError) -> Response:
    """An error of the tree; nobody with a browser is sent to the login page instead."""
    problem = problems.from_error(error)
    if isinstance(error, NotAuthenticated) and problem.status == 401 and wants_page(request):
        return RedirectResponse(f"/login?next={quote(_place(request))}", status_code=303)
    if problem.status >= 500:
        LOG.error("refused", extra={"code": problem.code, "said": error.en})
    return problem_response(request, problem)


class LastResort:
    """ASGI middleware: an error nobody foresaw is logged and answered without its text.

    Inside the security headers, so that its answer has them, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if started or scope["type"] != "http":
                raise  # half an answer is out: the server must cut the line
            request = Request(scope, receive)
            reference = secrets.token_hex(4)
            LOG.error("unforeseen error", extra={"reference": reference}, exc_info=error)
            await problem_response(request, problems.unexpected(reference))(scope, receive, send)


def install(app: FastAPI) -> None:
    """Let every error of the app leave through this module."""

    async def of_the_tree(request: Request, error: Exception) -> Response:
        assert isinstance(error, SohoaError)
        return error_response(request, error)

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        problem = problems.from_status(error.status_code)
        answer = problem_response(request, problem)
        answer.headers.update(error.headers or {})
        if error.status_code == 405:  # the framework names those of one route alone
            answer.headers["Allow"] = ", ".join(_methods(request))
        return answer

    async def of_values(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found: list[dict[str, Any]] = [dict(one) for one in error.errors()]
        return problem_response(request, problems.from_validation(found))

    app.add_exception_handler(SohoaError, of_the_tree)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_values)


def _methods(request: Request) -> list[str]:
    """Every method that is taken at this address, by the routes that name it most closely.

    ``…/{component}/check`` is no ``…/{component}/{document}``, although the latter fits, too.
    """
    found: dict[int, set[str]] = {}
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method, "path_params": {}}
        for route in request.app.router.routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                found.setdefault(len(child.get("path_params", {})), set()).add(method)
                break
    return sorted(found[min(found)]) if found else []


def _place(request: Request) -> str:
    """Where to go after the login: the page asked for, or the first page after a form."""
    if request.method != "GET":
        return "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
