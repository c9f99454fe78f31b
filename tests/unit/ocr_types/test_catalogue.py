"""The shipped types, and an office's own over them."""

from pathlib import Path

from ocr.types import load_catalogue, shipped_catalogue
from ocr.types.description import described
from ocr.types.paper import phrase_key
from tests.unit.ocr_types.files import WHOLE, written

SHIPPED = {
    "decision", "official_letter", "licence", "certificate", "registration", "power_of_attorney",
    "application_form", "citizen_identity_card", "business_registration", "health_certificate",
}  # fmt: skip


def test_the_ten_types_are_shipped_and_say_where_they_come_from() -> None:
    catalogue = shipped_catalogue()
    assert set(catalogue.types) == SHIPPED
    for kind in catalogue:
        assert kind.shipped
        assert kind.sources, kind.key
        assert "doc_type" in kind.essential
        assert described(kind)["validity"]["told"]


def test_no_title_belongs_to_two_shipped_types() -> None:
    titles = [phrase_key(cue.text) for kind in shipped_catalogue() for cue in kind.cues.titles]
    assert len(titles) == len(set(titles))


def test_an_office_adds_a_type_and_replaces_one(tmp_path: Path) -> None:
    written(tmp_path)
    own = WHOLE.replace("test_report", "licence").replace("Phiếu kết quả", "Giấy phép riêng")
    written(tmp_path, own, "z-licence.toml")
    catalogue = load_catalogue(tmp_path)
    assert set(catalogue.types) == SHIPPED | {"test_report"}
    assert catalogue.replaced == ("licence",)
    licence = catalogue.get("licence")
    assert licence is not None
    assert not licence.shipped
    assert catalogue.problems == ()


def test_a_wrong_file_is_left_out_and_told_of_and_the_others_work(tmp_path: Path) -> None:
    written(tmp_path, "key = 5", "a-wrong.toml")
    written(tmp_path)
    catalogue = load_catalogue(tmp_path)
    assert set(catalogue.types) == SHIPPED | {"test_report"}
    assert {Path(one.file).name for one in catalogue.problems} == {"a-wrong.toml"}


def test_of_two_files_with_one_key_the_second_is_told_of(tmp_path: Path) -> None:
    written(tmp_path, WHOLE, "a.toml")
    written(tmp_path, WHOLE.replace("Test report", "Another"), "b.toml")
    catalogue = load_catalogue(tmp_path)
    kind = catalogue.get("test_report")
    assert kind is not None
    assert kind.en == "Test report"
    (problem,) = catalogue.problems
    assert problem.file.endswith("b.toml")
    assert "a.toml" in problem.vi


def test_a_title_that_another_type_has_is_told_of(tmp_path: Path) -> None:
    written(tmp_path, WHOLE.replace('text = "Phiếu kết quả thử nghiệm"', 'text = "GIAY PHEP"'))
    (problem,) = load_catalogue(tmp_path).problems
    assert "'licence'" in problem.en


def test_records_say_by_which_types_of_the_office_a_paper_was_read(tmp_path: Path) -> None:
    assert shipped_catalogue().made_by == {}
    written(tmp_path)
    first = load_catalogue(tmp_path).made_by
    assert first == load_catalogue(tmp_path).made_by
    written(tmp_path, WHOLE.replace("weight = 0.9", "weight = 0.8"))
    assert first["types"] != load_catalogue(tmp_path).made_by["types"]


def test_without_a_folder_the_shipped_types_are_all(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path / "none") is shipped_catalogue()
    assert load_catalogue(None) is shipped_catalogue()
