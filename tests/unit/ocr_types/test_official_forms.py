"""Papers set as their official forms have them, with the fields that the types find on them.

Forms: card of Luật Căn cước 2023; enterprise and household certificates of the business
registration decrees (2021, 2025); health form of Thông tư 32/2023/TT-BYT. Values are invented.
"""

from ocr.types import TypedReading, read_typed, shipped_catalogue
from tests.unit.ocr_fields.paper_builder import Page


def read(*pages: Page) -> TypedReading:
    return read_typed([page.reading() for page in pages], shipped_catalogue())


def values(reading: TypedReading) -> dict[str, object]:
    return {name: value.value for name, value in reading.fields.items()}


def key(reading: TypedReading) -> str | None:
    return reading.match.key if reading.match else None


def test_a_card_of_the_law_of_2023() -> None:
    page = Page()
    page.centred(60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", height=7)
    page.centred(70, "Độc lập - Tự do - Hạnh phúc", height=7)
    page.centred(84, "SOCIALIST REPUBLIC OF VIET NAM", height=6)
    page.centred(100, "CĂN CƯỚC", height=11)
    page.centred(114, "IDENTITY CARD", height=8)
    for place, text in enumerate(
        (
            "Số định danh cá nhân / Personal identification number:",
            "033192004567",
            "Họ, chữ đệm và tên khai sinh / Full name:",
            "TRẦN THỊ BÌNH",
            "Ngày, tháng, năm sinh / Date of birth: 05/06/1992",
            "Giới tính / Sex: Nữ   Quốc tịch / Nationality: Việt Nam",
        )
    ):
        page.at(250, 130 + 11 * place, text, height=7)
    for place, text in enumerate(
        (
            "Nơi cư trú / Place of residence:",
            "Thôn An Khánh, xã Yên Mỹ, Hưng Yên",
            "Ngày, tháng, năm cấp / Date of issue: 02/08/2024",
            "Ngày, tháng, năm hết hạn / Date of expiry: 05/06/2032",
            "BỘ CÔNG AN / MINISTRY OF PUBLIC SECURITY",
        )
    ):
        page.at(200, 320 + 11 * place, text, height=7)
    found = read(page)
    assert key(found) == "citizen_identity_card"
    told = values(found)
    assert told["holder_id"] == "033192004567"
    assert told["holder_name"] == "TRẦN THỊ BÌNH"
    assert told["issue_date"] == "2024-08-02"
    assert told["expiry_date"] == "2032-06-05"
    assert found.missing == ()


def test_an_enterprise_certificate_of_2025_that_was_changed() -> None:
    page = Page()
    page.left(50, "SỞ TÀI CHÍNH TỈNH HƯNG YÊN").nation(50)
    page.left(66, "PHÒNG ĐĂNG KÝ KINH DOANH")
    page.centred(120, "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP")
    page.centred(138, "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN")
    page.centred(158, "Mã số doanh nghiệp: 0100047516")
    page.centred(176, "Đăng ký lần đầu: ngày 02 tháng 5 năm 2019")
    page.centred(192, "Đăng ký thay đổi lần thứ: 2, ngày 15 tháng 8 năm 2025")
    page.body(
        220,
        "1. Tên công ty",
        "Tên công ty viết bằng tiếng Việt: CÔNG TY TNHH MTV ĐO LƯỜNG PHỐ HIẾN",
        "Tên công ty viết bằng tiếng nước ngoài (nếu có):",
        "Tên công ty viết tắt (nếu có):",
        "2. Địa chỉ trụ sở chính: Số 5 đường Điện Biên, phường Phố Hiến, tỉnh Hưng Yên",
        "3. Vốn điều lệ: 12.500.000.000 đồng (bằng chữ: mười hai tỷ năm trăm triệu đồng)",
        "4. Thông tin về chủ sở hữu",
        "5. Người đại diện theo pháp luật của công ty",
        "Họ, chữ đệm và tên: TRẦN THỊ BÌNH   Giới tính: Nữ",
        "Chức danh: Giám đốc",
    )
    page.right(520, "TRƯỞNG PHÒNG").right(620, "Nguyễn Xuân Hải")
    found = read(page)
    told = values(found)
    assert key(found) == "business_registration"
    assert told["issue_date"] == "2025-08-15"
    assert told["holder_id"] == "0100047516"
    assert told["holder_name"] == "CÔNG TY TNHH MTV ĐO LƯỜNG PHỐ HIẾN"
    assert found.facts["charter_capital"].value == "12500000000 VND"
    assert found.facts["legal_representative"].value == "TRẦN THỊ BÌNH"
    assert found.validity.unlimited
    assert (found.missing, found.findings) == ((), ())


def test_a_household_certificate() -> None:
    page = Page()
    page.left(50, "ỦY BAN NHÂN DÂN").nation(50)
    page.left(64, "PHƯỜNG PHỐ HIẾN")
    page.centred(120, "GIẤY CHỨNG NHẬN")
    page.centred(138, "ĐĂNG KÝ HỘ KINH DOANH")
    page.centred(158, "Mã số hộ kinh doanh: 033192004567")
    page.centred(176, "Đăng ký lần đầu, ngày 02 tháng 5 năm 2025")
    page.body(
        210,
        "1. Tên hộ kinh doanh: CƠ SỞ MAY BÌNH AN",
        "2. Địa chỉ trụ sở hộ kinh doanh: Số 7 đường Lê Lai, phường Phố Hiến",
        "3. Ngành, nghề kinh doanh: May trang phục",
        "4. Vốn kinh doanh: 200.000.000 đồng",
        "5. Thông tin về chủ hộ kinh doanh:",
        "Họ, chữ đệm và tên: TRẦN THỊ BÌNH",
    )
    found = read(page)
    told = values(found)
    assert key(found) == "business_registration"
    assert told["holder_name"] == "CƠ SỞ MAY BÌNH AN"
    assert told["holder_id"] == "033192004567"
    assert told["issue_date"] == "2025-05-02"
    assert found.facts["charter_capital"].value == "200000000 VND"


def test_a_health_form_of_2023() -> None:
    page = Page()
    page.left(50, "SỞ Y TẾ HƯNG YÊN").nation(50)
    page.left(66, "BỆNH VIỆN ĐA KHOA PHỐ NỐI")
    page.left(96, "Số: 215/GKSK-BVPN")
    page.centred(140, "GIẤY KHÁM SỨC KHỎE")
    page.body(
        180,
        "1. Họ và tên (viết chữ in hoa): TRẦN THỊ BÌNH",
        "2. Giới: Nam Nữ x    3. Sinh ngày 05 tháng 6 năm 1992 (Tuổi: 33)",
        "4. Số CMND/CCCD/Hộ chiếu/định danh CD: 033192004567",
        "5. Cấp ngày 15/04/2021    Tại Cục Cảnh sát QLHC về TTXH",
        "6. Chỗ ở hiện tại: Thôn An Khánh, xã Yên Mỹ, tỉnh Hưng Yên",
        "7. Lý do khám sức khỏe: Xin việc làm",
        "TIỀN SỬ BỆNH CỦA ĐỐI TƯỢNG KHÁM SỨC KHỎE",
        "1. Tiền sử gia đình: không",
    )
    back = Page(number=2)
    back.body(80, "I. KHÁM THỂ LỰC", "Phân loại thể lực: I", "IV. KẾT LUẬN",
              "1. Phân loại sức khỏe: Loại I")  # fmt: skip
    back.right(300, "Hưng Yên, ngày 20 tháng 10 năm 2025")
    back.right(318, "NGƯỜI KẾT LUẬN").right(420, "BS. Nguyễn Xuân Hải")
    found = read(page, back)
    told = values(found)
    assert key(found) == "health_certificate"
    assert told["holder_name"] == "TRẦN THỊ BÌNH"
    assert told["holder_id"] == "033192004567"
    assert told["number_symbol"] == "215/GKSK-BVPN"
    assert told["issue_date"] == "2025-10-20"
    assert str(found.validity.until) == "2026-10-20"


def test_a_radiation_licence_with_a_person_as_holder() -> None:
    page = Page()
    page.left(50, "BỘ KHOA HỌC VÀ CÔNG NGHỆ").nation(50)
    page.left(66, "CỤC AN TOÀN BỨC XẠ VÀ HẠT NHÂN")
    page.left(96, "Số: 102/GP-ATBXHN").right(96, "Hà Nội, ngày 04 tháng 3 năm 2024")
    page.centred(140, "CHỨNG CHỈ NHÂN VIÊN BỨC XẠ")
    page.body(
        200,
        "Cấp cho ông/bà: Nguyễn Văn An",
        "Ngày sinh: 01/01/1990",
        "Số CCCD: 033090123456",
        "Chứng chỉ có hiệu lực đến ngày 04 tháng 3 năm 2027.",
    )
    found = read(page)
    told = values(found)
    assert key(found) == "certificate"
    assert told["holder_name"] == "Nguyễn Văn An"
    assert told["holder_id"] == "033090123456"
    assert told["expiry_date"] == "2027-03-04"
