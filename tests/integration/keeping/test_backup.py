"""Backups, with a drill: taken while papers come in, restored elsewhere, everything compared."""

import gzip
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import open_house
from ingest import proof
from ingest.backup import Snapshot, back_up, restore, snapshots
from ingest.house import House
from repository import audit, documents
from repository.audit import AuditFilter
from repository.named_objects import named_objects
from repository.ports import SearchQuery
from tests.integration.http.counter import RENEWAL, hand_in, of_the_firm, receive
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import ON_BOTH, Engines, Servers
from vocabulary.errors import Conflict, IntegrityFailure, NotFound


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An office with a certified paper, a dossier that reuses it, and one that waits."""
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        hand_in(made, born_digital("DANG KY KINH DOANH"), **of_the_firm("business_registration"))
        with made.client("officer") as officer:
            receive(officer, RENEWAL)
        yield made


@pytest.fixture(params=ON_BOTH)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An empty office on another machine: embedded parts, or servers."""
    fresh: Engines = {}
    if request.param == "servers":
        servers: Servers = request.getfixturevalue("servers")
        fresh = servers.fresh()
    with open_house(Settings(home=tmp_path / "elsewhere", workers=1, **fresh)) as house:
        yield house


@contextmanager
def papers_coming_in(office: Office) -> Iterator[list[str]]:
    """A clerk hands in one file after the other, and a worker reads them, meanwhile."""
    taken: list[str] = []
    enough = threading.Event()

    def clerk() -> None:
        with office.client("clerk") as client:
            for number in range(10_000):
                files = {"file": ("giấy.pdf", born_digital(f"CONG VAN SO {number}"))}
                answer = client.post("/v1/documents", files=files, data={"metadata": "{}"})
                taken.append(answer.json()["id"])
                if enough.is_set():
                    return

    thread = threading.Thread(target=clerk)
    thread.start()
    try:
        while len(taken) < 3:
            thread.join(0.05)
        yield taken
    finally:
        enough.set()
        thread.join()


def entries(house: House, most: int) -> list[audit.Recorded]:
    with house.database.read() as tx:
        page = audit.page_of(tx, AuditFilter(), limit=100_000)
    return [one for one in page.items if one.seq <= most]


def test_a_backup_during_intake_is_restored_elsewhere_to_the_same_moment(
    office: Office, elsewhere: House, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    with papers_coming_in(office) as before:
        known = list(before)
        made = back_up(office.house, target)
        while len(before) < len(known) + 2:  # life goes on after the moment
            threading.Event().wait(0.02)
    back = restore(elsewhere, target)
    assert back.name == made.name
    assert set(made.proof.documents) >= {"done"}
    with elsewhere.database.read() as tx:
        assert proof.proof_of(tx, made.taken) == made.proof
        named = named_objects(tx)
        there = {one: documents.get(tx, one).sha256 for one in known}
    assert len(named) == made.objects
    for sha256 in named:
        elsewhere.objects.check(sha256)
    with office.house.database.read() as tx:
        assert there == {one: documents.get(tx, one).sha256 for one in known}
    newest = made.proof.audit[0]
    assert entries(elsewhere, newest) == entries(office.house, newest)
    found = elsewhere.index.search(SearchQuery(text="dang ky kinh doanh"))
    assert found.total >= 1
    assert elsewhere.queue.unfinished() >= 1  # what waited then waits here, too


def test_the_next_backup_copies_only_what_is_new(office: Office, tmp_path: Path) -> None:
    first = back_up(office.house, tmp_path)
    assert first.copied == first.objects > 0
    hand_in(office, born_digital("GIAY MOI"))
    second = back_up(office.house, tmp_path)
    assert 0 < second.copied < second.objects
    assert [one.name for one in snapshots(tmp_path)] in ([first.name, second.name], [second.name])


@pytest.fixture
def kept(office: Office, tmp_path: Path) -> tuple[Path, Snapshot]:
    return tmp_path / "b", back_up(office.house, tmp_path / "b")


def test_a_damaged_object_in_the_backup_is_named_and_nothing_is_brought_in(
    kept: tuple[Path, Snapshot], elsewhere: House
) -> None:
    folder, _ = kept
    victim = next((folder / "objects").glob("??/*"))
    victim.chmod(0o600)
    victim.write_bytes(b"%PDF-1.4 something else")
    with pytest.raises(IntegrityFailure, match=victim.name):
        restore(elsewhere, folder)
    with elsewhere.database.read() as tx:
        assert documents.counts(tx).by_state == {}


def test_a_row_that_was_changed_in_the_backup_is_found(
    kept: tuple[Path, Snapshot], elsewhere: House
) -> None:
    folder, made = kept
    path = folder / "snapshots" / made.name / "documents.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    lines[0]["name"] = "giấy khác.pdf"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    with pytest.raises(IntegrityFailure, match="documents"):
        restore(elsewhere, folder)


def test_a_backup_without_its_manifest_never_happened(
    kept: tuple[Path, Snapshot], elsewhere: House
) -> None:
    folder, made = kept
    (folder / "snapshots" / made.name / "manifest.json").unlink()
    with pytest.raises(NotFound):
        restore(elsewhere, folder)


def test_an_office_that_holds_something_is_not_written_over(
    kept: tuple[Path, Snapshot], office: Office
) -> None:
    with pytest.raises(Conflict):
        restore(office.house, kept[0])


def test_a_damaged_object_is_no_backup(office: Office, tmp_path: Path) -> None:
    """What could not be restored must not be called a backup."""
    home = tmp_path / "office"
    with open_office(home, demo=True) as other:
        hand_in(other, born_digital("GIAY SE HONG"))
        victim = next((home / "objects").glob("??/*"))
        whole = victim.read_bytes()
        victim.chmod(0o600)
        victim.write_bytes(whole[:-1] + b"!")
        with pytest.raises(IntegrityFailure, match=victim.name):
            back_up(other.house, tmp_path / "b")
        assert snapshots(tmp_path / "b") == []
    shutil.rmtree(home)
