"""One of the servers is away while the office works: time is lost, and nothing else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.papers import PaperKind
from ingest.worker import Worker
from repository import documents
from tests.faults.hosts import Department, department
from tests.faults.whole import (
    each_paper_once,
    index_is_the_catalogue,
    nothing_waits,
    pages_read,
    states,
    wait_until,
)
from tests.integration.http.counter import FIRM, RENEWAL, component, hand_in, of_the_firm, receive
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital, scanned
from tests.servers import s3
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engines import Servers
from tests.servers.s3 import S3Server

pytestmark = pytest.mark.servers


@contextmanager
def at_work(office: Office) -> Iterator[Worker]:
    """A worker beside the office, as ``sohoa serve`` has one."""
    crew = Worker(office.house, 1)
    thread = threading.Thread(target=crew.run)
    thread.start()
    try:
        yield crew
    finally:
        crew.stop()
        thread.join()


@pytest.fixture
def node(own_elasticsearch: Callable[..., Elasticsearch]) -> Elasticsearch:
    return own_elasticsearch()


@pytest.fixture
def office(node: Elasticsearch, servers: Servers, tmp_path: Path) -> Iterator[Office]:
    """An office that begins its day without search."""
    engines = {**servers.fresh(), "search_url": node.address()}
    node.server.kill()
    with open_office(tmp_path / "office", demo=True, engines=engines) as made:
        yield made


def a_day(office: Office) -> None:
    """Papers handed in, read, certified, reused in a dossier that moves on."""
    registration = hand_in(
        office, born_digital("DANG KY KINH DOANH"), **of_the_firm("business_registration")
    )
    hand_in(office, scanned(PaperKind.LICENCE, 11), **of_the_firm("radiation_work_licence"))
    with office.house.database.read() as tx:
        assert documents.get(tx, registration).certified_at is not None
    with office.client("officer") as officer:
        question = {"procedure": RENEWAL, "subject": FIRM}
        answer = officer.post("/v1/once-only/check", json=question)
        assert answer.status_code == 200, answer.text
        held = {one["component"]: one["answer"] for one in answer.json()["components"]}
        assert (held["TP2"], held["TP3"]) == ("held", "held")
        assert answer.json()["receipt"]
        dossier = receive(officer, RENEWAL)
        assert component(dossier, "TP3")["documents"] == [registration]
        asked = officer.post(
            f"/v1/dossiers/{dossier['code']}/requests", json={"components": ["TP1"]}
        )
        assert asked.json()["state"] == "awaiting_supplement"
        form = hand_in(office, born_digital("DON GIA HAN"), subject=FIRM)
        address = f"/v1/dossiers/{dossier['code']}/components/TP1"
        assert officer.put(address, json={"document": form}).json()["state"] == "received"
        found = officer.get("/v1/search", params={"q": "dang ky kinh doanh"})
        assert found.status_code == 503
        assert found.json()["code"] == "search_unreachable"
        assert int(found.headers["retry-after"]) > 0
    with office.browser("officer") as browser:
        page = browser.get("/search", params={"q": "đăng ký"})
        assert (page.status_code, "không trả lời" in page.text) == (503, True)


def test_a_day_without_search_is_a_day_of_work(office: Office, node: Elasticsearch) -> None:
    a_day(office)
    node.start()
    with at_work(office):
        wait_until(lambda: nothing_waits(office.house), 90, lambda: office.house.queue.figures())
    index_is_the_catalogue(office.house)
    with office.client("officer") as officer:
        found = officer.get("/v1/search", params={"q": "dang ky kinh doanh"}).json()
    assert found["total"] == 1


def test_a_node_killed_in_the_middle_hears_of_everything_afterwards(
    office: Office, node: Elasticsearch
) -> None:
    node.start()
    with at_work(office), office.client("clerk") as clerk:
        for number in range(24):
            if number in (8, 16):
                node.server.kill()
            if number in (12, 20):
                node.start()
            files = {"file": (f"{number}.pdf", born_digital(f"CONG VAN SO {number}"))}
            assert clerk.post("/v1/documents", files=files).status_code == 201
            wait_until(lambda number=number: len(pages_read(office.house)) > number, 30)  # type: ignore[misc]
        wait_until(lambda: nothing_waits(office.house), 90, lambda: office.house.queue.figures())
    each_paper_once(office.house, {f"{number}.pdf": 1 for number in range(24)})
    index_is_the_catalogue(office.house)
    assert office.house.queue.failures() == []


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[S3Server]:
    """A store of this test's own, to be killed."""
    (tmp_path / "store").mkdir()
    server = s3.seaweedfs(tmp_path / "store")
    try:
        yield server
    finally:
        server.server.stop()


@pytest.fixture
def with_own_store(servers: Servers, own_store: S3Server, tmp_path: Path) -> Iterator[Department]:
    # little patience, or no call would notice that the store was away
    bucket = own_store.bucket(versioned=True)
    url = f"s3://{bucket}?endpoint={own_store.endpoint}&patience_seconds=3"
    with department(tmp_path, {**servers.fresh(), "objects_url": url}) as made:
        yield made


def test_papers_wait_for_a_store_that_is_away(
    with_own_store: Department, own_store: S3Server, tmp_path: Path
) -> None:
    office = with_own_store
    pages = {}
    (tmp_path / "papers").mkdir()
    for number in range(24):
        name = f"{number}.pdf"
        (tmp_path / "papers" / name).write_bytes(born_digital(f"CONG VAN SO {number}"))
        pages[name] = 1
    office.command("import", str(tmp_path / "papers"), "--no-wait")
    with office.house() as house:
        hosts = [office.host("first"), office.host("second")]
        wait_until(lambda: len(pages_read(house)) >= 4, 60, lambda: states(house))
        own_store.server.kill()
        threading.Event().wait(10)
        own_store.server.start()
        wait_until(
            lambda: nothing_waits(house), 120, lambda: (states(house), house.queue.figures())
        )
        assert "stopped" not in states(house)
        each_paper_once(house, pages)
        index_is_the_catalogue(house)
        assert house.queue.failures() == []
        for host in hosts:
            assert host.end() == 0
            assert "Traceback" not in host.said()
    assert any("cannot work" in host.said() for host in hosts), "nobody has noticed"
