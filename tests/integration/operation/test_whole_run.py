"""A whole run of the real service: its log tells what was done, and of nobody.

One service with its worker beside it; a paper is handed in, looked at, searched, asked for.
"""

import json
import re
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.service import Service, serve, sohoa
from tests.integration.http.papers import SUBJECT, born_digital

FILE = "giấy phép của bà Trần Thị Bí Mật.pdf"
WORDS = "Nguyen Van Rieng Tu"
QUERY = "tìm chuyện riêng tư"
PURPOSE = "Muc dich rat rieng"
PROCEDURE = "2.002381"


@dataclass(frozen=True)
class Run:
    """What was said on stderr, and what stood in the calls and must not be said."""

    lines: list[dict[str, Any]]
    secrets: dict[str, str]
    request: str
    document: str
    metrics: str
    ready: dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    home = tmp_path_factory.mktemp("office") / "home"
    log = home.parent / "log"
    sohoa(home, "demo", "office")
    service = serve(home, log, workers=1)
    try:
        yield _walk(service, log)
    finally:
        if service.process.poll() is None:
            service.process.kill()
            service.process.wait()


def _walk(service: Service, log: Path) -> Run:
    request = uuid.uuid4().hex
    with service.client("clerk") as clerk:
        clerk.headers["X-Purpose"] = PURPOSE
        answer = clerk.post(
            "/v1/documents",
            files={"file": (FILE, born_digital(WORDS))},
            data={"metadata": json.dumps({
                "type": "licence", "issue_date": "2026-03-12",
                "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name},
            })},
            headers={"X-Request-Id": request},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        assert answer.headers["x-request-id"] == request
        document = answer.json()["id"]
        deadline = time.monotonic() + 60
        while clerk.get(f"/v1/documents/{document}").json()["state"] not in (
            "done", "needs_review", "stopped",
        ) and time.monotonic() < deadline:  # fmt: skip
            time.sleep(0.1)
        clerk.get("/v1/search", params={"q": QUERY, "subject": f"{SUBJECT.scheme}:{SUBJECT.id}"})
        clerk.get(f"/v1/documents/{document}/content?rendition=original")
        clerk.post("/v1/once-only/check", json={
            "procedure": PROCEDURE, "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id},
        })  # fmt: skip
        clerk.get(f"/v1/documents/{SUBJECT.id}")
        clerk.get(f"/no/such/place/{SUBJECT.id}")
        clerk.post("/v1/verify", files={"file": (FILE, b"%PDF-broken " + WORDS.encode())})
    accounts = service.accounts()
    login = {"username": accounts["clerk"]["username"], "password": accounts["clerk"]["password"]}
    httpx.post(f"{service.url}/login", data=login)
    wrong = {"username": "ke.la.mat", "password": "mat khau sai hoan toan"}
    httpx.post(f"{service.url}/login", data=wrong)
    ready = httpx.get(f"{service.url}/readyz").json()
    with service.client("admin") as admin:
        metrics = _metrics_with_a_page(admin)
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(timeout=30) == 0
    said = log.read_text("utf-8").splitlines()
    lines = [json.loads(line) for line in said if not line.startswith(("sohoa: ", "Dừng bằng"))]
    secrets = {
        "file": FILE, "name in the file": "Bí Mật", "words": WORDS, "query": QUERY,
        "subject": SUBJECT.id, "subject's name": SUBJECT.name, "purpose": PURPOSE,
        "who tried": wrong["username"], "tried": wrong["password"],
        **{f"{who} {what}": value for who, one in accounts.items()
           for what, value in one.items() if what not in ("username", "client_id", "name")},
    }  # fmt: skip
    return Run(lines, secrets, request, document, metrics, ready)


def _metrics_with_a_page(admin: httpx.Client) -> str:
    """The worker tells what it did with its next beat."""
    deadline = time.monotonic() + 60
    while True:
        text = admin.get("/metrics").text
        if "sohoa_pages_read_total{" in text or time.monotonic() > deadline:
            return text
        time.sleep(0.5)


def test_nothing_of_a_person_or_a_paper_is_told(run: Run) -> None:
    everything = "\n".join(json.dumps(line, ensure_ascii=False) for line in run.lines)
    told = {what for what, value in run.secrets.items() if value in everything}
    assert not told
    for word in WORDS.split():
        assert word not in everything
    assert not re.search(r"[?&](q|subject|cursor)=", everything)


def test_every_line_has_what_a_collector_needs(run: Run) -> None:
    assert len(run.lines) > 5
    for line in run.lines:
        assert {"time", "level", "logger", "event", "pid"} <= set(line), line
        assert line["logger"].startswith("sohoa."), line
    answered = [line for line in run.lines if line["event"] == "answered"]
    assert {"method", "route", "status", "ms", "role", "request"} <= set(answered[0])
    routes = {line["route"] for line in answered}
    assert "/v1/documents/{document_id}" in routes
    assert "unmatched" in routes
    assert "/healthz" not in routes  # asked every few seconds: told at level debug


def test_a_call_and_the_work_it_set_off_bear_one_name(run: Run) -> None:
    named = [line for line in run.lines if line.get("request") == run.request]
    assert [(line["logger"], line["event"]) for line in named] == [
        ("sohoa.http", "answered"), ("sohoa.worker", "job done"),
    ]  # fmt: skip
    call, work = named
    assert (call["route"], call["status"], call["role"]) == ("/v1/documents", 201, "clerk")
    assert work["key"] == run.document
    assert work["pid"] != call["pid"]
    assert work["seconds"] > 0


def test_what_the_worker_did_is_seen_at_the_service(run: Run) -> None:
    assert 'sohoa_pages_read_total{engine="' in run.metrics
    assert "sohoa_workers 1.0" in run.metrics
    assert 'sohoa_worker_slots_all{state="idle"} 1.0' in run.metrics
    assert re.search(r'sohoa_jobs_ended_total\{kind="digitize",outcome="\w+"\} 1\.0', run.metrics)
    assert 'sohoa_once_only_answers_total{answer="' in run.metrics
    assert "sohoa_search_seconds_count 1.0" in run.metrics
    assert "sohoa_stored_objects" in run.metrics


def test_the_figures_name_nobody(run: Run) -> None:
    assert not [what for what, value in run.secrets.items() if value in run.metrics]
    assert run.document not in run.metrics
    labels = re.findall(r'="([^"]*)"', run.metrics)
    assert not [one for one in labels if re.search(r"[0-9a-f]{16}|\d{6}", one)]


def test_with_its_worker_all_is_well(run: Run) -> None:
    assert (run.ready["status"], run.ready["state"]) == ("ready", "ok")
    assert {one["name"] for one in run.ready["checks"]} == {
        "database", "objects", "search", "workers", "disk", "clock",
    }  # fmt: skip
