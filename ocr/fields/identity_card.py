"""The identity card: its QR text and the record in it.

Chip cards since 2021 carry, separated by ``|``: identity number, old number (may be
empty), name, birth ddMMyyyy, sex, place of residence, date of issue ddMMyyyy.
Later cards append further fields, which are let be.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ocr.fields.evidence import Evidence, ReadField
from ocr.fields.identifiers import is_identity_number, is_old_identity_number
from vocabulary.papers import PageCode
from vocabulary.text import nfc

_LEAST_FIELDS = 7


@dataclass(frozen=True, slots=True)
class CardRecord:
    """What the QR text of a card says; dates are None where they are no dates.

    ``consistent``: the identity number agrees with year of birth and sex.
    """

    number: str
    old_number: str
    name: str
    birth: date | None
    sex: str
    address: str
    issued: date | None
    consistent: bool


def parse_card_qr(text: str) -> CardRecord | None:
    """The record in a card's QR text, or None where the text is not a card's.

    >>> parse_card_qr("033090123456||Nguyễn Văn A|01011990|Nam|Hưng Yên|15042021").name
    'Nguyễn Văn A'
    """
    parts = [part.strip() for part in nfc(_mended(text)).strip().split("|")]
    if len(parts) < _LEAST_FIELDS or not re.fullmatch(r"\d{12}", parts[0]):
        return None
    number, old, name, born, sex, address, issued = parts[:_LEAST_FIELDS]
    if not name or (old and not is_old_identity_number(old)):
        return None
    birth = _day(born)
    consistent = birth is not None and is_identity_number(number, birth, sex or None)
    return CardRecord(number, old, name, birth, sex, address, _day(issued), consistent)


def _mended(text: str) -> str:
    """UTF-8 that a scanner delivered as Latin-1 is turned back ("Nguyá»…n")."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _day(text: str) -> date | None:
    match = re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def card_fields(codes: Sequence[PageCode]) -> dict[str, ReadField]:
    """Holder and date of issue from the first card QR among the codes."""
    for code in codes:
        record = parse_card_qr(code.text)
        if record is None:
            continue
        sure = 0.99 if record.consistent else 0.4
        fields = {
            "holder_id": _from_code(record.number, sure, code),
            "holder_name": _from_code(record.name, 0.99, code),
        }
        if record.issued:
            fields["issue_date"] = _from_code(record.issued.isoformat(), 0.99, code)
        return fields
    return {}


def _from_code(value: str, confidence: float, code: PageCode) -> ReadField:
    said = Evidence(check=1.0 if confidence > 0.5 else -1.0)
    return ReadField(value, confidence, code.page, code.box, "qr", evidence=said)
