"""/readyz with parts taken away for real, /metrics and who may read it, a worker's own face."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.service import ROOT, environment, free_port, sohoa
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital

TOKEN = "a-token-for-the-figures-alone"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    token = folder / "metrics-token"
    token.write_text(TOKEN + "\n", "utf-8")
    with open_office(folder / "home", metrics_token_file=token) as made:
        yield made


def ready(office: Office) -> tuple[int, dict[str, dict[str, object]], dict[str, object]]:
    time.sleep(1.05)  # an answer is good for a second
    answer = httpx.get(f"{office.url}/readyz")
    body = answer.json()
    return answer.status_code, {one["name"]: one for one in body["checks"]}, body


def test_without_a_worker_papers_come_in_and_it_is_said(office: Office) -> None:
    status, parts, body = ready(office)
    assert (status, body["status"], body["state"]) == (200, "ready", "degraded")
    assert parts["workers"]["state"] == "degraded"
    assert "sohoa worker" in str(parts["workers"]["message"])


def test_without_search_papers_come_in(tmp_path: Path) -> None:
    nobody = f"elasticsearch+http://127.0.0.1:{free_port()}/office"
    with open_office(tmp_path / "home", engines={"search_url": nobody}) as office:
        status, parts, body = ready(office)
        with office.client("clerk") as clerk:
            files = {"file": ("a.pdf", born_digital("still taken in"))}
            assert clerk.post("/v1/documents", files=files).status_code == 201
    assert (status, body["state"]) == (200, "degraded")
    assert (parts["search"]["state"], parts["search"]["needed"]) == ("down", False)
    assert body["parts"] == {
        "database": True, "objects": True, "search": False, "workers": True, "disk": True,
        "clock": True,
    }  # fmt: skip


def test_without_its_objects_it_is_not_ready(office: Office) -> None:
    root = office.house.objects.root  # type: ignore[attr-defined]
    aside = root.with_name("aside")
    root.rename(aside)
    try:
        status, parts, body = ready(office)
    finally:
        aside.rename(root)
    assert (status, body["status"]) == (503, "not_ready")
    assert parts["objects"]["state"] == "down"
    assert str(root) not in str(body)  # what is told to everybody has no places
    assert ready(office)[0] == 200


def test_alive_asks_nobody(office: Office) -> None:
    assert httpx.get(f"{office.url}/healthz").json() == {"status": "ok"}


def test_the_token_opens_the_figures_and_nothing_else(office: Office) -> None:
    with httpx.Client(
        base_url=office.url, headers={"Authorization": f"Bearer {TOKEN}"}
    ) as prometheus:
        assert prometheus.get("/metrics").status_code == 200
        for other in ("/v1/procedures", "/v1/documents", "/v1/audit"):
            assert prometheus.get(other).status_code == 401
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"):
        headers = {"Authorization": wrong.encode("latin-1")}
        assert httpx.get(f"{office.url}/metrics", headers=headers).status_code == 401
    assert httpx.get(f"{office.url}/metrics").status_code == 401


def test_the_figures_are_well_formed_and_bounded(office: Office) -> None:
    with office.client("administrator") as admin:
        for place in ("/v1/documents/079200001234", "/nothing/079200001234"):
            admin.get(place)
        text = admin.get("/metrics").text
    families = {one.name: one for one in text_string_to_metric_families(text)}
    assert {"sohoa_http_requests", "sohoa_jobs", "sohoa_part_state", "sohoa_build_info"} <= set(
        families
    )
    for family in families.values():
        if family.name.startswith("sohoa_"):
            assert family.documentation, family.name
    routes = {sample.labels["route"] for sample in families["sohoa_http_requests"].samples}
    assert "/v1/documents/{document_id}" in routes
    assert "unmatched" in routes
    assert "079200001234" not in text
    assert 'sohoa_part_state{part="objects"} 1.0' in text


def test_every_call_is_counted_by_its_template(office: Office) -> None:
    def count() -> float:
        with office.client("administrator") as admin:
            text = admin.get("/metrics").text
        found = re.search(
            r'sohoa_http_requests_total\{method="GET",route="/v1/procedures/\{code\}",'
            r'status="404"\} (\S+)', text,
        )  # fmt: skip
        return float(found.group(1)) if found else 0.0

    before = count()
    with office.client("clerk") as clerk:
        for number in range(3):
            clerk.get(f"/v1/procedures/9.99999{number}")
    assert count() == before + 3


def test_a_call_is_named_by_its_caller_or_by_us(office: Office) -> None:
    given = "0123456789abcdef0123456789abcdef"
    named = httpx.get(f"{office.url}/healthz", headers={"X-Request-Id": given})
    assert named.headers["x-request-id"] == given
    for wrong in ("079200001234", "<script>", "a" * 500):
        answer = httpx.get(f"{office.url}/healthz", headers={"X-Request-Id": wrong})
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    refused = httpx.get(f"{office.url}/v1/documents", headers={"X-Request-Id": given})
    assert (refused.status_code, refused.headers["x-request-id"]) == (401, given)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("worker") / "home"
    sohoa(home, "demo", "office")
    return home


def test_a_worker_shows_its_own_figures(home: Path, tmp_path: Path) -> None:
    port = free_port()
    paper = tmp_path / "papers" / "a.pdf"
    paper.parent.mkdir()
    paper.write_bytes(born_digital("a page for the worker"))
    sohoa(home, "import", str(paper.parent), "--no-wait")
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "worker", "--metrics-port", str(port)],
        env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        text = ""
        while "sohoa_worker_pages_read_total{" not in text and time.monotonic() < deadline:
            time.sleep(0.2)
            try:
                text = httpx.get(f"{url}/metrics").text
            except httpx.TransportError:
                continue
        assert re.search(r'sohoa_worker_pages_read_total\{engine="[^"]+"\} 1\.0', text)
        assert 'sohoa_worker_slots{state="idle"}' in text
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.get(f"{url}/elsewhere").status_code == 404
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert process.stdout is not None
        process.stdout.close()


def test_a_worker_shows_nothing_to_other_hosts_without_a_token(home: Path) -> None:
    refused = sohoa(home, "worker", "--metrics-port", "0", "--metrics-host", "0.0.0.0", check=False)
    assert refused.returncode == 2
    assert "SOHOA_METRICS_TOKEN_FILE" in refused.stderr


def test_doctor_asks_the_same_parts(home: Path) -> None:
    told = sohoa(home, "doctor", check=False)
    assert "workers: " in told.stdout
    assert told.returncode == 0
    objects = home / "objects"
    aside = shutil.move(objects, home / "aside")
    objects.write_text("not a folder", "utf-8")
    try:
        told = sohoa(home, "doctor", check=False)
    finally:
        objects.unlink()
        shutil.move(aside, objects)
    assert told.returncode == 4
    assert "Không ghi được vào kho" in told.stdout
