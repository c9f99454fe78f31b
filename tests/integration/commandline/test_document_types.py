"""``sohoa types``: what is known, what is wrong with a file, what a type extracts from samples."""

import csv
import io
from pathlib import Path

import pytest

from demo.papers import Paper, PaperKind
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import written

OWN = """schema = 1
key = "radiation_work_licence"
[name]
vi = "Giấy phép tiến hành công việc bức xạ"
en = "Licence for radiation work"
[[cues.titles]]
text = "Giấy phép"
weight = 0.9
[[cues.phrases]]
text = "thiết bị"
weight = 0.1
[fields]
has = ["doc_type", "number_symbol", "issue_date", "holder_name", "holder_id", "expiry_date"]
essential = ["doc_type", "number_symbol", "holder_name"]
[[labels]]
fact = "head"
name = "Người đứng đầu"
text = ["Người đứng đầu tổ chức"]
value = "person"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("types-home")
    (home / "types").mkdir()
    return home


@pytest.fixture(scope="module")
def samples(home: Path) -> Path:
    """A licence with what is expected of it, and a letter that is no licence."""
    folder = home.parent / "mẫu"
    made = written(folder / "giấy phép.pdf", PaperKind.LICENCE, 11)
    expect(folder, made)
    written(folder / "công văn.pdf", PaperKind.LETTER, 4)
    return folder


def expect(folder: Path, paper: Paper, **changes: str) -> None:
    fields = {"number_symbol": paper.fields["number_symbol"], "urgency": "", **changes}
    lines = "".join(f'{name} = "{value}"\n' for name, value in fields.items())
    text = f'type = "licence"\n[fields]\n{lines}'
    (folder / "giấy phép.expected.toml").write_text(text, encoding="utf-8")


def test_the_shipped_types_are_listed_and_shown(home: Path) -> None:
    listed = sohoa("types", "list", "--json", home=home)
    assert len(listed.records()) == 10
    told = sohoa("types", "show", "health_certificate", home=home)
    assert "«Giấy khám sức khỏe»" in told.out
    assert "Thông tư 32/2023/TT-BYT" in told.out
    (record,) = sohoa("types", "show", "licence", "--json", home=home).records()
    assert record["essential"][0] == "doc_type"
    sohoa("types", "show", "nothing", home=home).complains(2, "Không có loại", "no type")


def test_a_wrong_file_is_told_of_with_lines(home: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(OWN.replace("weight = 0.9", "weight = 9"), encoding="utf-8")
    answer = sohoa("types", "check", wrong, home=home)
    assert answer.code == 2
    assert f"✗ {wrong}:8: cues.titles[1].weight: " in answer.out
    good = tmp_path / "good.toml"
    good.write_text(OWN, encoding="utf-8")
    checked = sohoa("types", "check", tmp_path, "--json", home=home)
    assert checked.code == 2
    keys = {Path(one["file"]).name: one["key"] for one in checked.records()}
    assert keys == {"good.toml": "radiation_work_licence", "wrong.toml": None}


def test_samples_are_tried_and_expectations_met(home: Path, samples: Path) -> None:
    answer = sohoa("types", "test", "licence", samples, home=home)
    assert answer.code == 0, answer
    assert "✓ giấy phép.pdf: Giấy phép" in answer.out
    assert "không được nhận là «Giấy phép»" in answer.out
    assert "2 mẫu, 1 được nhận" in answer.out
    assert "đúng 3/3 điều mong đợi" in answer.out


def test_a_second_try_reads_nothing_again_and_programs_get_records(
    home: Path, samples: Path
) -> None:
    answer = sohoa("types", "test", "licence", samples, "--json", home=home)
    letter, licence = answer.records()
    assert (letter["type"]["key"], licence["type"]["key"]) == ("official_letter", "licence")
    assert licence["fields"]["number_symbol"]["page"] == 1
    assert [one["met"] for one in licence["expected"]] == [True, True, True]
    assert "(2 mẫu đã đọc từ trước)" in answer.err
    kept = list((home / "type-samples").iterdir())
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert not (home / "sohoa.db").exists()


def test_an_unmet_expectation_ends_with_one(home: Path, samples: Path, tmp_path: Path) -> None:
    made = written(tmp_path / "giấy phép.pdf", PaperKind.LICENCE, 11)
    expect(tmp_path, made, number_symbol="99/GP-KHÁC", urgency="")
    answer = sohoa("types", "test", "licence", tmp_path, "--csv", "--no-cache", home=home)
    assert answer.code == 1
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(answer.out))}
    assert rows["number_symbol"]["met"] == "False"
    assert rows["number_symbol"]["value"] == made.fields["number_symbol"]
    assert rows["type"]["met"] == "True"
    (tmp_path / "giấy phép.expected.toml").write_text("[fields]\nsymbol = '1'\n", "utf-8")
    again = sohoa("types", "test", "licence", tmp_path, home=home)
    again.complains(2, "«symbol»", "'symbol'")


def test_a_type_from_a_file_is_tried_before_it_is_used(home: Path, samples: Path) -> None:
    path = home / "types" / "radiation.toml"
    path.write_text(OWN.replace('"Giấy phép"', '"Giấy phép tiến hành công việc bức xạ"'), "utf-8")
    answer: Answer = sohoa("types", "test", path, samples / "giấy phép.pdf", "--json", home=home)
    (record,) = answer.records()
    assert record["facts"]["head"]["label"] == "Người đứng đầu"
    assert record["missing"] == []
    assert "radiation_work_licence" in sohoa("types", "list", home=home).out


def test_doctor_names_what_is_wrong_with_the_offices_files(home: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("schema = 7", encoding="utf-8")
    answer = sohoa("doctor", "--json", home=home, types=tmp_path)
    probes = {one["check"].partition(" · ")[2]: one for one in answer.records()}
    assert not probes["document types"]["ok"]
    assert "wrong.toml:1: schema" in probes["document types"]["mend"]


def test_a_file_that_cannot_be_read_is_said_so(home: Path, tmp_path: Path) -> None:
    (tmp_path / "rác.pdf").write_bytes(b"%PDF-1.4 nothing")
    answer = sohoa("types", "test", "licence", tmp_path, home=home)
    assert answer.code == 3
    assert "✗ rác.pdf: " in answer.out
    sohoa("types", "test", "licence", home / "types", home=home).complains(2, "mẫu nào", "sample")
