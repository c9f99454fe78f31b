"""Logging in with a browser and with tokens."""

from base64 import b64encode

import httpx
import pytest

from tests.integration.http.office import PASSWORD, SECRET, Office

HTML = {"Accept": "text/html"}


def log_in(client: httpx.Client, **values: str) -> httpx.Response:
    return client.post("/login", data={"username": "clerk", "password": PASSWORD, **values})


def csrf_of(page: httpx.Response) -> str:
    return page.text.split('<meta name="csrf" content="')[1].split('"')[0]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    with httpx.Client(base_url=office.url) as client:
        answer = log_in(client)
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie


def test_every_login_is_a_new_session_and_ends_the_old_one(office: Office) -> None:
    with office.browser("clerk") as client:
        old = client.cookies["sohoa_session"]
        log_in(client)
        assert client.cookies["sohoa_session"] != old
        answer = httpx.get(
            f"{office.url}/v1/procedures", headers={"Cookie": f"sohoa_session={old}"}
        )
        assert answer.status_code == 401


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(office: Office) -> None:
    with httpx.Client(base_url=office.url, headers=HTML) as client:
        unknown = log_in(client, username="nobody", password="x")
        wrong = log_in(client, username="leader", password="x")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nobody", "leader") == wrong.text


def test_whoever_guesses_has_to_wait_even_with_the_right_password(office: Office) -> None:
    with httpx.Client(base_url=office.url, headers=HTML) as client:
        for _ in range(5):
            assert log_in(client, username="inspector", password="x").status_code == 401
        answer = log_in(client, username="inspector")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert "Hãy đợi" in answer.text


def test_a_login_from_another_site_is_refused(office: Office) -> None:
    with httpx.Client(base_url=office.url) as client:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = client.post(
                "/login", data={"username": "clerk", "password": PASSWORD}, headers=headers
            )
            assert answer.status_code == 403
        own = client.post(
            "/login",
            data={"username": "clerk", "password": PASSWORD},
            headers={"Origin": office.url},
        )
        assert own.status_code == 303


def test_a_call_of_a_session_without_its_token_is_refused(office: Office) -> None:
    with office.browser("clerk") as client:
        for headers in ({}, {"X-CSRF-Token": "wrong"}):
            answer = client.post("/v1/batches", json={}, headers=headers)
            assert answer.status_code == 403
            assert answer.json()["code"] == "csrf"
        assert client.post("/hand-in", files={"files": ("a.pdf", b"x")}).status_code == 403
        assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403


def test_the_token_counts_in_the_header_and_in_the_form(office: Office) -> None:
    with office.browser("clerk") as client:
        csrf = csrf_of(client.get("/hand-in"))
        opened = client.post("/v1/batches", json={}, headers={"X-CSRF-Token": csrf})
        assert opened.status_code == 201
        assert client.post("/logout", data={"csrf": csrf}).status_code == 303
        assert client.get("/documents").status_code == 303  # to the login page


def test_a_personal_token_is_shown_once_and_can_be_revoked(office: Office) -> None:
    with office.browser("officer") as client:
        csrf = {"X-CSRF-Token": csrf_of(client.get("/account"))}
        made = client.post("/v1/tokens", json={"name": "quét"}, headers=csrf).json()
        bearer = {"Authorization": f"Bearer {made['token']}"}
        assert httpx.get(f"{office.url}/v1/procedures", headers=bearer).status_code == 200
        assert made["token"] not in client.get("/v1/tokens").text
        assert client.delete(f"/v1/tokens/{made['id']}", headers=csrf).status_code == 204
        assert httpx.get(f"{office.url}/v1/procedures", headers=bearer).status_code == 401


def test_a_token_cannot_make_tokens_that_outlive_it(office: Office) -> None:
    with office.client("officer") as client:
        answer = client.post("/v1/tokens", json={"name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, "session_needed")


@pytest.mark.parametrize("way", ["basic", "form"])
def test_a_system_gets_a_token_for_its_credentials(office: Office, way: str) -> None:
    data = {"grant_type": "client_credentials"}
    headers = {}
    if way == "basic":
        plain = b64encode(f"portal:{SECRET}".encode()).decode()
        headers["Authorization"] = f"Basic {plain}"
    else:
        data |= {"client_id": "portal", "client_secret": SECRET}
    answer = httpx.post(f"{office.url}/v1/token", data=data, headers=headers)
    assert answer.status_code == 200
    told = answer.json()
    assert told["token_type"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    assert httpx.get(f"{office.url}/v1/procedures", headers=bearer).status_code == 200


def test_a_system_with_a_wrong_secret_gets_the_answer_of_the_standard(office: Office) -> None:
    data = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": "x"}
    answer = httpx.post(f"{office.url}/v1/token", data=data)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")
    unknown = httpx.post(f"{office.url}/v1/token", data={"grant_type": "password"})
    assert (unknown.status_code, unknown.json()["error"]) == (400, "unsupported_grant_type")


def test_logins_and_refusals_stand_in_the_log(office: Office) -> None:
    with office.client("inspector") as client:
        seen = {one["event"] for one in client.get("/v1/audit?limit=500").json()["items"]}
        assert {"login", "login.failed", "logout", "token", "token.refused"} <= seen
        assert client.get("/v1/audit/chain").json()["intact"] is True
        assert PASSWORD not in client.get("/v1/audit?limit=500").text
