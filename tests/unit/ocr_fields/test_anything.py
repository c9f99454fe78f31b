"""Whatever a reader gives, the rules answer with well-formed fields and never fail."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page
from vocabulary.papers import FIELD_NAMES

_SCRAPS = st.sampled_from(
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Số: /", "MẬT",
        "Số: 12/QĐ-UBND", "ngày tháng năm", "Huế, ngày 31 tháng 02 năm 2025", "QUYẾT ĐỊNH",
        "Về việc", "V/v", "Nơi nhận:", "KT. CHỦ TỊCH", "Căn cứ", "Họ và tên:", "Mã số thuế: 1",
        "Có giá trị đến: 99/99/9999", "Giấy phép này có thời hạn 999 năm kể từ ngày ký", "|||||||",
        "ngày 01 tháng 01 năm 0000", "- . / : ;", "TM.", "GIẤY PHÉP",
    ]
)  # fmt: skip
_TEXT = st.one_of(_SCRAPS, st.text(min_size=1, max_size=30))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(_TEXT, st.floats(0, 590), st.floats(0, 840), st.floats(1, 40)), max_size=14)
)
def test_any_words_anywhere(lines: list[tuple[str, float, float, float]]) -> None:
    page = Page(source="ocr", confidence=70.0)
    for text, x, y, height in lines:
        if text.split():
            page.at(x, y, text, height=height)
    for name, field in extract_fields([page.reading()]).items():
        assert name in FIELD_NAMES
        assert field.value
        assert 0 <= field.confidence <= 1
        assert field.page == 1
