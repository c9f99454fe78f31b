"""A paper is found by what a hurried person types: no marks, a wrong letter; exact ones first."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.commandline.calling import sohoa
from tests.integration.commandline.papers import scanned, written

SCANNED = "vận chuyển nguồn phóng xạ đã qua sử dụng"
EXACT = "kiểm định thiết bị chụp cắt lớp"
OTHER_MARKS = "kiếm định thiết bị chụp cắt lớp"
"""The same letters, one other mark: folded they are one."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new office with a scan and papers that have text of their own, taken the whole way."""
    folder = tmp_path_factory.mktemp("search")
    home, papers = folder / "data", folder / "papers"
    (folder / "password").write_text("một mật khẩu đủ dài", "utf-8")
    words = ("users", "add", "lan", "--role", "clerk", "--pass-file", folder / "password")
    assert sohoa(*words, home=home).code == 0
    scanned(papers / "bản quét.pdf", seed=31, matter=SCANNED)
    written(papers / "dấu khác.pdf", seed=32, matter=OTHER_MARKS)
    written(papers / "đúng dấu.pdf", seed=33, matter=EXACT)
    written(papers / "chuyện khác.pdf", seed=34, matter="phân công trực lễ")
    answer = sohoa("import", papers, "--json", home=home)
    assert answer.code == 0, answer
    assert answer.records()[-1]["received"] == 4
    return home


def found(home: Path, text: str) -> list[dict[str, Any]]:
    answer = sohoa("search", text, "--json", home=home)
    assert (answer.code, answer.err) == (0, "")
    return answer.records()


@pytest.mark.parametrize(
    "typed",
    [
        SCANNED,
        "van chuyen nguon phong xa da qua su dung",
        "van chuyen nguon phong xa da qua su dungg",
        "van chuyem nguon phonq xa da qua su dung",
        "vân chuyền nguôn phòng xa",
    ],
)
def test_a_scan_is_found_without_marks_and_with_wrong_letters(home: Path, typed: str) -> None:
    first = found(home, typed)[0]
    assert first["name"] == "bản quét.pdf"
    assert first["highlights"]


def test_exact_matches_stand_above_folded_ones(home: Path) -> None:
    hits = found(home, EXACT)
    assert [(one["name"], one["exact"]) for one in hits[:2]] == [
        ("đúng dấu.pdf", True), ("dấu khác.pdf", False),
    ]  # fmt: skip
    assert hits[0]["score"] > hits[1]["score"]
    turned = found(home, OTHER_MARKS)
    assert [one["name"] for one in turned[:2]] == ["dấu khác.pdf", "đúng dấu.pdf"]


def test_without_marks_both_are_found(home: Path) -> None:
    names = [one["name"] for one in found(home, "kiem dinh thiet bi chup cat lop")]
    assert set(names[:2]) == {"đúng dấu.pdf", "dấu khác.pdf"}


def test_a_paper_of_another_matter_is_not_found(home: Path) -> None:
    assert "chuyện khác.pdf" not in [one["name"] for one in found(home, SCANNED)]
    assert found(home, "phan cong truc le")[0]["name"] == "chuyện khác.pdf"
