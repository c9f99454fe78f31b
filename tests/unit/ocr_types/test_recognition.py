"""Which type a paper is, however badly its title was read."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.review_rules import SURE_TYPE
from ocr.types import read_typed, recognise_type, shipped_catalogue
from tests.unit.ocr_fields.paper_builder import Page, decision, letter
from tests.unit.ocr_types.files import report_type
from vocabulary.papers import FieldValue, PageCode

TYPES = shipped_catalogue()


def titled(*titles: str, body: tuple[str, ...] = ()) -> Page:
    """A paper with a centred head and a title."""
    page = Page().nation_centred()
    for place, title in enumerate(titles):
        page.centred(120 + 18 * place, title)
    return page.body(260, *body)


def known(page: Page) -> str | None:
    match = recognise_type([page.reading()], TYPES)
    return match.key if match else None


@pytest.mark.parametrize(
    ("titles", "key"),
    [
        (("GIẤY PHÉP", "TIẾN HÀNH CÔNG VIỆC BỨC XẠ"), "licence"),
        (("GIẤY CHỨNG NHẬN", "ĐÀO TẠO AN TOÀN BỨC XẠ"), "certificate"),
        (("GIẤY CHỨNG NHẬN", "ĐĂNG KÝ HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ"), "registration"),
        (("GIẤY CHỨNG NHẬN", "ĐĂNG KÝ DOANH NGHIỆP", "CÔNG TY CỔ PHẦN"), "business_registration"),
        (("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH",), "business_registration"),
        (("GIẤY XÁC NHẬN KHAI BÁO THIẾT BỊ BỨC XẠ",), "registration"),
        (("CHỨNG CHỈ NHÂN VIÊN BỨC XẠ",), "certificate"),
        (("ĐƠN ĐỀ NGHỊ", "Cấp giấy phép tiến hành công việc bức xạ"), "application_form"),
        (("TỜ KHAI ĐĂNG KÝ KHAI SINH",), "application_form"),
        (("GIẤY ĐỀ NGHỊ ĐĂNG KÝ DOANH NGHIỆP",), "application_form"),
        (("GIẤY KHÁM SỨC KHỎE",), "health_certificate"),
    ],
)
def test_a_paper_is_known_by_its_title_and_the_longer_title_wins(
    titles: tuple[str, ...], key: str
) -> None:
    assert known(titled(*titles)) == key


@pytest.mark.parametrize(
    "title",
    ["GIAY KHAM SUC KHOE", "GIẤY KHÁM SỨC KHOẺ", "G I Ấ Y K H Á M S Ứ C K H Ỏ E",
     "GIẤY KH4M SỨC KHOE", "GlẤY KHÁM SỨC KHỎE"],
)  # fmt: skip
def test_lost_marks_spaces_and_misread_letters_do_not_hide_it(title: str) -> None:
    assert known(titled(title)) == "health_certificate"


def test_a_whole_title_that_was_misread_is_spelt_as_the_type_has_it() -> None:
    found = read_typed([titled("GlẤY KHAM SỨC KHOE").reading()], TYPES).fields
    assert found["doc_type"].value == "Giấy khám sức khỏe"
    longer = read_typed([titled("GIẤY PHÉP", "VẬN CHUYỂN HÀNG NGUY HIỂM").reading()], TYPES).fields
    assert longer["doc_type"].value == "Giấy phép vận chuyển hàng nguy hiểm"


def test_a_card_whose_print_was_lost_is_known_by_its_code_but_not_a_form_that_bears_a_copy() -> (
    None
):
    card = "033090123456||Nguyễn Văn A|01011990|Nam|Hưng Yên|15042021"
    faint = replace(Page().body(300, "x7 3 lo").reading(), codes=(PageCode(card, 1),))
    match = recognise_type([faint], TYPES)
    assert match is not None
    assert (match.key, match.cues) == ("citizen_identity_card", ("QR",))
    form = titled("ĐƠN ĐỀ NGHỊ CẤP CHỨNG CHỈ", body=("Tôi cam đoan",)).reading()
    match = recognise_type([replace(form, codes=(PageCode(card, 1),))], TYPES)
    assert match is not None
    assert match.key == "application_form"


def test_decisions_and_letters_are_known() -> None:
    assert known(decision()) == "decision"
    assert known(letter()) == "official_letter"


def test_a_letter_is_known_by_its_cues_where_nothing_names_it_and_not_surely() -> None:
    page = letter()
    page.lines = [line for line in page.lines if "HÒA XÃ HỘI" not in line.text]
    number = FieldValue("97/SKHCN-VP", 0.9, 1, None, "ocr")
    match = recognise_type([page.reading()], TYPES, {"number_symbol": number})
    assert match is not None
    assert match.key == "official_letter"
    assert match.confidence < SURE_TYPE


@pytest.mark.parametrize("title", ["TỜ TRÌNH", "KẾ HOẠCH", "THÔNG BÁO", "BIÊN BẢN", "PHỤ LỤC I"])
def test_a_paper_that_calls_itself_something_else_is_of_no_known_type(title: str) -> None:
    body = ("Căn cứ Luật Khoa học và công nghệ;", "chịu trách nhiệm thi hành Quyết định này./.")
    assert known(titled(title, body=body)) is None


def test_a_word_of_capitals_under_the_papers_own_title_is_no_title() -> None:
    page = titled("NGHỊ QUYẾT", "Về việc thông qua kế hoạch")
    page.centred(330, "QUYẾT ĐỊNH:")
    assert known(page) is None


def test_nothing_is_made_of_nothing() -> None:
    assert recognise_type([], TYPES) is None
    assert known(Page()) is None
    assert known(Page().body(100, "x", "1")) is None


def test_a_power_of_attorney_must_speak_of_it() -> None:
    party = ("BÊN ỦY QUYỀN:", "Họ và tên: Trần Thị Bình", "BÊN ĐƯỢC ỦY QUYỀN:")
    assert known(titled("GIẤY ỦY QUYỀN", body=party)) == "power_of_attorney"


def test_a_type_of_the_office_is_known_and_its_forbidden_words_keep_it_out(tmp_path: Path) -> None:
    types = TYPES.with_type(report_type(tmp_path))
    page = titled("PHIẾU KẾT QUẢ THỬ NGHIỆM")
    match = recognise_type([page.reading()], types)
    assert match is not None
    assert (match.key, match.cues) == ("test_report", ("Phiếu kết quả thử nghiệm",))
    assert match.title is not None
    assert (match.title.value, match.title.page) == ("Phiếu kết quả thử nghiệm", 1)
    page.body(700, "BẢN NHÁP")
    assert recognise_type([page.reading()], types) is None
