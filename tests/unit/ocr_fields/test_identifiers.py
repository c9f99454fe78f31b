"""Check digits and structures of identifiers; the QR text of the identity card."""

from dataclasses import replace
from datetime import date

import pytest

from ocr.fields import PageCode, extract_fields
from ocr.fields.identifiers import is_identity_number, is_old_identity_number, is_tax_code
from ocr.fields.identity_card import parse_card_qr
from tests.unit.ocr_fields.paper_builder import Page

QR = "033090123456||Nguyễn Văn A|01011990|Nam|Phố Nối, Hưng Yên|15042021"


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("0100047516", True),
        ("0100047515", False),
        ("0100047516-001", True),
        ("0100047516-000", False),
        ("010004751", False),
        ("01000475166", False),
    ],
)
def test_tax_code(code: str, good: bool) -> None:
    assert is_tax_code(code) is good


@pytest.mark.parametrize(
    ("number", "birth", "sex", "good"),
    [
        ("033090123456", None, None, True),
        ("033090123456", date(1990, 1, 1), "Nam", True),
        ("033090123456", date(1991, 1, 1), None, False),
        ("033090123456", 1990, "Nữ", False),
        ("034304123456", 2004, "Nữ", True),
        ("000090123456", None, None, False),
        ("03309012345", None, None, False),
    ],
)
def test_identity_number(
    number: str, birth: date | int | None, sex: str | None, good: bool
) -> None:
    assert is_identity_number(number, birth, sex) is good


def test_old_identity_number_is_nine_digits() -> None:
    assert is_old_identity_number("145678901")
    assert not is_old_identity_number("000000000")
    assert not is_old_identity_number("14567890")


def test_the_card_of_seven_fields() -> None:
    card = parse_card_qr(QR)
    assert card is not None
    assert card.number == "033090123456"
    assert card.old_number == ""
    assert card.name == "Nguyễn Văn A"
    assert card.birth == date(1990, 1, 1)
    assert card.issued == date(2021, 4, 15)
    assert card.consistent


def test_later_cards_append_fields_that_are_let_be() -> None:
    card = parse_card_qr(QR + "||Nguyễn Văn B|Trần Thị C|")
    assert card is not None
    assert card.name == "Nguyễn Văn A"


def test_a_scanner_that_breaks_utf8_is_mended() -> None:
    card = parse_card_qr(QR.encode().decode("latin-1"))
    assert card is not None
    assert card.name == "Nguyễn Văn A"


@pytest.mark.parametrize(
    "text",
    ["", "https://example.vn", "1|2|3|4|5|6|7", QR.rsplit("|", 1)[0], "033090123456||||||"],
)
def test_other_codes_are_not_cards(text: str) -> None:
    assert parse_card_qr(text) is None


def test_the_qr_of_a_card_gives_holder_and_date() -> None:
    fields = extract_fields([replace(Page().reading(), codes=(PageCode(QR, 1),))])
    assert fields["holder_id"].value == "033090123456"
    assert fields["holder_name"].value == "Nguyễn Văn A"
    assert fields["issue_date"].value == "2021-04-15"
    assert {field.source for field in fields.values()} == {"qr"}


def test_a_card_whose_number_and_birth_disagree_goes_to_review() -> None:
    wrong = QR.replace("01011990", "01011985")
    assert extract_fields([replace(Page().reading(), codes=(PageCode(wrong, 1),))])[
        "holder_id"
    ].needs_review
