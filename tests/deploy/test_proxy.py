"""The door, for real: HAProxy with the shipped configuration before a served office."""

import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.deploy.checking import ROOT
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers import haproxy
from tests.servers.running import free_ports


@dataclass(frozen=True)
class Door:
    """The office behind its proxy."""

    office: Office
    http: str
    https: str
    trust: ssl.SSLContext
    log: Path

    def client(self, role: str | None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.office.tokens[role]}"} if role else {}
        return httpx.Client(base_url=self.https, headers=headers, verify=self.trust, timeout=30)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    subprocess.run(
        ["sh", str(ROOT / "deploy" / "make-secrets.sh"), str(folder / "secrets"), "localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    plain, tls = free_ports(2)
    certificate = folder / "secrets" / "tls.pem"
    with open_office(folder / "home", public_url=f"https://localhost:{tls}") as office:
        environment = {
            "SOHOA_PROXY_BIND": "127.0.0.1", "SOHOA_PROXY_HTTP": str(plain),
            "SOHOA_PROXY_HTTPS": str(tls), "SOHOA_PROXY_CERTIFICATE": str(certificate),
            "SOHOA_PROXY_SERVICE": office.url.removeprefix("http://"),
        }  # fmt: skip
        config = ROOT / "deploy" / "proxy" / "haproxy.cfg"
        server = haproxy.start(config, environment, ("127.0.0.1", tls), folder / "log")
        trust = ssl.create_default_context(cafile=str(certificate))
        made = Door(
            office, f"http://localhost:{plain}", f"https://localhost:{tls}", trust, folder / "log"
        )
        try:
            _wait_for_the_service(made)
            yield made
        finally:
            server.stop()


def _wait_for_the_service(door: Door) -> None:
    deadline = time.monotonic() + 30
    with door.client(None) as client:
        while client.get("/healthz").status_code != 200 and time.monotonic() < deadline:
            time.sleep(0.1)


def test_plain_calls_are_sent_to_tls(door: Door) -> None:
    answer = httpx.get(f"{door.http}/login?x=1")
    assert answer.status_code == 308
    assert answer.headers["location"].startswith("https://localhost")


@pytest.mark.parametrize(("version", "taken"), [("-tls1_1", False), ("-tls1_2", True)])
def test_old_tls_is_refused(door: Door, version: str, taken: bool) -> None:
    done = subprocess.run(
        [
            "openssl", "s_client", "-connect", door.https.removeprefix("https://"), version,
            "-cipher", "ALL:@SECLEVEL=0",
        ],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) == taken


def test_figures_and_readiness_are_not_for_the_outside(door: Door) -> None:
    with door.client("administrator") as admin:
        assert [admin.get(path).status_code for path in ("/metrics", "/readyz")] == [404, 404]
        assert admin.get("/healthz").status_code == 200


def test_a_call_has_one_name_in_both_logs(door: Door) -> None:
    outside = "0123456789abcdef0123456789abcdef"
    with door.client("clerk") as clerk:
        answer = clerk.get("/v1/procedures?secret=words", headers={"X-Request-Id": outside})
    name = answer.headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f-]{36}", name)
    deadline = time.monotonic() + 10
    while name not in door.log.read_text("utf-8") and time.monotonic() < deadline:
        time.sleep(0.05)
    said = door.log.read_text("utf-8")
    assert name in said
    assert "procedures" not in said
    assert "secret" not in said
    assert "127.0.0.1" not in said


def test_the_service_knows_who_is_calling_and_is_not_lied_to(door: Door) -> None:
    with door.client(None) as client:
        wrong = {"username": "nobody", "password": "wrong wrong wrong"}
        client.post("/login", data=wrong, headers={"X-Forwarded-For": "203.0.113.9"})
    with door.office.client("inspector") as inspector:
        found = inspector.get("/v1/audit?event=login.refused").text
        found += inspector.get("/v1/audit").text
    assert "203.0.113.9" not in found


def test_a_person_logs_in_through_it(door: Door) -> None:
    from tests.integration.http.office import PASSWORD

    with door.client(None) as browser:
        browser.headers["Accept"] = "text/html"
        answer = browser.post("/login", data={"username": "clerk", "password": PASSWORD})
        assert answer.status_code == 303
        cookies = answer.headers.get_list("set-cookie")
        assert all("Secure" in one or "secure" in one for one in cookies)
        assert all("httponly" in one.lower() for one in cookies)
        first = browser.get("/", follow_redirects=True)
        assert first.status_code == 200
        assert "/login" not in str(first.url)


def test_a_large_paper_comes_through(door: Door) -> None:
    paper = born_digital("LARGE") + b"\n%" + b"x" * (30 * 2**20)
    with door.client("clerk") as clerk:
        answer = clerk.post("/v1/documents", files={"file": ("a.pdf", paper)})
    assert answer.status_code == 201
    with door.client("clerk") as clerk:
        document = answer.json()["id"]
        back = clerk.get(f"/v1/documents/{document}/content?rendition=original")
    assert back.content == paper


def test_events_are_not_held_back(door: Door) -> None:
    """An event reaches the browser while the answer goes on."""
    came = threading.Event()

    def listen() -> None:
        with door.client("clerk") as clerk, clerk.stream("GET", "/v1/events") as answer:
            for _ in answer.iter_raw():
                came.set()
                return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    deadline = time.monotonic() + 20
    number = 0
    while not came.wait(0.5) and time.monotonic() < deadline:
        number += 1
        with door.office.client("clerk") as clerk:
            clerk.post("/v1/documents", files={"file": ("e.pdf", born_digital(f"EVENT {number}"))})
    listener.join(10)
    assert came.is_set()


def test_guessing_is_slowed_at_the_door(door: Door) -> None:
    with door.client(None) as client:
        answers = [
            client.post("/v1/token", data={"grant_type": "client_credentials"}).status_code
            for _ in range(130)
        ]
    assert 429 in answers
    assert answers[0] != 429
