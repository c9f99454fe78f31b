"""Number and date that stand only in the appearance of a stamp or signature."""

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page


def stamped() -> Page:
    page = Page()
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "TỈNH YÊN BÁI")
    page.centred(140, "QUYẾT ĐỊNH")
    return page


def test_digits_stamped_one_by_one_into_the_blanks_are_read_together() -> None:
    page = stamped()
    page.at(100, 104, "Số:", height=12).at(160, 104, "/QĐ-UBND", height=12)
    for place, digit in enumerate("278"):
        page.at(124 + 9 * place, 106, digit, height=12, source="annotation")
    page.at(288, 104, "Yên Bái, ngày", height=12)
    page.at(372, 106, "1", height=12, source="annotation")
    page.at(380, 106, "9", height=12, source="annotation")
    page.at(392, 104, "tháng 02 năm 2025", height=12)
    fields = extract_fields([page.reading()])
    assert fields["number_symbol"].value == "278/QĐ-UBND"
    assert fields["number_symbol"].source == "annotation"
    assert fields["issue_date"].value == "2025-02-19"
    assert fields["issue_date"].source == "annotation"
    assert fields["place"].value == "Yên Bái"
    assert fields["place"].source == "text"


def test_a_date_stamped_letter_by_letter() -> None:
    page = stamped()
    page.right(104, "Hà Tĩnh, ngày 1 9 t h á n g 0 2 năm 2025", source="annotation")
    assert extract_fields([page.reading()])["issue_date"].value == "2025-02-19"


def test_the_time_of_a_digital_signature_is_not_the_date_of_issue() -> None:
    page = stamped()
    page.at(354, 6, "Thời gian ký: 19/02/2025 08:34:29 +07:00", height=9, source="annotation")
    page.right(100, "Ngày ký: 19/02/2025 08:34:29", source="annotation")
    assert "issue_date" not in extract_fields([page.reading()])
