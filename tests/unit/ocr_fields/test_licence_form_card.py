"""Licences, certificates, application forms and identity cards."""

import pytest

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page


def values(*pages: Page) -> dict[str, object]:
    return {n: f.value for n, f in extract_fields([p.reading() for p in pages]).items()}


def licence(*validity: str) -> Page:
    page = Page()
    page.left(60, "UBND TỈNH HƯNG YÊN").nation()
    page.left(76, "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    page.left(104, "Số: 12/GP-SKHCN").right(104, "Hưng Yên, ngày 02 tháng 5 năm 2024")
    page.centred(140, "GIẤY PHÉP")
    page.centred(158, "TIẾN HÀNH CÔNG VIỆC BỨC XẠ")
    page.body(
        210,
        "1. Tên tổ chức: CÔNG TY TNHH THIẾT BỊ Y TẾ PHỐ NỐI",
        "2. Mã số thuế: 0100047516",
        "3. Người đại diện: Họ và tên: Trần Thị Bình",
        *validity,
    )
    page.right(430, "GIÁM ĐỐC").right(520, "Nguyễn Xuân Hải")
    return page


def test_a_licence_names_its_type_number_and_holder() -> None:
    found = values(licence())
    assert found["doc_type"] == "Giấy phép tiến hành công việc bức xạ"
    assert found["number_symbol"] == "12/GP-SKHCN"
    assert found["holder_name"] == "CÔNG TY TNHH THIẾT BỊ Y TẾ PHỐ NỐI"
    assert found["holder_id"] == "0100047516"
    assert found["signer"] == "Nguyễn Xuân Hải"
    assert found["title"] == "GIÁM ĐỐC"
    assert "expiry_date" not in found


@pytest.mark.parametrize(
    ("text", "expiry"),
    [
        ("4. Giấy phép này có giá trị đến ngày 02 tháng 5 năm 2027.", "2027-05-02"),
        ("Có giá trị đến: 02/5/2027", "2027-05-02"),
        ("Ngày hết hạn: 31/12/2026", "2026-12-31"),
        ("Giấy phép này có hiệu lực kể từ ngày ký đến hết ngày 31/12/2026.", "2026-12-31"),
        ("4. Giấy phép này có thời hạn 03 năm kể từ ngày ký.", "2027-05-02"),
        ("4. Thời hạn: 36 tháng kể từ ngày cấp.", "2027-05-02"),
        ("Thời hạn hiệu lực của giấy phép: 05 (năm) năm.", "2029-05-02"),
        ("Giấy phép này có giá trị không thời hạn.", "không thời hạn"),
        ("Thời hạn hiệu lực: Không thời hạn", "không thời hạn"),
    ],
)
def test_until_when_it_is_valid(text: str, expiry: str) -> None:
    assert values(licence(text))["expiry_date"] == expiry


def test_the_year_of_its_last_day_may_stand_alone_left_of_an_indent() -> None:
    page = licence()
    page.at(115, 282, "Giấy phép này có giá trị đến hết ngày 03 tháng 6 năm", height=11)
    page.at(85, 300, "2026.", height=9)
    assert values(page)["expiry_date"] == "2026-06-03"


@pytest.mark.parametrize(
    "text",
    [
        "trong thời hạn 05 ngày kể từ ngày Quyết định được ký ban hành.",
        "Thời hạn giải quyết: 15 ngày làm việc",
        "Giấy phép này có hiệu lực kể từ ngày ký.",
        "Quyết định này có hiệu lực kể từ ngày 31/12/2026.",
    ],
)
def test_other_terms_are_not_its_validity(text: str) -> None:
    assert "expiry_date" not in values(licence(text))


def test_a_term_without_a_date_of_issue_is_not_counted_from_another_day() -> None:
    page = licence("4. Giấy phép này có thời hạn 03 năm kể từ ngày ký.")
    page.lines = [line for line in page.lines if "Hưng Yên, ngày" not in line.text]
    assert "expiry_date" not in values(page)


def test_a_term_from_a_misread_year_does_not_leave_the_calendar() -> None:
    page = licence("4. Giấy phép này có thời hạn 999 năm kể từ ngày ký.")
    page.lines = [line for line in page.lines if "Hưng Yên, ngày" not in line.text]
    page.right(104, "Hưng Yên, ngày 02 tháng 5 năm 9999")
    assert "expiry_date" not in values(page)


def test_a_tax_code_with_a_wrong_check_digit_goes_to_review() -> None:
    page = licence()
    page.lines = [line for line in page.lines if "Mã số thuế" not in line.text]
    page.body(228, "2. Mã số thuế: 0100047515")
    found = extract_fields([page.reading()])["holder_id"]
    assert found.value == "0100047515"
    assert found.needs_review


@pytest.mark.parametrize("code", ["0 1 0 0 0 4 7 5 1 6", "01 0004 7516", "0100.047.516"])
def test_a_code_set_with_spaces_is_read_to_its_last_digit(code: str) -> None:
    page = licence()
    page.lines = [line for line in page.lines if "Mã số thuế" not in line.text]
    page.body(228, f"2. Mã số doanh nghiệp: {code}")
    assert values(page)["holder_id"] == "0100047516"


def test_a_certificate_with_centred_head_and_date_above_the_signature() -> None:
    page = Page().nation_centred()
    page.centred(120, "GIẤY CHỨNG NHẬN")
    page.centred(138, "ĐĂNG KÝ HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ")
    page.centred(160, "Số: 03/ĐK-KHCN")
    page.body(200, "Tên doanh nghiệp: CÔNG TY CỔ PHẦN CÔNG NGHỆ XANH")
    page.right(400, "Hưng Yên, ngày 12 tháng 3 năm 2021")
    page.right(420, "GIÁM ĐỐC").right(520, "Nguyễn Xuân Hải")
    found = values(page)
    assert found["doc_type"] == "Giấy chứng nhận đăng ký hoạt động khoa học và công nghệ"
    assert found["number_symbol"] == "03/ĐK-KHCN"
    assert found["issue_date"] == "2021-03-12"
    assert found["place"] == "Hưng Yên"
    assert found["holder_name"] == "CÔNG TY CỔ PHẦN CÔNG NGHỆ XANH"
    assert "issuer" not in found


def test_an_application_form_of_a_person() -> None:
    page = Page().nation_centred()
    page.centred(110, "ĐƠN ĐỀ NGHỊ CẤP CHỨNG CHỈ NHÂN VIÊN BỨC XẠ")
    page.centred(140, "Kính gửi: Sở Khoa học và Công nghệ tỉnh Hưng Yên")
    page.body(
        180,
        "1. Họ và tên: Trần Thị Bình",
        "2. Ngày, tháng, năm sinh: 05/6/1992 Giới tính: Nữ",
        "3. Số CCCD: 033192004567 Ngày cấp: 15/4/2021",
        "4. Điện thoại: 0912345678",
    )
    page.right(400, "Hưng Yên, ngày 05 tháng 6 năm 2025")
    page.right(420, "NGƯỜI LÀM ĐƠN").right(436, "(Ký, ghi rõ họ tên)").right(520, "Trần Thị Bình")
    fields = extract_fields([page.reading()])
    found = {name: field.value for name, field in fields.items()}
    assert found["doc_type"] == "Đơn đề nghị cấp chứng chỉ nhân viên bức xạ"
    assert found["holder_name"] == "Trần Thị Bình"
    assert found["holder_id"] == "033192004567"
    assert not fields["holder_id"].needs_review
    assert found["issue_date"] == "2025-06-05"
    assert found["signer"] == "Trần Thị Bình"
    assert "issuer" not in found
    assert "number_symbol" not in found


def test_a_number_that_contradicts_the_year_of_birth_goes_to_review() -> None:
    page = Page().nation_centred()
    page.centred(110, "TỜ KHAI")
    page.body(180, "Họ và tên: Trần Thị Bình", "Ngày sinh: 05/6/1985", "Số CCCD: 033192004567")
    assert extract_fields([page.reading()])["holder_id"].needs_review


def test_blank_dots_of_a_form_are_no_values() -> None:
    page = Page().nation_centred()
    page.centred(110, "TỜ KHAI")
    page.body(180, "Họ và tên: ..........................", "Số CCCD: ................")
    page.right(400, "............, ngày ..... tháng ..... năm 20....")
    assert set(values(page)) == {"doc_type"}


def test_an_identity_card_with_its_values_under_the_labels() -> None:
    page = Page(size=(242.6, 153.0))
    page.at(60, 10, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", height=6)
    page.at(80, 18, "Độc lập - Tự do - Hạnh phúc", height=6)
    page.at(75, 34, "CĂN CƯỚC CÔNG DÂN", height=8)
    page.at(75, 46, "Citizen Identity Card", height=5)
    page.at(70, 58, "Số / No.: 033090123456", height=7)
    page.at(70, 70, "Họ và tên / Full name:", height=5)
    page.at(70, 76, "NGUYỄN VĂN AN", height=6)
    page.at(70, 88, "Ngày sinh / Date of birth: 01/01/1990", height=5)
    page.at(10, 130, "Có giá trị đến: 01/01/2030", height=5)
    found = values(page)
    assert found == {
        "doc_type": "Căn cước công dân",
        "holder_name": "NGUYỄN VĂN AN",
        "holder_id": "033090123456",
        "expiry_date": "2030-01-01",
    }


def test_a_card_whose_labels_are_too_small_to_read_still_gives_its_number() -> None:
    page = Page(size=(242.6, 153.0), source="ocr", confidence=90.0)
    page.at(60, 10, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", height=6)
    page.at(80, 18, "Độc lập - Tự do - Hạnh phúc", height=6)
    page.at(75, 46, "Citizen ldentity Card", height=5)
    page.at(70, 58, "S6 | N.. 033090123456", height=7)
    fields = extract_fields([page.reading()])
    assert fields["doc_type"].value == "Căn cước công dân"
    assert fields["holder_id"].value == "033090123456"


def test_a_health_certificate_called_by_its_name_is_valid_until() -> None:
    page = Page()
    page.left(60, "SỞ Y TẾ HƯNG YÊN").nation()
    page.left(76, "BỆNH VIỆN ĐA KHOA")
    page.left(104, "Số: 2174/GKSK-BV").right(104, "Hưng Yên, ngày 02 tháng 3 năm 2021")
    page.centred(140, "GIẤY KHÁM SỨC KHỎE")
    page.body(
        180,
        "Họ và tên: ĐOÀN ĐỨC QUYẾT",
        "(Giấy khám sức khỏe có giá trị trong 06 tháng kể từ ngày ký kết luận, đến hết",
        "ngày 02/09/2021).",
    )
    page.right(430, "NGƯỜI KẾT LUẬN").right(520, "BS. Trần Hữu Lượng")
    found = values(page)
    assert found["expiry_date"] == "2021-09-02"
    assert found["signer"] == "Trần Hữu Lượng"
    assert found["title"] == "NGƯỜI KẾT LUẬN"


@pytest.mark.parametrize(
    "kind", ["CÔNG TY TRÁCH NHIỆM HỮU HẠN", "CÔNG TYCỔPHÂN", "GIÁM BỐC SỞ TÀI CHÍNH"]
)
def test_the_kind_of_company_under_a_title_is_not_of_the_title(kind: str) -> None:
    page = Page()
    page.left(60, "SỞ TÀI CHÍNH").nation()
    page.centred(140, "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP")
    page.centred(158, kind)
    page.centred(180, "Mã số doanh nghiệp: 0100047516")
    page.centred(198, "Đăng ký lần đầu, ngày 20 tháng 6 năm 2025")
    found = values(page)
    assert found["doc_type"] == "Giấy chứng nhận đăng ký doanh nghiệp"
    assert found["holder_id"] == "0100047516"
    assert found["issue_date"] == "2025-06-20"
    assert "place" not in found
    assert "subject" not in found
