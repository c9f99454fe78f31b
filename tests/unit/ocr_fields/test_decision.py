"""A decision (quyết định) of Decree 30/2020: two-column head, title, subject, signature."""

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import Page, decision


def values(*pages: Page) -> dict[str, object]:
    return {
        name: field.value
        for name, field in extract_fields([page.reading() for page in pages]).items()
    }


def test_every_field_of_the_head_and_the_signature_is_read() -> None:
    assert values(decision()) == {
        "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "issuer_parent": "UBND TỈNH HƯNG YÊN",
        "number_symbol": "15/QĐ-SKHCN",
        "place": "Hưng Yên",
        "issue_date": "2024-01-15",
        "doc_type": "Quyết định",
        "subject": "Về việc cấp Giấy phép tiến hành công việc bức xạ cho Bệnh viện đa khoa Phố Nối",
        "signer": "Nguyễn Xuân Hải",
        "title": "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC",
        "citations": (
            "142/2020/NĐ-CP",
            "13/2023/TT-BKHCN",
            "07/TTr-QLCN",
            "97/UBND-PVHCCC&KSTT",
        ),
    }


def test_each_field_says_where_it_stands_and_is_sure_on_a_clean_page() -> None:
    fields = extract_fields([decision().reading()])
    for field in fields.values():
        assert field.page == 1
        assert field.box is not None
        assert field.source == "text"
        assert field.confidence > 0.9
        assert not field.needs_review
    box = fields["number_symbol"].box
    assert box is not None
    assert box.y0 == 104


def test_a_higher_threshold_sends_a_field_to_review() -> None:
    fields = extract_fields([decision().reading()], {"subject": 1.0})
    assert fields["subject"].needs_review
    assert not fields["issuer"].needs_review


def test_one_body_on_two_lines_is_one_issuer_without_a_parent() -> None:
    page = Page()
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "THÀNH PHỐ HUẾ")
    page.left(104, "Số: 441/QĐ-UBND").right(104, "Huế, ngày 20 tháng 02 năm 2025")
    page.centred(140, "QUYẾT ĐỊNH")
    found = values(page)
    assert found["issuer"] == "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ"
    assert "issuer_parent" not in found


def test_two_bodies_of_two_lines_each_are_told_apart() -> None:
    page = Page()
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "THÀNH PHỐ HÀ NỘI")
    page.left(92, "TRUNG TÂM PHỤC VỤ")
    page.left(108, "HÀNH CHÍNH CÔNG")
    page.left(130, "Số: 102/QĐ-TTPVHCC").right(104, "Hà Nội, ngày 18 tháng 02 năm 2025")
    found = values(page)
    assert found["issuer"] == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    assert found["issuer_parent"] == "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI"


def test_an_office_of_a_committee_is_one_body_over_two_lines() -> None:
    page = Page()
    page.left(60, "VĂN PHÒNG").nation()
    page.left(76, "ỦY BAN NHÂN DÂN TỈNH")
    page.left(104, "Số: 7/TB-VP").right(104, "Hưng Yên, ngày 18 tháng 12 năm 2025")
    assert values(page)["issuer"] == "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH"


def test_a_reader_that_joins_the_two_columns_into_lines_changes_nothing() -> None:
    page = Page()
    page.at(97, 60, "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", height=12)
    page.at(113, 75, "TỈNH LÀO CAI", height=12)
    page.at(300, 75, "Độc lập - Tự do - Hạnh phúc", height=12)
    page.at(101, 106, "Số: 308/QĐ-UBND Lào Cai, ngày 20 tháng 02 năm 2025", height=12)
    page.centred(150, "QUYẾT ĐỊNH")
    found = values(page)
    assert found["issuer"] == "ỦY BAN NHÂN DÂN TỈNH LÀO CAI"
    assert found["number_symbol"] == "308/QĐ-UBND"
    assert found["place"] == "Lào Cai"
    assert found["issue_date"] == "2025-02-20"


