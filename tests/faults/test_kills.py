"""kill -9 at random moments: nothing accepted is lost, doubled or half visible, no page read twice.

The number of kills is small here; ``SOHOA_TEST_KILLS=50 SOHOA_TEST_SERVICE_KILLS=20`` is the
full measure (docs/performance.md has the figures).
"""

import os
import random
import sqlite3
import threading
import time
from pathlib import Path

import httpx
import pytest

from demo.damage import scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import pdf_bytes
from repository.objects import FileStore
from tests.faults.service import free_port, kill_9, serve, sohoa, start

WORKER_KILLS = int(os.environ.get("SOHOA_TEST_KILLS", "5"))
SERVICE_KILLS = int(os.environ.get("SOHOA_TEST_SERVICE_KILLS", "2"))
PAGES = 40
LONGEST_LIFE = 5.0 if WORKER_KILLS < 20 else 2.4
"""Seconds a worker lives at most: with many kills short lives, so that each falls into the work."""


@pytest.fixture(scope="module")
def forty_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 40-page scan: four pages of a decision, again and again."""
    paper = make_paper(PaperKind.DECISION, 5, pages=4)
    scans = [scan(render(page, 150), "clean", 150, page.number) for page in paper.pages[:4]]
    path = tmp_path_factory.mktemp("papers") / "bốn mươi trang.pdf"
    path.write_bytes(pdf_bytes([scans[number % len(scans)] for number in range(PAGES)]))
    return path


def pages_read(home: Path) -> dict[tuple[str, int], str]:
    """Which page was read when; as the catalogue on the disk has it."""
    with sqlite3.connect(f"file:{home / 'sohoa.db'}?mode=ro", uri=True) as db:
        rows = db.execute("select document_id, number, read_at from page_readings").fetchall()
    return {(document, number): moment for document, number, moment in rows}


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{home / 'sohoa.db'}?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


def everything_is_whole(home: Path) -> None:
    store = FileStore(home / "objects")
    for name in store.all():
        store.check(name)
    for (sha,) in rows(home, "select sha256 from documents union select sha256 from renditions"):
        assert store.exists(str(sha))


@pytest.mark.timeout(1800)
def test_killed_workers_cost_time_never_a_page(tmp_path: Path, forty_pages: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    sohoa(home, "demo", "office")
    sohoa(home, "import", str(forty_pages.parent), "--no-wait")
    dice = random.Random(1)
    before: dict[tuple[str, int], str] = {}
    for _ in range(WORKER_KILLS):
        worker = start(home, log, "worker", "--concurrency", "2")
        time.sleep(dice.uniform(0.8, LONGEST_LIFE))
        kill_9(worker)
        now = pages_read(home)
        assert before.items() <= now.items(), "a page that was read has been lost or read again"
        before = now
        everything_is_whole(home)
    assert sohoa(home, "worker", "--until-idle").returncode == 0
    assert before.items() <= pages_read(home).items()
    assert sorted(number for _, number in pages_read(home)) == list(range(1, PAGES + 1))
    [(state, pages)] = rows(home, "select state, page_count from documents")
    assert (state, pages) in {("done", PAGES), ("needs_review", PAGES)}
    assert "read twice" not in log.read_text(encoding="utf-8")
    everything_is_whole(home)
    assert sohoa(home, "check").returncode == 0
    found = sohoa(home, "search", "quyet dinh", "--json").stdout.splitlines()
    assert len(found) == 1


@pytest.mark.timeout(1800)
def test_a_killed_service_keeps_what_it_accepted(tmp_path: Path, forty_pages: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    sohoa(home, "demo", "office")
    port = free_port()
    content = forty_pages.read_bytes()
    accepted: dict[str, str] = {}
    stop = threading.Event()

    def hand_in(service_url: str, token: str) -> None:
        """Hand in one file after another; a request that was cut is repeated with its key."""
        number = 0
        while not stop.is_set():
            key = f"file-{number}"
            body = content + f"\n% {number}\n".encode()  # other bytes, so no duplicate
            try:
                answer = httpx.post(
                    f"{service_url}/v1/documents",
                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
                    files={"file": (f"{key}.pdf", body, "application/pdf")},
                    timeout=30,
                )
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            assert answer.status_code in (201, 503), answer.text
            if answer.status_code == 201:
                accepted[key] = answer.json()["id"]
                number += 1
                stop.wait(1.5)

    service = serve(home, log, port)
    token = service.accounts()["clerk"]["token"]
    thread = threading.Thread(target=hand_in, args=(service.url, token), daemon=True)
    thread.start()
    dice = random.Random(2)
    for _ in range(SERVICE_KILLS):
        time.sleep(dice.uniform(0.5, 4.0))
        kill_9(service.process)
        everything_is_whole(home)
        service = serve(home, log, port)
    time.sleep(1)
    stop.set()
    thread.join()
    kill_9(service.process)
    held = {str(one): str(name) for one, name in rows(home, "select id, name from documents")}
    names = list(held.values())
    assert len(names) == len(set(names)), "a file that was handed in once is there twice"
    for key, document in accepted.items():
        assert held[document] == f"{key}.pdf"
    jobs = {str(key) for (key,) in rows(home, "select key from jobs")}
    assert set(held) == jobs, "a document without its job, or a job without its document"
    assert "read twice" not in log.read_text(encoding="utf-8")
    everything_is_whole(home)
