"""The service signs at the level its settings name; a silent authority makes papers wait."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import update

from api.settings import Settings
from api.wiring import open_house
from ingest.worker import Worker
from repository import documents
from repository.schema import jobs
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.integration.signing.tsa import authority_at_work
from tests.unit.signing.office import make_root
from vocabulary.errors import MissingPart


def hand_in(office: Office, text: str = "DAU THOI GIAN") -> str:
    with office.client("clerk") as clerk:
        document: str = clerk.post(
            "/v1/documents", files={"file": ("giấy.pdf", born_digital(text))}
        ).json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
    return document


def test_both_signatures_get_a_timestamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with authority_at_work(make_root()) as tsa:
        monkeypatch.setenv("SOHOA_SIGNATURE_LEVEL", "B-T")
        monkeypatch.setenv("SOHOA_TSA_URL", tsa.url)
        with open_office(tmp_path, demo=True) as office, office.client("officer") as officer:
            document = hand_in(office)
            archival = officer.get(f"/v1/documents/{document}/content?rendition=archival").content
            told = officer.post("/v1/verify", files={"file": ("a.pdf", archival)}).json()
    assert [one["level"] for one in told["signatures"]] == ["B-T", "B-T"]
    assert [one["time_source"] for one in told["signatures"]] == ["timestamp", "timestamp"]
    assert [one["integrity"] for one in told["signatures"]] == ["intact", "intact"]


def test_a_paper_waits_for_an_authority_that_is_silent_and_goes_on_when_it_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    monkeypatch.setenv("SOHOA_SIGNATURE_LEVEL", "B-T")
    monkeypatch.setenv("SOHOA_TSA_URL", f"http://127.0.0.1:{closed}/tsa")
    with open_office(tmp_path, demo=True) as office:
        document = hand_in(office)
        with office.house.database.read() as tx:
            waiting = documents.get(tx, document)
            assert "archival" not in documents.renditions(tx, document)
            told = documents.history(tx, document)[-1]
        assert (waiting.state, waiting.status) == ("composed", "draft")
        assert (told.event, told.detail["code"]) == ("signature_waits", "tsa_unreachable")
        other = hand_in(office, "TO KHAC")  # other papers go their ways meanwhile
        with office.house.database.read() as tx:
            assert documents.get(tx, other).state == "composed"
    monkeypatch.setenv("SOHOA_SIGNATURE_LEVEL", "B-B")  # the office does without
    with open_house(Settings(home=tmp_path)) as house:
        with house.database.write() as tx:
            tx.execute(update(jobs).values(run_after=house.clock.now()))
        Worker(house, 1).run(until_idle=True)
        with house.database.read() as tx:
            assert documents.get(tx, document).status == "active"


def test_a_level_without_its_authority_is_refused_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_SIGNATURE_LEVEL", "B-LTA")
    with pytest.raises(MissingPart, match="SOHOA_TSA_URL"), open_house(Settings(home=tmp_path)):
        pass