def test_a_letter_spaced_title_is_its_type() -> None:
    page = Page()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.left(104, "Số: 86/QĐ-BTP").right(104, "Hà Nội, ngày 14 tháng 01 năm 2025")
    page.centred(140, "Q U Y Ế T Đ Ị N H")
    page.centred(158, "Về việc công bố thủ tục hành chính")
    found = values(page)
    assert found["doc_type"] == "Quyết định"
    assert found["subject"] == "Về việc công bố thủ tục hành chính"


def test_a_subject_on_four_lines_ends_before_the_authority_in_capitals() -> None:
    page = Page()
    page.left(60, "BỘ TƯ PHÁP").nation()
    page.centred(140, "QUYẾT ĐỊNH")
    for number, text in enumerate(
        ("Về việc công bố Danh mục", "thủ tục hành chính", "lĩnh vực chứng thực của", "Sở Tư pháp")
    ):
        page.centred(158 + 16 * number, text)
    page.centred(226, "BỘ TRƯỞNG BỘ TƯ PHÁP")
    assert values(page)["subject"] == (
        "Về việc công bố Danh mục thủ tục hành chính lĩnh vực chứng thực của Sở Tư pháp"
    )


def test_the_signer_by_authorisation_keeps_the_whole_title() -> None:
    page = Page()
    page.left(60, "ỦY BAN NHÂN DÂN").nation()
    page.left(76, "TỈNH HẬU GIANG")
    second = Page(number=2)
    second.at(80, 165, "Nơi nhận:", height=11).right(165, "TUQ. CHỦ TỊCH")
    second.right(181, "GIÁM ĐỐC")
    second.right(197, "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI")
    second.right(300, "Trần Thanh Liêm")
    found = values(page, second)
    assert found["signer"] == "Trần Thanh Liêm"
    assert found["title"] == "TUQ. CHỦ TỊCH / GIÁM ĐỐC / SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert extract_fields([page.reading(), second.reading()])["signer"].page == 2


def test_the_appearance_of_a_digital_signature_is_not_the_signer() -> None:
    page = decision()
    page.right(470, "Ký bởi: Trần Văn Khác", source="annotation")
    page.right(484, "Văn phòng Sở", source="annotation")
    page.right(498, "Thời gian ký: 15/01/2024 10:30:15 +07:00", source="annotation")
    assert values(page)["signer"] == "Nguyễn Xuân Hải"


def test_an_annex_names_its_parent_and_has_no_number_of_its_own() -> None:
    page = Page(size=(841.9, 595.3))
    page.at(400, 60, "Phụ lục")
    page.at(120, 90, "DANH MỤC THỦ TỤC HÀNH CHÍNH SỬA ĐỔI TRONG LĨNH VỰC NUÔI CON NUÔI")
    page.at(200, 120, "(Kèm theo Quyết định số 354/QĐ-UBND ngày 19 tháng 02 năm 2025)")
    page.at(300, 138, "của Chủ tịch Ủy ban nhân dân tỉnh Nam Định)")
    assert values(page) == {"doc_type": "Phụ lục", "parent_decision": "354/QĐ-UBND"}


def test_a_blank_page_and_no_page_have_no_field() -> None:
    assert values(Page()) == {}
    assert extract_fields([]) == {}


def test_a_paper_of_a_company_in_capitals_is_issued_by_it() -> None:
    page = Page()
    page.left(60, "CÔNG TY CỔ PHẦN").nation()
    page.left(76, "THIẾT BỊ PHỐ NỐI")
    page.left(104, "Số: 12/CV-TBPN").right(104, "Hưng Yên, ngày 18 tháng 12 năm 2025")
    assert values(page)["issuer"] == "CÔNG TY CỔ PHẦN THIẾT BỊ PHỐ NỐI"


def test_a_copy_stamp_above_the_head_is_not_the_issuer() -> None:
    page = decision()
    page.right(20, "SAO Y; VĂN PHÒNG; 20/02/2025 10:47:25 +07:00", source="annotation")
    page.at(20, 20, "SỞ NỘI VỤ", height=9, source="annotation")
    found = values(page)
    assert found["issuer"] == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert found["issue_date"] == "2024-01-15"
