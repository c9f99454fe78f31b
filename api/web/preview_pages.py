"""The holder's page: which paper would be given to whom for what; yes or no. For phones first.

No login: the link is known to the holder alone and asks for the number that it is about.
Opening it changes nothing (programs that look into messages open links, too); giving the
number takes its one use and binds it to the browser by a cookie.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access import PUBLIC, allow
from api.auth import throttle
from api.http.desk import address_of, desk_of, house_of
from api.http.guard import area
from api.problems import status_of
from api.web import words
from api.web.rendering import render
from ingest import previews
from repository import accounts
from vocabulary.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, SohoaError

routes = area(in_schema=False)

_COOKIE: Final = "sohoa_preview"
_FORM_LIMIT: Final = 16 * 1024
_FREE: Final = 20
"""Wrong links from one address before it has to wait."""

R = TypeVar("R")


@routes.get("/preview/{token}")
@allow(PUBLIC)
def preview_page(request: Request, token: str) -> Response:
    """Asks for the number; in the browser that gave it, shows the papers."""
    try:
        preview = _guarded(request, lambda: previews.find(house_of(request), token))
        if preview.opened_at is None:
            return _page(request, token, scheme=preview.scheme)
        shown = previews.shown(house_of(request), token, _secret(request))
    except (NotFound, Conflict, NotAuthenticated) as error:
        return _page(request, token, status_of(error), problem=error.vi)
    return _page(request, token, shown=shown)


@routes.post("/preview/{token}", max_body_size=_FORM_LIMIT)
@allow(PUBLIC)
def open_preview(
    request: Request, token: str, number: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """The number, once right, makes this browser the holder's."""
    desk = desk_of(request)
    try:
        secret = _guarded(request, lambda: previews.enter(desk.house, token, number))
    except NotAllowed as error:
        scheme = _guarded_scheme(request, token)
        ended = "" if scheme else "Liên kết đã bị khóa vì nhập sai nhiều lần."
        return _page(request, token, status_of(error), scheme=scheme, wrong=error.vi, problem=ended)
    except (NotFound, Conflict, NotAuthenticated) as error:
        return _page(request, token, status_of(error), problem=error.vi)
    answer = RedirectResponse(f"/preview/{token}", 303)
    answer.set_cookie(
        _COOKIE, secret, path=f"/preview/{token}", secure=desk.https, httponly=True,
        samesite="lax", max_age=int(previews.LINK_LIFE.total_seconds()),
    )  # fmt: skip
    return answer


@routes.post("/preview/{token}/decision", max_body_size=_FORM_LIMIT)
@allow(PUBLIC)
def decide(
    request: Request,
    token: str,
    answer: Annotated[Literal["agree", "refuse"], Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Said once; the other system hears of it when it asks again."""
    try:
        decided = previews.decide(
            house_of(request), token, _secret(request), answer == "agree", reason
        )
    except (NotFound, Conflict) as error:
        return _page(request, token, status_of(error), problem=error.vi)
    return _page(request, token, decided=decided.state)


@routes.get("/preview/{token}/papers/{place}/pages/{number}")
@allow(PUBLIC)
def picture(request: Request, token: str, place: int, number: int) -> Response:
    """One page of a paper, for the browser that opened the link."""
    body = previews.picture(house_of(request), token, _secret(request), place, number)
    return Response(body, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _secret(request: Request) -> str:
    return request.cookies.get(_COOKIE, "")


def _guarded_scheme(request: Request, token: str) -> str | None:
    try:
        return previews.find(house_of(request), token).scheme
    except SohoaError:
        return None


def _guarded(request: Request, look: Callable[[], R]) -> R:
    """Looks, unless this address has tried too many links that are none."""
    house = house_of(request)
    name, now = f"preview:{address_of(request)}", house.clock.now()
    with house.database.read() as tx:
        wait = throttle.pause(accounts.failures_of(tx, name), _FREE, now).total_seconds()
    if wait > 0:
        raise NotAuthenticated(
            f"Thử sai quá nhiều lần. Hãy đợi {int(wait) + 1} giây rồi thử lại.",
            f"Too many wrong tries. Wait {int(wait) + 1} seconds and try again.",
            code="too_many_attempts",
            retry_after=int(wait) + 1,
        )
    try:
        return look()
    except NotFound:
        with house.database.write() as tx:
            throttle.count(tx, name, now)
        raise


def _page(request: Request, token: str, http_status: int = 200, **values: Any) -> Response:
    nothing = {"scheme": None, "wrong": "", "shown": None, "problem": "", "decided": None}
    kinds = {"scheme_name": words.SCHEMES.get(str(values.get("scheme")), "Mã số")}
    return render(
        house_of(request), None, "preview.html", http_status, token=token,
        **nothing | kinds | values,
    )  # fmt: skip
