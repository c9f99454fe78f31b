"""Secrecy and urgency: stamps in the head, never words of the text."""

import pytest

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page, decision, letter


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_stamp_under_the_number_is_the_degree_of_secrecy(mark: str) -> None:
    page = decision()
    page.centred(122, mark, 150)
    found = extract_fields([page.reading()])["secrecy"]
    assert found.value == mark
    assert not found.needs_review


def test_the_frame_of_the_stamp_read_as_signs_does_not_matter() -> None:
    assert extract_fields([decision().at(120, 122, "| TỐI MẬT |").reading()])["secrecy"].value == (
        "TỐI MẬT"
    )


def test_a_letter_spaced_stamp_is_read() -> None:
    assert extract_fields([letter().at(450, 20, "M Ậ T").reading()])["secrecy"].value == "MẬT"


def test_a_stamp_whose_marks_were_misread_goes_to_review() -> None:
    found = extract_fields([decision().centred(122, "TOI MAT", 150).reading()])["secrecy"]
    assert found.value == "TỐI MẬT"
    assert found.needs_review


def test_a_stamp_counts_on_a_page_without_head() -> None:
    assert extract_fields([Page().at(120, 60, "MẬT").reading()])["secrecy"].value == "MẬT"


@pytest.mark.parametrize(
    ("y", "text"),
    [
        (158, "Về việc ban hành Danh mục bí mật nhà nước độ Mật"),
        (174, "BẢO VỆ BÍ MẬT NHÀ NƯỚC"),
        (300, "tài liệu có độ MẬT phải được quản lý theo quy định"),
        (600, "MẬT"),
    ],
)
def test_the_word_elsewhere_is_no_mark(y: float, text: str) -> None:
    assert "secrecy" not in extract_fields([decision().centred(y, text).reading()])


def test_a_heading_broken_before_the_word_is_no_mark() -> None:
    page = letter().centred(20, "BẢO VỆ BÍ").centred(35, "MẬT")
    assert "secrecy" not in extract_fields([page.reading()])


@pytest.mark.parametrize("mark", ["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"])
def test_urgency(mark: str) -> None:
    fields = extract_fields([letter().centred(164, mark, 150).reading()])
    assert fields["urgency"].value == mark
    assert "secrecy" not in fields
    assert "giải quyết TTHC" in str(fields["subject"].value)
    assert mark not in str(fields["subject"].value)
