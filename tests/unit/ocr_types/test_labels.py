"""Values behind declared labels: on the line, in the next cell, under it; in their normal form."""

from dataclasses import replace
from pathlib import Path

import pytest

from ocr.types import (
    DocumentType,
    TypedReading,
    extract_for_type,
    read_typed,
    shipped_catalogue,
)
from tests.unit.ocr_fields.paper_builder import Page
from tests.unit.ocr_types.files import WHOLE, changed, report_type
from vocabulary.papers import PageCode


def read(kind: DocumentType, page: Page) -> TypedReading:
    return extract_for_type([page.reading()], kind)


def value(reading: TypedReading, name: str) -> object:
    return reading.fields[name].value if name in reading.fields else None


def shipped(key: str) -> DocumentType:
    kind = shipped_catalogue().get(key)
    assert kind is not None
    return kind


def report() -> Page:
    return Page().nation_centred().centred(110, "PHIẾU KẾT QUẢ THỬ NGHIỆM")


@pytest.fixture
def kind(tmp_path: Path) -> DocumentType:
    return report_type(tmp_path)


def test_the_value_stands_behind_its_label(kind: DocumentType) -> None:
    page = report().body(200, "2. Khách hàng (tên đầy đủ): Công ty TNHH Phố Nối")
    assert value(read(kind, page), "holder_name") == "Công ty TNHH Phố Nối"


def test_the_value_stands_in_the_next_cell(kind: DocumentType) -> None:
    page = report().at(85, 200, "Khách hàng", height=11)
    page.at(300, 201, "Công ty TNHH Phố Nối", height=11)
    found = read(kind, page)
    assert value(found, "holder_name") == "Công ty TNHH Phố Nối"
    assert found.fields["holder_name"].box is not None
    assert found.fields["holder_name"].box.x0 == 300


def test_the_value_stands_under_its_label(kind: DocumentType) -> None:
    page = report().body(200, "Khách hàng:", "CÔNG TY CỔ PHẦN BÁCH VIỆT")
    assert value(read(kind, page), "holder_name") == "CÔNG TY CỔ PHẦN BÁCH VIỆT"


def test_what_stands_under_a_label_may_be_another_label(kind: DocumentType) -> None:
    page = report().body(200, "Khách hàng:", "Phí thử nghiệm: 1.500.000 đồng")
    found = read(kind, page)
    assert value(found, "holder_name") is None
    assert found.facts["fee"].value == "1500000 VND"
    assert "holder_name" in found.missing


def test_an_item_of_a_list_is_no_label(kind: DocumentType) -> None:
    page = report().body(200, "Nơi nhận:", "- Khách hàng;", "- Cục An toàn bức xạ và hạt nhân;")
    assert value(read(kind, page), "holder_name") is None
    page = report().body(200, "Khách hàng:", "- Lưu: VT.")
    assert value(read(kind, page), "holder_name") is None


def test_the_value_ends_where_the_next_label_begins(kind: DocumentType) -> None:
    page = report().body(200, "Khách hàng: Công ty Hồng Phúc Phí thử nghiệm: 200.000 đ")
    found = read(kind, page)
    assert value(found, "holder_name") == "Công ty Hồng Phúc"
    assert found.facts["fee"].value == "200000 VND"


@pytest.mark.parametrize("label", ["Khach hang", "Khánh hàng", "KHÁCH HÀNG", "- Khách hàng"])
def test_a_label_that_opens_its_row_may_be_misread(kind: DocumentType, label: str) -> None:
    page = report().body(200, f"{label}: Công ty TNHH Phố Nối")
    assert value(read(kind, page), "holder_name") == "Công ty TNHH Phố Nối"


def test_a_word_that_only_contains_the_label_is_none(kind: DocumentType) -> None:
    page = report().body(200, "Dịch vụ cho khách hàngthường xuyên của Viện")
    assert value(read(kind, page), "holder_name") is None


