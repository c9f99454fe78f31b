"""Pages as an engine reads them: marks lost, letters changed, words unsure."""

import pytest

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page


def scan() -> Page:
    return Page(source="ocr", confidence=93.0)


def test_anchors_without_marks_and_with_wrong_letters_still_hold() -> None:
    page = scan()
    page.left(60, "UBND TỈNH HƯNG YÊN").right(60, "CONG HOÀ XA HỌI CHÙ NGHIA VIET NAM")
    page.left(76, "SỞ KHOA HỌC VÀ CÔNG NGHỆ").right(76, "Dộc lâp - Tư do - Hanh phúc")
    page.left(104, "Só: 15/QD-SKHCN").right(104, "Hưng Yên, ngay 15 thang 01 nàm 2024")
    page.centred(140, "QUYÊT DINH")
    page.centred(158, "Về việc cấp Giấy phép")
    page.at(85, 430, "Nơi nhân:", height=10).right(430, "KT. GIÁM DÓC")
    page.right(446, "PHÓ GIÁM ĐÔC").right(540, "Nguyễn Xuân Hải")
    found = {n: f.value for n, f in extract_fields([page.reading()]).items()}
    assert found["issuer"] == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert found["number_symbol"] == "15/QĐ-SKHCN"
    assert found["issue_date"] == "2024-01-15"
    assert found["doc_type"] == "Quyết định"
    assert found["subject"] == "Về việc cấp Giấy phép"
    assert found["signer"] == "Nguyễn Xuân Hải"


def test_the_least_sure_word_decides_over_numbers_and_dates() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.at(100, 104, "Số:", height=11)
    page.at(122, 104, "86/QĐ-BTP", height=11, confidence=41.0)
    page.right(104, "Hà Nội, ngày 14 tháng 01 năm 2025", confidence=96.0)
    fields = extract_fields([page.reading()])
    assert fields["number_symbol"].source == "ocr"
    assert fields["number_symbol"].confidence < 0.5
    assert fields["number_symbol"].needs_review
    assert not fields["issue_date"].needs_review


def test_a_day_no_calendar_has_goes_to_review() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.right(104, "Hà Nội, ngày 31 tháng 02 năm 2025")
    found = extract_fields([page.reading()])["issue_date"]
    assert found.confidence <= 0.2
    assert found.needs_review


def test_a_scribbled_number_leaves_the_symbol_for_review() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.left(104, "Số: S'C' /QĐ-BTP")
    found = extract_fields([page.reading()])["number_symbol"]
    assert found.value == "/QĐ-BTP"
    assert found.needs_review


def test_a_head_line_that_starts_with_so_is_not_a_number() -> None:
    page = scan()
    page.left(60, "UBND TỈNH HƯNG YÊN").nation()
    page.left(76, "SỞ NỘI VỤ")
    assert "number_symbol" not in extract_fields([page.reading()])


def test_symbols_broken_over_lines_or_spaces_are_cited_whole() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.body(
        200,
        "Căn cứ Nghị định số 61/2018/NĐ-",
        "CP ngày 23 tháng 4 năm 2018 và Quyết định số 12 /QĐ - BTP ngày 17/02/2025; Luật Cư trú",
        "số 68/2020/QH14; theo Mẫu số 01/ĐK-KHCN; xem https://dichvucong.gov.vn/05/Tháng/2025;",
    )
    found = extract_fields([page.reading()])["citations"]
    assert found.value == ("61/2018/NĐ-CP", "12/QĐ-BTP", "68/2020/QH14")


def test_marks_lost_in_a_well_known_name_are_set_right() -> None:
    page = scan()
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "THÀNH PHÓ CÀN THƠ").right(104, "Càn Thơ, ngày 18 tháng 02 năm 2025")
    fields = extract_fields([page.reading()])
    assert fields["issuer"].value == "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ"
    assert fields["place"].value == "Cần Thơ"


def test_a_text_layer_is_left_as_it_is() -> None:
    page = Page()
    page.left(60, "UỶ BAN NHÂN DÂN").nation()
    page.left(76, "THÀNH PHÓ CÀN THƠ")
    assert extract_fields([page.reading()])["issuer"].value == "UỶ BAN NHÂN DÂN THÀNH PHÓ CÀN THƠ"


def test_a_word_that_cannot_be_vietnamese_sends_name_and_subject_to_review() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.centred(140, "QUYẾT ĐỊNH").centred(158, "Về việc cônơ bố Danh mục")
    page.at(85, 430, "Nơi nhận:", height=10).right(430, "BỘ TRƯỞNG")
    page.right(540, "Nguyễn Htồng Thanh")
    fields = extract_fields([page.reading()])
    assert fields["subject"].needs_review
    assert fields["signer"].needs_review


