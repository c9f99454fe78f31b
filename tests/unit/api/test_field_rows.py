"""The fields of a document as a form, and the form back as changes."""

from api.web.field_rows import changes_of, rows_of
from vocabulary.papers import Box, FieldValue, PageReading


def value(text: str | tuple[str, ...], sure: float = 0.99, ask: bool = False) -> FieldValue:
    return FieldValue(text, sure, 1, Box(10, 20, 30, 40), "ocr", ask)


PAGE = PageReading(1, 595.0, 842.0, 300, "scan", 0, 0.0, ())


def test_what_asks_for_a_person_comes_first_then_the_order_of_the_paper() -> None:
    fields = {
        "issuer": value("SỞ KHOA HỌC VÀ CÔNG NGHỆ"),
        "number_symbol": value("12/QĐ", 0.4, True),
        "issue_date": value("2026-11-03"),
        "doc_type": value("Quyết định"),
    }
    names = [row.name for row in rows_of(fields, {1: PAGE}, {}) if not row.spare]
    assert names == ["number_symbol", "issuer", "issue_date", "doc_type"]


def test_an_essential_field_that_was_not_read_asks_for_a_person() -> None:
    rows = {row.name: row for row in rows_of({}, {}, {})}
    assert rows["number_symbol"].needs_review
    assert rows["number_symbol"].band.word == "chưa đọc được"
    assert rows["urgency"].spare


def test_what_was_typed_is_kept_when_the_form_comes_back() -> None:
    fields = {"number_symbol": value("12/QĐ")}
    rows = {row.name: row for row in rows_of(fields, {1: PAGE}, {"field.number_symbol": "13/QĐ"})}
    assert rows["number_symbol"].value == "13/QĐ"


def test_a_box_is_given_only_where_its_page_is_known() -> None:
    known = {row.name: row for row in rows_of({"issuer": value("A")}, {1: PAGE}, {})}
    unknown = {row.name: row for row in rows_of({"issuer": value("A")}, {}, {})}
    assert known["issuer"].box == Box(10, 20, 30, 40)
    assert unknown["issuer"].box is None


def test_only_what_a_person_changed_is_a_change() -> None:
    there = {
        "number_symbol": value("12/QĐ"),
        "subject": value("Về việc cấp phép"),
        "citations": value(("38/2012/NĐ-CP", "07/2022/TT-BNV")),
        "signer": value("Nguyễn Văn A"),
    }
    form = {
        "field.number_symbol": " 13/QĐ ",
        "field.subject": "Về việc cấp phép",
        "field.citations": "38/2012/NĐ-CP\r\n\r\n 08/2022/TT-BNV",
        "field.signer": "  ",
        "field.place": "",
        "version": "3",
    }
    assert changes_of(form, there) == {
        "number_symbol": "13/QĐ",
        "citations": ["38/2012/NĐ-CP", "08/2022/TT-BNV"],
        "signer": None,
    }
