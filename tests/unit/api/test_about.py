"""What a paper says of its own kind and holder is offered where it is clear, else nothing is."""

import pytest

from api.web.about import Offer, offer_of, type_by_name
from vocabulary.papers import FieldValue

NAMES = {
    "licence": ("Giấy phép tiến hành công việc bức xạ",),
    "decision": ("Quyết định",),
    "appointment": ("Quyết định bổ nhiệm người phụ trách an toàn",),
    "registration": ("Giấy chứng nhận đăng ký doanh nghiệp",),
    "notice": ("Thông báo", "Thông báo tiếp nhận"),
    "other_notice": ("Thông báo",),
}


def fields(**values: str) -> dict[str, FieldValue]:
    return {name: FieldValue(value, 0.95, 1, None, "ocr") for name, value in values.items()}


@pytest.mark.parametrize(
    ("doc_type", "subject", "kind"),
    [
        ("Giấy phép", "Tiến hành công việc bức xạ (Sử dụng nguồn phóng xạ kín)", "licence"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "", "registration"),
        ("Quyết định", "bổ nhiệm người phụ trách an toàn", "appointment"),
        ("Quyết định", "Về việc phê duyệt quy trình", "decision"),
        ("Thông báo", "tiếp nhận hồ sơ", "notice"),
        ("Thông báo", "về việc họp", ""),
        ("Giấy phép", "xây dựng", ""),
        ("Quyết", "", ""),
        ("", "Quyết định", ""),
        ("", "", ""),
    ],
)
def test_a_type_is_chosen_by_the_papers_own_name(doc_type: str, subject: str, kind: str) -> None:
    said = {name: one for name, one in (("doc_type", doc_type), ("subject", subject)) if one}
    assert type_by_name(fields(**said), NAMES) == kind


@pytest.mark.parametrize(
    ("number", "offer"),
    [
        ("0920574245", Offer("vn:mst", "0920574245", "A")),
        ("0920574245-001", Offer("vn:mst", "0920574245-001", "A")),
        ("034087230779", Offer("vn:cccd", "034087230779", "A")),
        ("123456789", Offer("vn:cmnd9", "123456789", "A")),
        ("0920574246", Offer("", "", "A")),
    ],
)
def test_a_holder_is_offered_under_the_kind_of_number_that_fits(number: str, offer: Offer) -> None:
    assert offer_of(fields(holder_id=number, holder_name="A")) == offer


def test_a_paper_that_names_nobody_offers_nobody() -> None:
    assert offer_of({}) is None
