"""An official letter (công văn): no title, the subject under the number, "Kính gửi"."""

from dataclasses import replace

from ocr.fields import extract_fields
from tests.unit.ocr_fields.paper_builder import letter


def test_its_fields() -> None:
    found = {name: f.value for name, f in extract_fields([letter().reading()]).items()}
    assert found == {
        "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "issuer_parent": "UBND TỈNH HƯNG YÊN",
        "number_symbol": "97/SKHCN-VP",
        "place": "Hưng Yên",
        "issue_date": "2024-02-02",
        "doc_type": "Công văn",
        "subject": "V/v tiếp tục đẩy mạnh các giải pháp cải cách, nâng cao hiệu quả "
        "giải quyết TTHC",
        "signer": "Nguyễn Xuân Hải",
        "title": "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC",
        "citations": ("3087/UBND-PVHCC&KSTT",),
    }


def test_a_blank_number_is_the_bare_symbol_for_a_person_to_complete() -> None:
    page = letter()
    page.lines = [line for line in page.lines if "Số:" not in line.text]
    page.left(104, "Số:        /SKHCN-VP")
    number = extract_fields([page.reading()])["number_symbol"]
    assert number.value == "/SKHCN-VP"
    assert number.confidence <= 0.3
    assert number.needs_review


def test_a_blank_day_gives_a_place_and_no_date() -> None:
    page = letter()
    page.lines = [line for line in page.lines if "ngày 02" not in line.text]
    page.right(104, "Hưng Yên, ngày tháng 01 năm 2024")
    found = extract_fields([page.reading()])
    assert found["place"].value == "Hưng Yên"
    assert "issue_date" not in found


def test_a_day_that_was_read_as_no_number_is_taken_from_its_other_readings_and_doubted() -> None:
    page = letter()
    page.lines = [line for line in page.lines if "ngày 02" not in line.text]
    page.right(104, "Hưng Yên, ngày /9 tháng 01 năm 2024", source="ocr")
    words = page.lines[-1].words
    place = [word.text for word in words].index("/9")
    day = replace(words[place], alternatives=(("19", 0.27), ("79", 0.27)))
    page.lines[-1] = replace(page.lines[-1], words=(*words[:place], day, *words[place + 1 :]))
    issued = extract_fields([page.reading()])["issue_date"]
    assert issued.value == "2024-01-19"
    assert issued.confidence < 0.5
    assert issued.needs_review
    assert {"mended", "handwritten"} <= set(issued.remarks)
