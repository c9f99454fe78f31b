"""Many worker hosts at one office: killed, added, stopped, and nothing is lost or doubled."""

import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.papers import PaperKind
from ingest import review
from ingest.house import House
from repository.schema import documents
from tests.faults.hosts import Department, department
from tests.faults.whole import (
    each_paper_once,
    index_is_the_catalogue,
    nothing_waits,
    pages_read,
    states,
    wait_until,
)
from tests.integration.http.papers import born_digital, many_pages, scanned
from tests.servers.engines import Servers
from vocabulary.errors import Conflict

pytestmark = pytest.mark.servers

LONG = 29
PAGES_OF_LONG = 10
SCANS = 10


@pytest.fixture
def office(tmp_path: Path, servers: Servers) -> Iterator[Department]:
    with department(tmp_path, servers.fresh()) as made:
        yield made


def backlog(folder: Path) -> dict[str, int]:
    """300 pages: papers of ten pages with text of their own, and scans; names and pages."""
    folder.mkdir()
    pages = {}
    for number in range(LONG):
        texts = [f"CONG VAN SO {number} TRANG {page}" for page in range(PAGES_OF_LONG)]
        name = f"công văn {number:02}.pdf"
        (folder / name).write_bytes(born_digital(*texts))
        pages[name] = PAGES_OF_LONG
    for number in range(SCANS):
        name = f"bản quét {number:02}.pdf"
        (folder / name).write_bytes(scanned(PaperKind.LETTER, 20 + number))
        pages[name] = 1
    return pages


class Clerk(threading.Thread):
    """Confirms whatever waits for a person, while hosts come and go."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self._house = house
        self.enough = threading.Event()

    def run(self) -> None:
        waits = select(documents.c.id, documents.c.version).where(
            documents.c.state == "needs_review"
        )
        while not self.enough.wait(0.3):
            with self._house.database.read() as tx:
                rows = tx.execute(waits).all()
            for row in rows:
                with suppress(Conflict):  # a worker has written meanwhile: the next look
                    review.confirm(self._house, row.id, "clerk", row.version)


def test_hosts_come_and_go_and_every_paper_is_there_once(
    office: Department, tmp_path: Path
) -> None:
    pages = backlog(tmp_path / "backlog")
    office.command("import", str(tmp_path / "backlog"), "--no-wait")
    with office.house() as house:
        clerk = Clerk(house)
        clerk.start()

        def read(number: int) -> None:
            wait_until(lambda: len(pages_read(house)) >= number, 120, lambda: states(house))

        first, second = office.host("first"), office.host("second")
        read(40)
        first.kill()
        kept = pages_read(house)
        third = office.host("third")
        read(120)
        assert kept.items() <= pages_read(house).items(), "a page was lost, or read again"
        assert second.end() == 0
        assert '"ended"' in second.said() or "ended" in second.said()
        assert second.owner not in str(held(house)), "it ended before what it had begun"
        fourth = office.host("fourth")
        wait_until(
            lambda: states(house) == {"done": len(pages)} and nothing_waits(house), 150,
            lambda: (states(house), house.queue.figures(), held(house)),
        )  # fmt: skip
        clerk.enough.set()
        clerk.join()
        each_paper_once(house, pages)
        index_is_the_catalogue(house)
        assert house.queue.failures() == []
        for host in (third, fourth):
            assert host.end() == 0
        for host in office.started:
            assert "Traceback" not in host.said()
            assert "read twice" not in host.said()


def held(house: House) -> list[str]:
    """Who holds a job."""
    from repository.jobs.engine_statements import HELD

    with house.database.write(alone=False) as tx:
        return [row.owner for row in tx.execute(HELD)]


def noticed(said: str) -> bool:
    """A host that was stopped between two writes; or in one, which the server has ended."""
    return "taken over" in said or "database_unreachable" in said


def test_a_host_that_was_taken_for_dead_writes_nothing_over_its_successor(
    office: Department, tmp_path: Path
) -> None:
    (tmp_path / "paper").mkdir()
    one = scanned(PaperKind.DECISION, 5)
    (tmp_path / "paper" / "quyết định.pdf").write_bytes(many_pages(one, 16))
    office.command("import", str(tmp_path / "paper"), "--no-wait")
    with office.house() as house:
        stopped = office.host("stopped")
        wait_until(lambda: len(pages_read(house)) >= 2, 60)
        stopped.process.send_signal(signal.SIGSTOP)
        before = pages_read(house)
        successor = office.host("successor")
        wait_until(lambda: successor.owner in str(held(house)), 60, successor.said)
        wait_until(lambda: len(pages_read(house)) >= len(before) + 2, 60, successor.said)
        stopped.process.send_signal(signal.SIGCONT)
        wait_until(lambda: noticed(stopped.said()), 60, stopped.said)
        wait_until(lambda: nothing_waits(house), 90, lambda: states(house))
        assert before.items() <= pages_read(house).items()
        each_paper_once(house, {"quyết định.pdf": 16})
        index_is_the_catalogue(house)
        for host in (stopped, successor):
            assert "read twice" not in host.said()
            assert host.end() == 0