def test_a_slash_after_the_hyphen_of_a_symbol_is_a_misread_v() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.body(200, "Căn cứ Thông tư số 02/2017/TT-/PCP và Thông tư số 01/2018/TT-Y/PCP năm 2018;")
    assert extract_fields([page.reading()])["citations"].value == (
        "02/2017/TT-VPCP",
        "01/2018/TT-VPCP",
    )


@pytest.mark.parametrize("misread", ["TT-IPCP", "TT-ỊPCP", "TT-PPCP", "TT-PCP"])
def test_a_slanted_v_that_was_misread_is_set_right(misread: str) -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.body(200, f"Căn cứ Thông tư số 02/2017/{misread} ngày 31 tháng 10 năm 2017;")
    citations = extract_fields([page.reading()])["citations"]
    assert citations.value == ("02/2017/TT-VPCP",)
    assert citations.confidence < 0.95


@pytest.mark.parametrize("symbol", ["63/2010/NĐ-CP", "12/QĐ-BCĐ", "5/QĐ-STM", "7/NQ-HĐNN"])
def test_issuers_that_are_not_known_stand_as_read(symbol: str) -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.body(200, f"Căn cứ văn bản số {symbol} ngày 31 tháng 10 năm 2017;")
    assert extract_fields([page.reading()])["citations"].value == (symbol,)


def test_a_symbol_that_lost_its_issuer_is_left_out_and_lowers_the_rest() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.body(200, "Căn cứ Thông tư số 02/2017/TT của Văn phòng và Quyết định số 87/QĐ-BTP;")
    citations = extract_fields([page.reading()])["citations"]
    assert citations.value == ("87/QĐ-BTP",)
    assert citations.needs_review


def test_a_head_whose_national_name_is_unreadable_is_found_by_number_and_date() -> None:
    page = scan()
    page.left(60, "SỞ NỘI VỤ").right(60, "####")
    page.left(104, "Số: 7/TB-SNV").right(104, "Hưng Yên, ngày 18 tháng 12 năm 2025")
    page.centred(140, "THÔNG BÁO")
    found = {n: f.value for n, f in extract_fields([page.reading()]).items()}
    assert found["issuer"] == "SỞ NỘI VỤ"
    assert found["number_symbol"] == "7/TB-SNV"
    assert found["issue_date"] == "2025-12-18"


@pytest.mark.parametrize(
    "rows",
    [
        (
            "thực hiện chương trình cải cách",
            "2/KH-UBND ngày 25 tháng 11 năm 2011;",
        ),  # cut
        ("Căn cứ Pháp lệnh số 2120/2022/UBTVCH ngày 24 tháng 6 năm 2022;",),
        ("ban hành kèm theo Quyết định số 27/QĐ-U",),
        ("Căn cứ Công văn số 2519/VPCF của Văn phòng Chính phủ;",),  # not read at all
        ("Căn cứ Thông tư số.28/2ổ2/TT-BTC ngày 26/05/2012;",),
        ("Căn cứ Luật Tổ chức chính quyền địa phương s82315/2018/QH15 ngày 17 tháng 6 năm 2018;",),
        ("Căn cứ Thông tư số 37/2017/TT-VPC",),  # a known issuer begins so
        (
            "Căn cứ Thông tư số 37/2017/TT-TTNNQ",
            "Theo đề nghị của Giám đốc Sở Tư pháp.",
        ),  # a stamp lies over the end of the row
        ("Căn cứ Nghị quyết s", "ố 25", "dân tỉnh;"),  # and over a number
    ],
)
def test_a_list_with_a_symbol_that_may_be_cut_goes_to_review(rows: tuple[str, ...]) -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.left(104, "Số: 86/QĐ-BTP").right(104, "Hà Nội, ngày 14 tháng 01 năm 2025")
    page.centred(140, "QUYẾT ĐỊNH").centred(158, "Về việc cấp Giấy phép")
    page.body(200, "Căn cứ Nghị định số 96/2023/NĐ-CP ngày 30 tháng 12 năm 2023;", *rows)
    assert extract_fields([page.reading()])["citations"].needs_review


def test_a_symbol_that_its_words_lead_up_to_may_open_a_row() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.left(104, "Số: 86/QĐ-BTP").right(104, "Hà Nội, ngày 14 tháng 01 năm 2025")
    page.centred(140, "QUYẾT ĐỊNH").centred(158, "Về việc cấp Giấy phép")
    page.body(200, "Căn cứ điểm a khoản 2 Điều 5 của Nghị định số", "96/2023/NĐ-CP;")
    assert not extract_fields([page.reading()])["citations"].needs_review


def test_a_word_of_a_seal_is_no_row_of_the_title() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.at(85, 430, "Nơi nhận:", height=10).right(430, "KT. CHỦ TỊCH")
    page.right(446, "PHÓ CHỦ TỊCH").right(460, "ĐÂN").right(540, "Nguyễn Xuân Hải")
    fields = extract_fields([page.reading()])
    assert fields["title"].value == "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"
    assert fields["signer"].value == "Nguyễn Xuân Hải"