def test_a_long_value_goes_on_in_the_next_line(kind: DocumentType) -> None:
    full = "Khách hàng: Công ty Trách nhiệm hữu hạn Một thành viên Đo lường và Kiểm định Chất"
    page = report().body(200, full, "lượng Phố Hiến")
    page.body(
        260, *["Nội dung thử nghiệm theo yêu cầu của khách và tiêu chuẩn đã nêu trên đây"] * 4
    )
    assert str(value(read(kind, page), "holder_name")).endswith("Chất lượng Phố Hiến")


def test_a_rule_with_a_form_takes_only_what_fits(tmp_path: Path) -> None:
    rule = 'value = "organisation"\n\n[[labels]]\nfield = "number_symbol"\ntext = ["Mã"]\n'
    rule += 'value = "identifier"\npatterns = ["KT-{d3}"]'
    kind = report_type(tmp_path, changed('value = "organisation"', rule))
    page = report().body(200, "Mã: KT-1234", "Mã: KT-123")
    assert value(read(kind, page), "number_symbol") == "KT-123"


def test_labels_count_between_their_headings_only() -> None:
    page = Page().nation_centred().centred(110, "GIẤY ỦY QUYỀN")
    page.body(
        150,
        "I. BÊN ỦY QUYỀN:",
        "Họ và tên: Trần Thị Bình",
        "Số CCCD: 033192004567",
        "II. BÊN ĐƯỢC ỦY QUYỀN:",
        "Ông Nguyễn Văn An, sinh năm 1990",
        "Số CCCD: 033090123456",
    )
    found = read(shipped("power_of_attorney"), page)
    assert value(found, "holder_name") == "Trần Thị Bình"
    assert value(found, "holder_id") == "033192004567"
    assert found.facts["agent_name"].value == "Nguyễn Văn An"
    assert found.facts["agent_id"].value == "033090123456"


def registration(*rows: str) -> Page:
    page = Page().nation_centred().centred(110, "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP")
    return page.centred(140, "Mã số doanh nghiệp: 0100047516").body(170, *rows)


def test_the_last_change_of_a_registration_is_its_date() -> None:
    page = registration(
        "Đăng ký lần đầu: ngày 02 tháng 5 năm 2019",
        "Đăng ký thay đổi lần thứ: 3, ngày 11 tháng 9 năm 2025",
        "3. Vốn điều lệ: 5.000.000.000 đồng",
    )
    found = read(shipped("business_registration"), page)
    assert value(found, "issue_date") == "2025-09-11"
    assert found.facts["first_registration"].value == "2019-05-02"
    assert found.facts["charter_capital"].value == "5000000000 VND"
    assert value(found, "holder_id") == "0100047516"


def test_a_code_with_a_wrong_check_digit_is_found_and_doubted() -> None:
    page = Page().nation_centred().centred(110, "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP")
    page.body(170, "Mã số doanh nghiệp: 0100047515")
    found = read(shipped("business_registration"), page)
    assert value(found, "holder_id") == "0100047515"
    assert found.fields["holder_id"].needs_review
    (finding,) = found.findings
    assert (finding.check, finding.field) == ("check_digit", "holder_id")


def test_a_rule_that_goes_first_never_stands_above_a_code_that_was_read(tmp_path: Path) -> None:
    """The QR of a card is no reading that could be wrong."""
    text = WHOLE.replace('value = "organisation"', 'value = "organisation"\nfirst = true')
    kind = report_type(tmp_path, text)
    page = report().body(200, "Khách hàng: Công ty Một")
    reading = page.reading()
    card = "033090123456||Nguyễn Văn A|01011990|Nam|Hưng Yên|15042021"
    found = extract_for_type([replace(reading, codes=(PageCode(card, 1),))], kind)
    assert found.fields["holder_name"].value == "Nguyễn Văn A"


def test_a_title_the_word_lists_do_not_know_becomes_the_type_of_the_paper(tmp_path: Path) -> None:
    text = WHOLE.replace("Phiếu kết quả thử nghiệm", "Sổ theo dõi liều xạ")
    types = shipped_catalogue().with_type(report_type(tmp_path, text))
    page = Page().nation_centred().centred(110, "SỔ THEO DÕI LIỀU XẠ")
    found = read_typed([page.reading()], types)
    assert value(found, "doc_type") == "Sổ theo dõi liều xạ"
