"""Dossier codes (mã số hồ sơ): strict when made, forgiving when read.

Made as Circular 01/2018/TT-VPCP, article 19, orders: identity code of the receiving
body, date of receipt YYMMDD, ordinal of the day in four digits. Other systems write the
year in full or count further; their codes are read as they are.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from vocabulary.errors import Conflict, InvalidRequest
from vocabulary.text import nfc

_ORGANISATION: Final = r"[0-9A-Z]+(?:\.[0-9A-Z]+){0,6}"
_CODE: Final = re.compile(
    rf"(?P<org>{_ORGANISATION})-(?P<day>\d{{6}}|\d{{8}})-(?P<n>\d{{4,7}})(?:-KQ(?P<k>\d{{1,3}}))?"
)
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−_", "-"))
_LONGEST_ORGANISATION: Final = 35  # Decision 20/2020/QĐ-TTg
_LAST_OF_DAY: Final = 9999


@dataclass(frozen=True, slots=True)
class DossierCode:
    """The parts of a code. ``result``: ordinal of a result (Decree 45/2020, article 14), or None.

    ``text``: the code of the dossier itself, in capitals, as it was made.
    """

    organisation: str
    day: date
    ordinal: int
    result: int | None
    text: str


def make_code(organisation: str, day: date, ordinal: int) -> str:
    """The code of the ``ordinal``-th dossier (from 1) that a body receives on a day.

    Raises:
        InvalidRequest: no identity code of a body (``unit_code_invalid``).
        Conflict: more than 9999 on one day (``codes_exhausted``).
    """
    if len(organisation) > _LONGEST_ORGANISATION or not re.fullmatch(_ORGANISATION, organisation):
        raise InvalidRequest(
            "Mã định danh của cơ quan không hợp lệ. Hãy đặt SOHOA_OFFICE_UNIT_CODE, "
            "ví dụ 000.00.15.H31.",
            "The identity code of the office does not fit. Set SOHOA_OFFICE_UNIT_CODE, "
            "for example 000.00.15.H31.",
            code="unit_code_invalid",
        )
    if not 1 <= ordinal <= _LAST_OF_DAY:
        raise Conflict(
            f"Trong ngày đã có {_LAST_OF_DAY} hồ sơ: hết số thứ tự theo quy định.",
            f"{_LAST_OF_DAY} dossiers were received that day: the ordinals are used up.",
            code="codes_exhausted",
        )
    return f"{organisation}-{day:%y%m%d}-{ordinal:04d}"


def parse_code(text: str) -> DossierCode:
    """A code as people type it and other systems write it.

    Small letters, spaces, and any dash are forgiven; the code of a result names its dossier.

    Raises:
        InvalidRequest: ``dossier_code_invalid``.
    """
    plain = re.sub(r"\s+", "", nfc(text)).upper().translate(_DASHES)
    match = _CODE.fullmatch(plain)
    day = _day(match["day"]) if match else None
    if match is None or day is None:
        raise InvalidRequest(
            "Mã hồ sơ không hợp lệ. Mã có dạng 000.00.15.H31-260115-0001.",
            "The dossier code does not fit. A code looks like 000.00.15.H31-260115-0001.",
            code="dossier_code_invalid",
            field="code",
        )
    result = int(match["k"]) if match["k"] else None
    code = f"{match['org']}-{match['day']}-{match['n']}"
    return DossierCode(match["org"], day, int(match["n"]), result, code)


def _day(digits: str) -> date | None:
    century = "20" if len(digits) == 6 else ""
    try:
        return date.fromisoformat(century + digits)
    except ValueError:
        return None