def test_a_title_with_a_word_that_cannot_be_vietnamese_goes_to_review() -> None:
    page = scan().nation_centred()
    page.centred(120, "GIẤY CHỨNG NHẬN")
    page.centred(138, "ĐĂNG KÝ HOẠTĐỘNG KHOA HỌC VÀ CÔNG NGHỆ")
    assert extract_fields([page.reading()])["doc_type"].needs_review


def test_a_title_that_only_says_for_whom_goes_to_review() -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.at(85, 430, "Nơi nhận:", height=10).right(430, "TM. ỦY BAN NHÂN DÂN")
    page.right(540, "Nguyễn Xuân Hải")
    assert extract_fields([page.reading()])["title"].needs_review
    page.right(446, "CHỦ TỊCH")
    assert not extract_fields([page.reading()])["title"].needs_review


@pytest.mark.parametrize("stop", ["²", "·", ":", ". "])
def test_a_misread_stop_after_a_prefix_leaves_it_a_row_of_the_title(stop: str) -> None:
    page = scan()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.at(85, 430, "Nơi nhận:", height=10).right(430, f"TM{stop}ỦY BAN NHÂN DÂN")
    page.right(446, "CHỦ TỊCH").right(540, "Nguyễn Xuân Hải")
    assert extract_fields([page.reading()])["title"].value == "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"


@pytest.mark.parametrize(
    "subject",
    [
        "Công bố 24 thủ tục ban hành mới, 01. thủ tục bị bãi bỏ",
        "Công bố 24 thủ tục ban hành mới;05 thủ tục bị bãi bỏ",
        "Công bố thủ tục hành chính , quy trình nội bộ",
    ],
)
def test_a_subject_with_signs_where_print_has_none_goes_to_review(subject: str) -> None:
    plain = "Công bố 24 thủ tục ban hành mới; 05 thủ tục bị bãi bỏ (lần 2)"
    clear = Page(source="ocr", confidence=99.0)
    assert _confidence_of(plain, clear) >= 0.95
    assert _confidence_of(subject, Page(source="ocr", confidence=99.0)) < 0.9
    assert _confidence_of(subject, Page()) >= 0.95  # a text layer says what it says


def _confidence_of(subject: str, page: Page) -> float:
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.left(104, "Số: 86/QĐ-BTP").right(104, "Hà Nội, ngày 14 tháng 01 năm 2025")
    page.centred(140, "QUYẾT ĐỊNH").centred(158, subject)
    return extract_fields([page.reading()])["subject"].confidence or 0.0


def test_a_figure_within_a_name_goes_to_review_however_sure_the_engine_is() -> None:
    page = scan()
    page.left(60, "UBND TỈNH TÂY NINH", confidence=99.0).nation()
    page.left(76, "SỞ XÂY DỰNG TÂY7 NINH", confidence=99.0)
    page.left(104, "Số: 308/QĐ-SXD").right(104, "Tây Ninh, ngày 15 tháng 01 năm 2025")
    fields = extract_fields([page.reading()])
    assert fields["issuer"].value == "SỞ XÂY DỰNG TÂY7 NINH"
    assert fields["issuer"].needs_review
    assert not fields["issuer_parent"].needs_review


@pytest.mark.parametrize(
    ("read", "stands"),
    [("UBND TỉNH TÂY NINH", "UBND TỈNH TÂY NINH"), ("sỞ TƯ PHÁP", "SỞ TƯ PHÁP")],
)
def test_a_small_letter_among_capitals_is_one_of_them(read: str, stands: str) -> None:
    page = scan()
    page.left(60, read).nation()
    page.left(104, "Số: 308/QĐ-UBND").right(104, "Tây Ninh, ngày 15 tháng 01 năm 2025")
    assert extract_fields([page.reading()])["issuer"].value == stands


def test_a_slash_that_was_not_read_is_there_and_a_person_looks() -> None:
    page = scan()
    page.left(60, "UBND TỈNH HẬU GIANG").nation()
    page.left(104, "Số:313 QĐ-UBND").right(104, "Hậu Giang, ngày 19 tháng 02 năm 2025")
    found = extract_fields([page.reading()])["number_symbol"]
    assert found.value == "313/QĐ-UBND"
    assert "mended" in found.remarks
    assert found.needs_review


def test_a_text_layer_without_a_slash_is_left_as_it_is() -> None:
    page = Page()
    page.left(60, "UBND TỈNH HẬU GIANG").nation()
    page.left(104, "Số: 313QĐ-UBND").right(104, "Hậu Giang, ngày 19 tháng 02 năm 2025")
    assert "number_symbol" not in extract_fields([page.reading()])
