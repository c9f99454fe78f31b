"""Moving up: an embedded office goes over to servers, and the old one answers until the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import open_house
from ingest import moving, proof
from ingest.house import House
from repository import installation
from repository.ports import SearchQuery
from tests.integration.commandline.calling import sohoa
from tests.integration.http.counter import RENEWAL, hand_in, of_the_firm, receive
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import Servers
from vocabulary.errors import Conflict, IntegrityFailure

pytestmark = pytest.mark.servers


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "old", demo=True) as made:
        hand_in(made, born_digital("DANG KY KINH DOANH"), **of_the_firm("business_registration"))
        with made.client("officer") as officer:
            receive(officer, RENEWAL)
        yield made


@pytest.fixture
def settings(tmp_path: Path, servers: Servers) -> Settings:
    """The new installation: servers, and the same audit key."""
    key = tmp_path / "old" / "keys" / "audit.key"
    return Settings(home=tmp_path / "new", audit_key_file=key, workers=1, **servers.fresh())


@pytest.fixture
def new(old: Office, settings: Settings) -> Iterator[House]:
    with open_house(settings) as house:
        yield house


def test_everything_goes_over_and_the_old_office_still_answers(old: Office, new: House) -> None:
    first = moving.copy_objects(old.house, new)
    assert first.copied == first.objects > 0
    hand_in(old, born_digital("GIAY DEN GIUA CHUNG"))  # the office works on meanwhile
    moved = moving.switch(old.house, new, "sohoa.so.vn")
    assert 0 < moved.copied < moved.objects
    now = old.house.clock.now()
    with old.house.database.read() as before, new.database.read() as after:
        assert proof.proof_of(before, now) == proof.proof_of(after, now)
    assert new.index.search(SearchQuery(text="giay den giua chung")).total == 1
    with old.client("officer") as officer:
        assert officer.get("/v1/procedures").status_code == 200
    with old.client("clerk") as clerk:
        files = {"file": ("giấy.pdf", born_digital("MUON ROI"))}
        answer = clerk.post("/v1/documents", files=files, data={"metadata": "{}"})
    assert (answer.status_code, answer.json()["code"]) == (409, "moved")
    assert "sohoa.so.vn" in answer.json()["detail"]


def test_a_switch_that_ran_already_is_not_done_twice(old: Office, new: House) -> None:
    done = moving.switch(old.house, new, "sohoa.so.vn")
    again = moving.switch(old.house, new, "sohoa.so.vn")
    assert (again.rows, again.documents) == (done.rows, done.documents)


def test_a_damaged_object_stops_the_switch_and_the_old_office_works_on(
    old: Office, new: House, tmp_path: Path
) -> None:
    victim = next((tmp_path / "old" / "objects").glob("??/*"))
    victim.chmod(0o600)
    victim.write_bytes(b"%PDF-1.4 another paper")
    with pytest.raises(IntegrityFailure, match=victim.name):
        moving.switch(old.house, new, "sohoa.so.vn")
    with old.house.database.read() as tx:
        assert installation.this(tx).state == "open"
    hand_in(old, born_digital("VAN NHAN GIAY"))


def test_an_installation_that_holds_something_is_not_written_over(old: Office, new: House) -> None:
    moving.switch(old.house, new, "sohoa.so.vn")
    moving.reopen(old.house)
    hand_in(old, born_digital("SAU KHI MO LAI"))
    with pytest.raises(Conflict) as refused:
        moving.switch(old.house, new, "sohoa.so.vn")
    assert refused.value.error_code == "not_empty"


def test_another_audit_key_is_refused(old: Office, tmp_path: Path, servers: Servers) -> None:
    strange = Settings(home=tmp_path / "strange", workers=1, **servers.fresh())
    with open_house(strange) as house, pytest.raises(Conflict) as refused:
        moving.switch(old.house, house, "sohoa.so.vn")
    assert refused.value.error_code == "other_audit_key"


def test_the_commands_move_an_office_and_bring_it_back(
    old: Office, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "new.toml"
    lines = [f'{name} = "{getattr(settings, name)}"' for name in settings.model_fields_set
             if name != "workers"]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", "utf-8")
    home = tmp_path / "old"
    copied = sohoa("migrate", "--to", file, "--json", home=home)
    assert copied.code == 0, copied
    assert copied.records()[0]["copied"] > 0
    moved = sohoa("migrate", "--to", file, "--switch", "--json", home=home)
    assert moved.code == 0, moved
    assert moved.records()[0]["copied"] == 0
    assert moved.records()[0]["documents"] == 1
    undone = sohoa("migrate", "--to", file, "--undo", "--json", home=home)
    assert undone.records() == [{"open": True}]
    hand_in(old, born_digital("LAI NHAN O HE CU"))


def test_a_host_with_another_audit_key_may_not_join(
    old: Office, settings: Settings, tmp_path: Path
) -> None:
    with open_house(settings):
        pass
    (tmp_path / "stranger.key").write_bytes(b"another secret")
    stranger = settings.model_copy(update={"audit_key_file": tmp_path / "stranger.key"})
    with pytest.raises(Conflict) as refused, open_house(stranger):
        pass
    assert refused.value.error_code == "other_audit_key"
