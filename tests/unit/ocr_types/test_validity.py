"""Until when a paper holds: by what it says, else by the law of the day it was issued."""

from datetime import date
from pathlib import Path

import pytest

from ocr.types import Validity, extract_for_type, shipped_catalogue
from ocr.types.validity import later, validity_of
from tests.unit.ocr_fields.paper_builder import Page
from tests.unit.ocr_types.files import report_type
from vocabulary.papers import FieldValue


def fields(**values: str) -> dict[str, FieldValue]:
    return {name: FieldValue(text, 0.9, 1, None, "ocr") for name, text in values.items()}


@pytest.mark.parametrize(
    ("issued", "until", "basis"),
    [
        ("2019-12-31", None, ""),
        ("2020-01-01", date(2020, 7, 1), "Quy định cũ"),
        ("2023-08-31", date(2024, 2, 29), "Quy định cũ"),
        ("2024-01-01", date(2025, 1, 1), "Quy định mới"),
    ],
)
def test_the_law_of_the_day_of_issue_counts(
    tmp_path: Path, issued: str, until: date | None, basis: str
) -> None:
    found = validity_of(report_type(tmp_path), fields(issue_date=issued))
    assert (found.until, found.basis) == (until, basis)
    assert found.how == ("law" if until else "unknown")


def test_what_is_printed_stands_above_the_law(tmp_path: Path) -> None:
    kind = report_type(tmp_path)
    printed = fields(issue_date="2024-01-01", expiry_date="2024-03-01")
    assert validity_of(kind, printed) == Validity(date(2024, 3, 1), False, "printed")
    forever = fields(issue_date="2024-01-01", expiry_date="không thời hạn")
    assert validity_of(kind, forever) == Validity(None, True, "printed")


def test_without_a_date_of_issue_nothing_is_counted(tmp_path: Path) -> None:
    assert validity_of(report_type(tmp_path), {}).how == "unknown"
    assert validity_of(None, fields(issue_date="2024-01-01")).how == "unknown"


def test_a_registration_of_an_enterprise_has_no_end() -> None:
    kind = shipped_catalogue().get("business_registration")
    found = validity_of(kind, fields(issue_date="2024-01-01"))
    assert (found.unlimited, found.how) == (True, "law")


def test_a_term_that_only_the_law_gives_is_no_field_of_the_paper() -> None:
    kind = shipped_catalogue().get("health_certificate")
    assert kind is not None
    page = Page().nation_centred().centred(110, "GIẤY KHÁM SỨC KHỎE")
    page.body(200, "Họ và tên: TRẦN THỊ BÌNH").right(500, "Hưng Yên, ngày 05 tháng 6 năm 2025")
    found = extract_for_type([page.reading()], kind)
    assert "expiry_date" not in found.fields
    assert (found.validity.until, found.validity.how) == (date(2026, 6, 5), "law")


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("từ ngày 05 tháng 6 năm 2025 đến hết ngày 31 tháng 12 năm 2025", "2025-12-31"),
        ("từ ngày 05/6/2025 đến ngày 31/12/2025", "2025-12-31"),
        ("06 (sáu) tháng kể từ ngày ký", "2025-12-05"),
        ("02 năm", "2027-06-05"),
        ("không thời hạn", "không thời hạn"),
        ("từ ngày 05/6/2025 cho đến khi xong việc", None),
        ("theo thỏa thuận", None),
    ],
)
def test_the_term_behind_a_label_of_the_type(said: str, until: str | None) -> None:
    kind = shipped_catalogue().get("power_of_attorney")
    assert kind is not None
    page = Page().nation_centred().centred(110, "GIẤY ỦY QUYỀN")
    page.right(400, "Hưng Yên, ngày 05 tháng 6 năm 2025")
    page.body(200, "BÊN ỦY QUYỀN:", "Họ và tên: Trần Thị Bình", f"Thời hạn ủy quyền: {said}.")
    found = extract_for_type([page.reading()], kind).fields
    assert (found["expiry_date"].value if "expiry_date" in found else None) == until


def test_a_year_that_no_paper_is_of_is_not_counted_on_from(tmp_path: Path) -> None:
    found = validity_of(report_type(tmp_path), fields(issue_date="9999-12-31"))
    assert found.how == "unknown"


def test_months_end_within_the_month() -> None:
    assert later(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert later(date(2023, 12, 31), 2) == date(2024, 2, 29)
