"""A committee or council is of a place."""

import pytest

from ocr.fields import extract_fields
from ocr.fields.committees import lacks_its_place
from tests.unit.ocr_fields.paper_builder import Page


@pytest.mark.parametrize(
    "name",
    [
        "ỦY BAN NHÂN DÂN TỈNH TÂY NINH",
        "UBND TỈNH BÀ RỊA - VŨNG TÀU",
        "Uỷ ban nhân dân thành phố Hải Phòng",
        "ỦY BAN NHÂN DÂN XÃ TÂN HƯNG",
        "HỘI ĐỒNG NHÂN DÂN THỊ XÃ TÂN UYÊN",
        "UBND ĐẶC KHU PHÚ QUỐC",
        "UY BAN NHAN DAN TINH DAK LAK",
        "ỦY BAN NHÂN DÂN TỈNH ĐẮC LẮC",
        "ỦY BAN NHÂN DÂN TỈNH HÀ TÂY",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "BỘ TƯ PHÁP",
    ],
)
def test_names_with_their_place_lack_nothing(name: str) -> None:
    assert not lacks_its_place(name)


@pytest.mark.parametrize(
    "name",
    ["ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN TÂY NN", "UBND TỈNH", "UBND TỈNH TÂY NN", "UBND XÃ"],
)
def test_names_that_lost_it_do(name: str) -> None:
    assert lacks_its_place(name)


def test_a_committee_whose_place_was_not_read_goes_to_review() -> None:
    page = Page(source="ocr", confidence=99.0)
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "TÂY NN")
    page.left(104, "Số: 308/QĐ-UBND").right(104, "Tây Ninh, ngày 15 tháng 01 năm 2025")
    assert extract_fields([page.reading()])["issuer"].needs_review


@pytest.mark.parametrize("row", ["208 /QĐ-UBND", "QĐ-UBND", "/QĐ-UBND"])
def test_a_number_row_without_its_label_is_no_part_of_the_issuer(row: str) -> None:
    page = Page(source="ocr", confidence=99.0)
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "TỈNH TÂY NINH")
    page.left(104, row).right(104, "Tây Ninh, ngày 15 tháng 01 năm 2025")
    found = extract_fields([page.reading()])
    assert found["issuer"].value == "ỦY BAN NHÂN DÂN TỈNH TÂY NINH"
    assert not found["issuer"].needs_review
