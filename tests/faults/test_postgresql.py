"""The catalogue's server goes away in the middle of the work, and comes back."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ingest.worker import Worker
from repository.schema import documents, page_readings
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.postgresql import PostgreSql

pytestmark = pytest.mark.servers
PAPERS = 24


@pytest.fixture
def cluster() -> Iterator[PostgreSql]:
    """A server of this test's own, to be killed."""
    with tempfile.TemporaryDirectory(prefix="sohoa-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = PostgreSql(Path(folder))
        try:
            yield made
        finally:
            made.server.stop()


@pytest.fixture(params=["database", "procrastinate"])
def office(request: pytest.FixtureRequest, cluster: PostgreSql, tmp_path: Path) -> Iterator[Office]:
    engines = {"database_url": cluster.database(), "jobs": request.param, "lease_seconds": 10}
    with open_office(tmp_path, demo=True, engines=engines) as made:
        yield made


def hand_in(office: Office, number: int) -> str | None:
    """The paper's id if the service has accepted it."""
    with office.client("clerk") as clerk:
        answer = clerk.post(
            "/v1/documents",
            files={"file": (f"giấy {number}.pdf", born_digital(f"CONG VAN SO {number}"))},
            data={"metadata": "{}"},
        )
    assert answer.status_code in (201, 503), answer.text
    accepted: str | None = answer.json()["id"] if answer.status_code == 201 else None
    return accepted


def test_a_server_killed_in_the_middle_costs_time_and_no_paper(
    office: Office, cluster: PostgreSql
) -> None:
    crew = Worker(office.house, 2, heartbeat_seconds=1)
    working = threading.Thread(target=crew.run)
    working.start()
    accepted: list[str] = []
    try:
        for number in range(PAPERS):
            if number in (6, 14):
                cluster.server.kill()
                threading.Timer(1.0, cluster.server.start).start()
            while (one := hand_in(office, number)) is None:
                threading.Event().wait(0.2)
            accepted.append(one)
        wait_until_done(office, accepted)
    finally:
        crew.stop()
        working.join()
    with office.house.database.read() as tx:
        states = tx.execute(select(documents.c.state).where(documents.c.id.in_(accepted)))
        assert set(states.scalars()) <= {"done", "needs_review"}
        pages = select(func.count()).where(page_readings.c.document_id.in_(accepted))
        assert tx.execute(pages).scalar_one() == PAPERS
    assert office.house.queue.failures() == []


def wait_until_done(office: Office, ids: list[str]) -> None:
    for _ in range(600):
        with office.house.database.read() as tx:
            open_ = select(func.count()).where(
                documents.c.id.in_(ids), documents.c.state.not_in(("done", "needs_review"))
            )
            if not tx.execute(open_).scalar_one():
                return
        threading.Event().wait(0.1)
    with office.house.database.read() as tx:
        left = tx.execute(select(documents.c.state, documents.c.id).where(documents.c.id.in_(ids)))
        stuck = [tuple(row) for row in left if row.state not in ("done", "needs_review")]
    raise AssertionError(f"{stuck} never ended: {office.house.queue.figures()}")
