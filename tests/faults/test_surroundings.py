"""What is around the program fails: one clear sentence, exit code 4, nothing half-written."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ordinary_rights import ordinary_rights
from tests.faults.service import ROOT
from tests.faults.small_disk import small_disk
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import written

WITHOUT_WEIGHTS = """
import sys
from pathlib import Path
from ocr.engines.own import net
setattr(net, sys.argv.pop(1), Path(sys.argv.pop(1)))
from api.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one paper that has text of its own."""
    folder = tmp_path_factory.mktemp("papers")
    written(folder / "công văn.pdf")
    return folder


def half_written(names: dict[str, int]) -> list[str]:
    return [name for name in names if ".part" in name or ".incoming/" in name]


def test_results_on_a_full_disk(paper: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as disk:
        words = ("digitize", paper / "công văn.pdf", "--out", disk.folder / "out", "--no-sign")
        full = disk.run(*words, "--json")
        full.complains(4, "Ổ đĩa đã đầy", "The disk is full")
        assert full.out == ""
        assert disk.files() == {}
        disk.room(4000)
        again = disk.run(*words, "--json")
        assert (again.code, again.err) == (0, "")
        assert again.records()[0]["state"] == "done"
        assert set(disk.files()) == {"out/công văn.pdf", "out/công văn.json"}


def test_a_full_disk_of_the_data_folder(paper: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 20_000) as disk:
        home = {"SOHOA_HOME": disk.folder / "home"}
        assert disk.run("demo", "office", **home).code == 0
        disk.room(8)
        full = disk.run("import", paper, "--json", **home)
        assert full.out == ""
        full.complains(4, "", "")
        assert half_written(disk.files()) == []
        disk.room(20_000)
        assert disk.run("import", paper, "--no-wait", **home).code == 0
        for room in (100, 300):  # too little for the catalogue, then for the archival file
            disk.room(room)
            disk.run("worker", "--until-idle", **home).complains(4, "", "")
        disk.room(20_000)
        again = disk.run("worker", "--until-idle", **home)
        assert (again.code, again.out, again.err) == (0, "", "")
        assert half_written(disk.files()) == []
        [counts] = disk.run("stats", "--json", **home).records()
        assert counts["by_state"] == {"done": 1}
        assert disk.run("check", **home).code == 0


def test_a_full_scratch_disk_stops_no_file(paper: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as disk:
        words = ("digitize", paper / "công văn.pdf", "--out", tmp_path / "out", "--no-sign")
        full = disk.run(*words, "--json", TMPDIR=disk.folder)
        full.complains(4, "đã đầy", "is full")
        assert full.out == ""
        assert list((tmp_path / "out").iterdir()) == []
        assert not [name for name in disk.files() if name.startswith("sohoa-")]
        disk.room(4000)
        assert disk.run(*words, TMPDIR=disk.folder).code == 0


@pytest.fixture
def closed_place(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be looked into but not written."""
    place = tmp_path / "closed"
    place.mkdir()
    place.chmod(0o555)
    with ordinary_rights():
        yield place
    place.chmod(0o755)


def test_results_in_a_folder_without_the_right_to_write(closed_place: Path) -> None:
    answer = sohoa("digitize", ROOT / "pyproject.toml", "--out", closed_place, "--no-sign")
    answer.complains(4, "Không có quyền", "No permission")
    assert str(closed_place) in answer.err
    assert list(closed_place.iterdir()) == []


@pytest.mark.parametrize("words", [["demo", "office"], ["worker", "--until-idle"]])
def test_a_data_folder_without_the_right_to_write(closed_place: Path, words: list[str]) -> None:
    answer = sohoa(*words, home=closed_place)
    answer.complains(4, "Không ghi được vào thư mục dữ liệu", "cannot be written")
    assert "SOHOA_HOME" in answer.err
    below = sohoa(*words, home=closed_place / "data")
    below.complains(4, "Không ghi được vào thư mục dữ liệu", "cannot be written")
    assert list(closed_place.iterdir()) == []


@pytest.mark.parametrize("engine", ["tesserocr", "pytesseract"])
def test_a_missing_language_model(paper: Path, tmp_path: Path, engine: str) -> None:
    empty, out = tmp_path / "tessdata", tmp_path / "out"
    empty.mkdir()
    words = ("digitize", paper / "công văn.pdf", "--out", out, "--no-sign")
    answer = sohoa(*words, ocr_engine=engine, tessdata=empty)
    answer.complains(4, "tesseract-ocr-vie", "sudo apt-get install tesseract-ocr-vie")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("which", ["_WEIGHTS", "UNDER_SEALS"])
@pytest.mark.parametrize("damaged", [False, True])
def test_missing_weights_of_our_own_engine(
    paper: Path, tmp_path: Path, damaged: bool, which: str
) -> None:
    weights = tmp_path / "recogniser.onnx"
    if damaged:
        weights.write_bytes(b"not a model")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_WEIGHTS, which, weights,
         "digitize", paper / "công văn.pdf", "--out", tmp_path / "out", "--no-sign"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "SOHOA_OCR_ENGINE": "own", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    answer = Answer(done.returncode, done.stdout, done.stderr)
    answer.complains(4, "Không nạp được mô hình", "cannot be loaded")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = sohoa("serve", "--port", port, home=tmp_path / "home")
    answer.complains(4, f"127.0.0.1:{port}", "--port 8001")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("ocr_engine", "zork"), ("max_pages", "many"), ("max_pages", "0"), ("lease_seconds", "-1")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    answer = sohoa("worker", "--until-idle", home=tmp_path / "home", **{name: value})
    answer.complains(2, "Thiết lập sai", "Wrong settings")
    assert f"SOHOA_{name.upper()}" in answer.err
    assert not (tmp_path / "home").exists()


def test_a_wrong_line_of_the_settings_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "sohoa.toml").write_text("zork = 1\n", "utf-8")
    answer = sohoa("settings", home=tmp_path)
    answer.complains(2, "SOHOA_ZORK", "SOHOA_ZORK")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("trust", "a.pem", 2), ("thresholds", "high", 2), ("database_url", "zork", 2),
     ("database_url", "oracle://x/y", 2)],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, value: str, code: int
) -> None:
    sohoa("worker", "--until-idle", home=tmp_path / "home", **{name: value}).complains(code, "", "")


def test_a_settings_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "sohoa.toml").write_text("max_pages = [\n", "utf-8")
    sohoa("settings", home=tmp_path).complains(2, "Thiết lập sai", "Wrong settings")


def test_a_key_file_that_is_not_there(paper: Path, tmp_path: Path) -> None:
    words = ("digitize", paper / "công văn.pdf", "--out", tmp_path / "out")
    key = tmp_path / "none.p12"
    sohoa(*words, officer_key=key, organisation_key=key).complains(4, "tệp khóa", "key file")
    assert list((tmp_path / "out").iterdir()) == []
