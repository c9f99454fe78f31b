"""Webhooks: signed, retried, told once, told again on demand, and only where it is allowed."""

import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from sqlalchemy import update

from ingest import webhooks
from repository import purposes
from repository.schema import jobs
from tests.integration.http.counter import FIRM, RENEWAL, hand_in, of_the_firm
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital
from tests.servers.engines import Engines


@dataclass
class Listener:
    """Another system's address; answers with ``status`` and keeps what it was told."""

    url: str
    status: int = 200
    told: list[tuple[str, bytes]] = field(default_factory=list)


class _Hears(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        listener: Listener = self.server.listener  # type: ignore[attr-defined]
        listener.told.append((self.headers[webhooks.SIGNATURE], body))
        self.send_response(listener.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Listener]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hears)
    listener = Listener(f"http://127.0.0.1:{server.server_port}/sohoa")
    server.listener = listener  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOHOA_WEBHOOK_HOSTS", '["127.0.0.1"]')
        with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
            with made.house.database.write() as tx:
                purposes.grant(tx, "portal", RENEWAL, made.house.clock.now())
            yield made


@pytest.fixture
def portal(office: Office) -> Iterator[httpx.Client]:
    with office.client("system") as client:
        yield client


def delivered_evidence(office: Office, portal: httpx.Client, text: str) -> str:
    """A licence that the portal has been given."""
    document = hand_in(office, born_digital(text), **of_the_firm("radiation_work_licence"))
    asked = {
        "request_id": str(uuid.uuid4()),
        "purpose": {
            "procedure_code": RENEWAL, "case_ref": "HS-1",
            "legal_basis": [{"instrument": "Nghị định 45/2020/NĐ-CP"}],
        },
        "subject": {"organization": {"id": SUBJECT.id}},
        "evidence_type": {"id": "radiation_work_licence"},
    }  # fmt: skip
    assert portal.post("/v1/evidence-requests", json=asked).status_code == 200
    return document


def withdraw(office: Office, document: str) -> None:
    with office.client("officer") as officer:
        officer.post(f"/v1/documents/{document}/withdraw", json={"reason": "QĐ 1/QĐ-SKHCN"})
    office.work()


def due_now(office: Office) -> None:
    with office.house.database.write() as tx:
        tx.execute(update(jobs).values(run_after=office.house.clock.now()))


def test_who_was_given_a_paper_hears_that_it_was_withdrawn(
    office: Office, portal: httpx.Client, listener: Listener
) -> None:
    made = portal.post("/v1/subscriptions", json={"url": listener.url}).json()
    document = delivered_evidence(office, portal, "BI THU HOI")
    withdraw(office, document)
    ((header, body),) = listener.told
    told = json.loads(body)
    assert told["event"] == "document.withdrawn"
    assert told["evidence"]
    assert document not in body.decode()
    assert FIRM["name"] not in body.decode()
    moment = header.split(",")[0].removeprefix("t=")
    expected = hmac.new(made["secret"].encode(), f"{moment}.".encode() + body, hashlib.sha256)
    assert header == f"t={moment},v1={expected.hexdigest()}"
    office.work()
    assert len(listener.told) == 1  # told once
    (kept,) = portal.get(f"/v1/subscriptions/{made['id']}/deliveries").json()["items"]
    assert (kept["status"], kept["attempts"], kept["last_answer"]) == ("delivered", 1, "HTTP 200")
    assert portal.delete(f"/v1/subscriptions/{made['id']}").status_code == 204


def test_what_was_not_taken_is_told_again(
    office: Office, portal: httpx.Client, listener: Listener
) -> None:
    made = portal.post(
        "/v1/subscriptions", json={"url": listener.url, "events": ["document.withdrawn"]}
    ).json()
    listener.status = 503
    withdraw(office, delivered_evidence(office, portal, "THU LAI"))
    kept = portal.get(f"/v1/subscriptions/{made['id']}/deliveries").json()["items"][0]
    assert (kept["status"], kept["attempts"], kept["last_answer"]) == ("waiting", 1, "HTTP 503")
    listener.status = 204
    due_now(office)
    office.work()
    kept = portal.get(f"/v1/subscriptions/{made['id']}/deliveries").json()["items"][0]
    assert (kept["status"], kept["attempts"]) == ("delivered", 2)
    told = len(listener.told)
    again = portal.post(
        f"/v1/subscriptions/{made['id']}/replay", json={"since": "2020-01-01T00:00:00+07:00"}
    )
    assert (again.status_code, again.json()) == (202, {"replayed": 1})
    office.work()
    assert len(listener.told) == told + 1
    assert json.loads(listener.told[-1][1])["id"] == json.loads(listener.told[-2][1])["id"]
    portal.delete(f"/v1/subscriptions/{made['id']}")


def test_only_named_hosts_are_called(portal: httpx.Client) -> None:
    for url in ("https://evil.example.com/x", "http://10.0.0.1/", "file:///etc/passwd", "x"):
        answer = portal.post("/v1/subscriptions", json={"url": url})
        assert (answer.status_code, answer.json()["code"]) == (422, "callback_not_allowed"), url
    wrong = portal.post("/v1/subscriptions", json={"url": "http://127.0.0.1/", "events": ["all"]})
    assert wrong.status_code == 422


def test_subscriptions_are_ones_own(office: Office, portal: httpx.Client) -> None:
    assert portal.get(f"/v1/subscriptions/{'0' * 32}/deliveries").status_code == 404
    assert portal.delete(f"/v1/subscriptions/{'0' * 32}").status_code == 404
    with office.client("officer") as officer:
        assert officer.get("/v1/subscriptions").status_code == 403
