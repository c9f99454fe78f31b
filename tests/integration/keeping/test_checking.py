"""The index is held against the catalogue: what differs is told, mended, and fills itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from ingest import checking, outbox
from ingest.checking import IndexFindings
from repository.ports import IndexEntry, SearchQuery
from repository.schema import documents
from tests.integration.http.counter import hand_in
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture
def paper(office: Office, request: pytest.FixtureRequest) -> str:
    return hand_in(office, born_digital(f"CONG VAN {abs(hash(request.node.name))}"))


def test_an_index_that_heard_of_everything_has_no_differences(office: Office, paper: str) -> None:
    found = checking.index(office.house)
    assert found.differences == 0
    assert found.checked >= 1


def test_what_is_missing_is_told_and_mended(office: Office, paper: str) -> None:
    index = office.house.index
    index.remove([paper], dict(index.versions())[paper])
    found = checking.index(office.house)
    assert found.missing == (paper,)
    checking.mend_index(office.house, found)
    assert checking.index(office.house).differences == 0


def test_what_the_catalogue_does_not_know_leaves_the_index(office: Office, paper: str) -> None:
    office.house.index.put([IndexEntry("0" * 32, "giấy lạ", version=3)])
    found = checking.index(office.house)
    assert found.extra == ("0" * 32,)
    checking.mend_index(office.house, found)
    assert checking.index(office.house).differences == 0
    assert office.house.index.search(SearchQuery(text="giấy lạ")).total == 0


def test_a_paper_that_changed_behind_the_index_is_stale(office: Office, paper: str) -> None:
    with office.house.database.write() as tx:
        newer = update(documents).where(documents.c.id == paper)
        tx.execute(newer.values(version=documents.c.version + 1))
    found = checking.index(office.house)
    assert found.stale == (paper,)
    checking.mend_index(office.house, found)
    assert checking.index(office.house).differences == 0


def test_an_empty_index_fills_itself(office: Office, paper: str) -> None:
    office.house.index.clear()
    assert paper in checking.index(office.house).missing
    assert checking.fill_when_empty(office.house) >= 1
    office.work()
    assert checking.index(office.house) == IndexFindings(
        checked=checking.index(office.house).checked
    )
    assert checking.fill_when_empty(office.house) == 0


def test_a_paper_that_cannot_be_told_of_does_not_hold_up_the_others(
    office: Office, paper: str
) -> None:
    house = office.house
    house.index.remove([paper], dict(house.index.versions())[paper])
    with house.database.write() as tx:
        house.queue.enqueue(tx, outbox.JOB, "f" * 32, {})  # no such paper
        outbox.changed(house, tx, paper)
    office.work()
    assert checking.index(house).differences == 0
    with house.database.write() as tx:
        house.queue.cancel(tx, outbox.JOB, "f" * 32)
