"""Nobody is nobody: every address of the app, asked by nobody and by each role."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import access
from api.access import PUBLIC, Permission, Role, allow
from api.http.app import make_app
from api.http.guard import GuardedRoute, area
from api.settings import Settings
from tests.integration.http.office import Office

PUBLIC_ADDRESSES = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/v1/token"),
    ("GET", "/static/{name}"),
    ("GET", "/favicon.ico"),
    ("GET", "/openapi.json"),
    ("GET", "/verify"),
    ("GET", "/verify/{code}"),
    ("GET", "/preview/{token}"),
    ("POST", "/preview/{token}"),
    ("POST", "/preview/{token}/decision"),
    ("GET", "/preview/{token}/papers/{place}/pages/{number}"),
}


@pytest.fixture(scope="module")
def app(office: Office) -> FastAPI:
    return make_app(office.house, Settings(home=office.house.scratch.parent))


def addresses(app: FastAPI) -> list[tuple[str, APIRoute]]:
    found = []
    for route in app.routes:
        assert isinstance(route, GuardedRoute), f"{route} is not guarded"
        found += [(method, route) for method in sorted(route.methods or ())]
    return found


def filled(path: str) -> str:
    for name in ("document_id", "batch_id", "token_id", "hold_id", "disposal_id"):
        path = path.replace(f"{{{name}}}", "0" * 32)
    return path.replace("{number}", "1").replace("{code}", "2.002381").replace("{name}", "x.css")


def test_exactly_the_known_addresses_are_public(app: FastAPI) -> None:
    public = {
        (method, route.path)
        for method, route in addresses(app)
        if access.declared(route.endpoint) is PUBLIC
    }
    assert public == PUBLIC_ADDRESSES


def test_nobody_gets_nothing_from_any_other_address(office: Office, app: FastAPI) -> None:
    with office.client(None) as nobody:
        for method, route in addresses(app):
            if (method, route.path) in PUBLIC_ADDRESSES:
                continue
            answer = nobody.request(method, filled(route.path))
            assert answer.status_code == 401, (method, route.path, answer.status_code)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            if method != "HEAD":
                assert answer.json()["code"] == "not_authenticated"


def test_nobody_with_a_browser_is_sent_to_the_login_page(office: Office) -> None:
    with httpx.Client(base_url=office.url, headers={"Accept": "text/html"}) as nobody:
        answer = nobody.get("/documents?state=done")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=/documents%3Fstate%3Ddone"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_refused_exactly_where_the_table_says(
    office: Office, app: FastAPI, role: Role
) -> None:
    with office.client(role) as caller:
        for method, route in addresses(app):
            declaration = access.declared(route.endpoint)
            if not isinstance(declaration, Permission) or route.path == "/v1/events":
                continue
            answer = caller.request(method, filled(route.path))
            allowed = role in access.TABLE[declaration]
            place = (role, method, route.path, answer.status_code)
            if allowed:
                refused_by_guard = (
                    answer.status_code == 403
                    and method != "HEAD"
                    and answer.json()["code"] == "not_allowed"
                )
                assert answer.status_code != 401, place
                assert not refused_by_guard, place
            elif "{document_id}" in route.path and not access.has(
                access.Identity("", "", "", frozenset({role}), "token"), Permission.READ_DOCUMENTS
            ):
                assert answer.status_code == 404, place
            else:
                assert answer.status_code == 403, place


def test_an_address_without_a_declaration_is_refused(office: Office, app: FastAPI) -> None:
    forgotten = area()

    @forgotten.get("/forgotten")
    def no_declaration() -> dict[str, str]:
        return {"secret": "told"}

    app.router.routes.extend(forgotten.routes)
    try:
        answer = _ask(app, "/forgotten", office.tokens["leader"])
        assert answer.status_code == 403
        assert answer.json()["code"] == "undeclared"
    finally:
        app.router.routes.remove(forgotten.routes[0])


def test_an_address_beside_the_guarded_class_is_refused(office: Office, app: FastAPI) -> None:
    @allow(PUBLIC)
    def beside() -> dict[str, str]:
        return {"secret": "told"}

    app.add_api_route("/beside", beside)
    try:
        assert _ask(app, "/beside", None).status_code == 403
    finally:
        app.router.routes.pop()


def test_the_app_does_not_start_with_an_undeclared_address(office: Office) -> None:
    from api.http import operation

    @operation.routes.get("/forgotten")
    def no_declaration() -> None:
        return None

    try:
        with pytest.raises(RuntimeError, match="forgotten"):
            make_app(office.house, Settings(home=office.house.scratch.parent))
    finally:
        operation.routes.routes.pop()


def test_a_wrong_token_is_refused_even_where_a_session_would_do(office: Office) -> None:
    with office.browser("clerk") as browser:
        answer = browser.get("/v1/procedures", headers={"Authorization": "Bearer wrong"})
        assert answer.status_code == 401
        assert answer.json()["code"] == "invalid_token"


def test_an_administrator_does_not_read_papers(office: Office) -> None:
    with office.client("administrator") as caller:
        assert caller.get("/v1/documents/" + "0" * 32).status_code == 404
        assert caller.get("/v1/search?q=a").status_code == 403
        assert caller.get("/metrics").status_code == 200


def _ask(app: FastAPI, path: str, token: str | None) -> httpx.Response:
    import asyncio

    async def ask() -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())
