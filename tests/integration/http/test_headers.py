"""What every answer carries, behind https, and how errors leave."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from api.access import PUBLIC, allow
from api.http import operation
from api.http.desk import UPLOAD_LIMIT
from tests.integration.http.office import PASSWORD, Office, open_office
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An office reached by https, with one address that fails."""

    @operation.routes.get("/fails", include_in_schema=False)
    @allow(PUBLIC)
    def fails() -> None:
        raise ZeroDivisionError("the password is 12345")

    home = tmp_path_factory.mktemp("office")
    try:
        with open_office(home, public_url="https://so.example.vn", engines=engines) as made:
            yield made
    finally:
        operation.routes.routes.pop()


def test_behind_https_the_cookie_is_secure(office: Office) -> None:
    login = {"username": "clerk", "password": PASSWORD}
    answer = httpx.post(f"{office.url}/login", data=login)
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    "path", ["/healthz", "/login", "/static/sohoa.css", "/v1/documents", "/nothing", "/fails"]
)
def test_every_answer_carries_the_security_headers(office: Office, path: str) -> None:
    headers = httpx.get(office.url + path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers or "uvicorn" in headers["server"]


def test_papers_are_not_kept_by_caches(office: Office) -> None:
    with office.client("clerk") as client:
        assert client.get("/v1/documents").headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_style_inside(office: Office) -> None:
    with office.browser("clerk") as client:
        # the cookie is for https alone, so this browser stays a stranger
        page = client.get("/login").text
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_an_unforeseen_error_tells_nothing_of_the_inside(office: Office) -> None:
    answer = httpx.get(f"{office.url}/fails")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (500, "internal_error")
    assert problem["reference"] in problem["detail"]
    assert "12345" not in answer.text
    assert "ZeroDivision" not in answer.text
    page = httpx.get(f"{office.url}/fails", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "12345" not in page.text


def test_too_much_at_once_is_refused_before_it_is_read(office: Office) -> None:
    host, port = office.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/documents HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
        f"Authorization: Bearer {office.tokens['clerk']}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {UPLOAD_LIMIT + 2**21}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(head.encode())
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"status":413' in answer


@pytest.mark.parametrize("name", ["..%2fapp.py", "%2e%2e%2fwords.py", "sohoa.css%00", "none.css"])
def test_no_other_file_is_served(office: Office, name: str) -> None:
    assert httpx.get(f"{office.url}/static/{name}").status_code == 404


def test_static_files_are_not_sent_twice(office: Office) -> None:
    first = httpx.get(f"{office.url}/static/sohoa.css")
    again = httpx.get(
        f"{office.url}/static/sohoa.css", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_the_description_is_openapi_3_1_and_names_every_right(office: Office) -> None:
    told = httpx.get(f"{office.url}/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert {"bearer", "client", "session"} <= set(told["components"]["securitySchemes"])
    assert "/v1/documents/{document_id}/content" in told["paths"]
    for path, methods in told["paths"].items():
        for one in methods.values():
            assert one["summary"], path
            public = one["security"] == []
            assert public == (path in ("/healthz", "/readyz", "/v1/token", "/verify/{code}")), path
            assert public or one["x-roles"], path


def test_health_is_told_to_everybody_and_figures_to_few(office: Office) -> None:
    assert httpx.get(f"{office.url}/healthz").json() == {"status": "ok"}
    ready = httpx.get(f"{office.url}/readyz").json()
    assert ready["status"] == "ready"
    assert all(ready["parts"].values())
    with office.client("administrator") as client:
        figures = client.get("/metrics")
        assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "sohoa_outbox_depth 0.0" in figures.text.splitlines()
    with office.client("clerk") as client:
        assert client.get("/metrics").status_code == 403


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/dossiers", "GET, POST"),
        ("/v1/documents/0", "GET, PATCH"),
        ("/v1/dossiers/0/components/0/check", "POST"),
        ("/v1/dossiers/0/components/0/0", "DELETE"),
        ("/v1/procedures/1.005129", "GET, PUT"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(office: Office, path: str, methods: str) -> None:
    with office.client("officer") as officer:
        answer = officer.request("OPTIONS", path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == methods
