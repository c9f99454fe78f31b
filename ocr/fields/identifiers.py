"""Checks of identifiers of persons and organisations.

Structure of identity numbers and of tax codes as Thông tư 105/2020/TT-BTC,
Phụ lục 1, and Nghị định 137/2015/NĐ-CP give them. A number is never said to be
of a kind by its length alone: since July 2025 a person's tax code is the
identity number, so the label on the paper decides.
"""

import re
from datetime import date
from typing import Final

_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_CENTURIES: Final = {digit: 1900 + 100 * (digit // 2) for digit in range(10)}


def digits_of(text: str) -> str:
    """The digits of an identifier as printed with spaces or dots; a branch keeps its hyphen."""
    return re.sub(r"[^\d-]", "", text).strip("-")


def is_tax_code(code: str) -> bool:
    """Whether a tax or enterprise code (MST) has the right check digit.

    Ten digits, N10 = 10 - (weighted sum mod 11); a branch adds ``-001`` to ``-999``.

    >>> is_tax_code("0100047516"), is_tax_code("0100047515")
    (True, False)
    """
    match = re.fullmatch(r"(\d{10})(?:-(\d{3}))?", code)
    if match is None or match[2] == "000":
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, match[1], strict=False))
    return 10 - total % 11 == int(match[1][9])


def is_identity_number(
    number: str, birth: date | int | None = None, sex: str | None = None
) -> bool:
    """Whether a 12-digit identity number (CCCD, số định danh) is possible.

    Args:
        number: twelve digits: province 3, century and sex 1, year of birth 2, random 6.
        birth: date or year of birth on the paper, if known; must agree with digits 4 to 6.
        sex: "Nam" or "Nữ" on the paper, if known; must agree with digit 4.
    """
    if not re.fullmatch(r"\d{12}", number) or not _registration_place(int(number[:3])):
        return False
    year = birth.year if isinstance(birth, date) else birth
    if year is not None and year != birth_year(number):
        return False
    return sex is None or int(number[3]) % 2 == (0 if sex.strip().lower() == "nam" else 1)


def _registration_place(code: int) -> bool:
    """Provinces are numbered 001 to 096, countries from 101 on (people born abroad)."""
    return 1 <= code <= 96 or 101 <= code <= 399


def birth_year(number: str) -> int:
    """Year of birth in a 12-digit identity number."""
    return _CENTURIES[int(number[3])] + int(number[4:6])


def is_old_identity_number(number: str) -> bool:
    """Whether it can be a 9-digit identity number (CMND); it has no structure to check."""
    return re.fullmatch(r"\d{9}", number) is not None and number != "0" * 9


def is_passport(number: str) -> bool:
    """Whether it can be a Vietnamese passport number: a letter and seven digits (or eight)."""
    return re.fullmatch(r"[A-Z]{1,2}\d{7,8}", number) is not None
