"""Logging in and out with a browser."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from api import problems
from api.access import PUBLIC, Permission, allow
from api.auth import callers, logins
from api.auth.callers import COOKIE
from api.http.desk import address_of, caller_of, desk_of, house_of
from api.http.guard import area
from api.web.rendering import render
from vocabulary.errors import NotAllowed, NotAuthenticated

routes = area(in_schema=False)

FORM_LIMIT = 16 * 1024
"""Bytes of a login form: nobody is known yet who might send more."""


@routes.get("/login")
@allow(PUBLIC)
def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the field's name
    """Whoever is logged in already goes on."""
    plain = {"cookie": request.headers.get("cookie", "")}
    if callers.identify(house_of(request), plain) is not None:
        return RedirectResponse(_inside(next), 303)
    return _page(request, next, "", None, 200)


@routes.post("/login", max_body_size=FORM_LIMIT)
@allow(PUBLIC)
def login(
    request: Request,
    username: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=2000)],
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - the field's name
) -> Response:
    """A new session with a new cookie; the browser's old one ends."""
    _same_origin(request)
    desk = desk_of(request)
    try:
        made = logins.log_in(
            desk.house,
            username,
            password,
            address_of(request),
            length=desk.session_length,
            earlier=callers.session_token(request.headers),
        )
    except NotAuthenticated as error:
        problem = problems.from_error(error)
        page = _page(request, next, username, error.vi, problem.status)
        if "Retry-After" in problem.headers:
            page.headers["Retry-After"] = problem.headers["Retry-After"]
        return page
    answer = RedirectResponse(_inside(next), 303)
    answer.set_cookie(
        COOKIE,
        made.token,
        max_age=int(desk.session_length.total_seconds()),
        path="/",
        secure=desk.https,
        httponly=True,
        samesite="lax",
    )
    return answer


@routes.post("/logout")
@allow(Permission.OWN_ACCOUNT)
def logout(request: Request) -> Response:
    """End the session here and in the browser."""
    token = callers.session_token(request.headers)
    if token is not None:
        logins.log_out(house_of(request), token, caller_of(request).name)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, path="/", secure=desk_of(request).https, httponly=True)
    return answer


def _page(
    request: Request, following: str, username: str, error: str | None, status: int
) -> Response:
    return render(
        house_of(request),
        None,
        "login.html",
        status,
        next=_inside(following),
        username=username,
        error=error,
    )


def _inside(address: str) -> str:
    """Where to go next: a page of ours, never another site (no open redirect)."""
    plain = address.replace("\\", "/")
    safe = plain.startswith("/") and not plain.startswith("//") and plain.isprintable()
    return address if safe and not plain.startswith("/login") else "/"


def _same_origin(request: Request) -> None:
    """Nobody may log a browser in from another site's page (login CSRF)."""
    origin = request.headers.get("origin")
    foreign = request.headers.get("sec-fetch-site") == "cross-site"
    if origin is not None:
        foreign = foreign or urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise NotAllowed(
            "Biểu mẫu đăng nhập được gửi từ trang khác. Hãy mở trang đăng nhập rồi thử lại.",
            "The login form came from another site. Open the login page and try again.",
            code="csrf",
        )
