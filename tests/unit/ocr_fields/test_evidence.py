"""What the words of a field say against it."""

import pytest

from ocr.fields.evidence import has_figure_within


@pytest.mark.parametrize(
    "text", ["SỞ XÂY DỰNG TÂY7 NINH", "Cấp 8iấy phép", "UBND TỈNH NINH7 BÌNH", "Điều4", "TH0ÀNH"]
)
def test_a_figure_within_a_word_is_misread(text: str) -> None:
    assert has_figure_within(text)


@pytest.mark.parametrize(
    "text",
    [
        "TRƯỜNG TIỂU HỌC SỐ 2",
        "Sửa chữa đường QL1A, ĐT741 và cống km2",
        "Theo QCVN 16:2019/BXD",
        "12/2020/NĐ-CP",
        "TTPVHCC2 và KY5",
        "ngày 05/7/2025",
        "",
    ],
)
def test_codes_and_numbers_beside_words_are_not(text: str) -> None:
    assert not has_figure_within(text)
