"""The queue from the command line: held up, let go on, tried again."""

from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import open_house
from repository.jobs import process_owner
from tests.integration.commandline.calling import sohoa
from tests.integration.http.papers import born_digital


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_house(Settings(home=tmp_path / "office", workers=1)):
        pass
    return tmp_path / "office"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(3):
        (folder / f"giấy {number}.pdf").write_bytes(born_digital(f"CONG VAN {number}"))
    return folder


def test_work_that_is_held_up_waits_and_goes_on(home: Path, papers: Path) -> None:
    assert sohoa("jobs", "pause", "digitize", "--json", home=home).code == 0
    assert sohoa("import", papers, "--no-wait", home=home).code == 0
    shown = sohoa("jobs", "show", "--json", home=home).records()
    assert {"kind": "digitize", "state": "waiting", "jobs": 3} in shown
    assert {"kind": "digitize", "paused": True} in shown
    assert "tạm dừng" in sohoa("jobs", "show", home=home).out
    assert sohoa("jobs", "resume", "digitize", home=home).code == 0
    assert sohoa("worker", "--until-idle", home=home).code == 0
    assert sohoa("jobs", "show", "--json", home=home).records() == []
    assert "Không có việc" in sohoa("jobs", "show", home=home).out


def test_what_failed_is_tried_again(home: Path, papers: Path) -> None:
    assert sohoa("import", papers, "--no-wait", home=home).code == 0
    with open_house(Settings(home=home, workers=1)) as house:
        job = house.queue.claim(process_owner())
        assert job is not None
        house.queue.fail(job, "đầu đọc hỏng")
    assert "đầu đọc hỏng" in sohoa("jobs", "show", home=home).out
    again = sohoa("jobs", "retry", "--json", home=home)
    assert again.records() == [{"failed": 1, "open": 3}]
    assert sohoa("worker", "--until-idle", home=home).code == 0
    assert sohoa("search", "CONG VAN", "--json", home=home).code == 0


def test_an_unknown_kind_is_told_the_known_ones(home: Path) -> None:
    answer = sohoa("jobs", "pause", "ocr", home=home)
    answer.complains(2, "digitize, index, webhook, sign_remote", "digitize, index, webhook")
