"""Committees and councils of the people are always of a place: "ỦY BAN NHÂN DÂN TỈNH TÂY NINH".

A name in which that place is not to be found has lost letters, however sure the rest was read.
"""

from functools import cache
from typing import Final

from ocr.fields.lexicon import former_provinces, provinces
from ocr.fields.matching import key

_OPENINGS: Final = ("Ủy ban nhân dân", "Hội đồng nhân dân", "UBND", "HĐND")
_PROVINCE: Final = "Tỉnh"
_LEVELS: Final = (
    "Thành phố", "TP", "Huyện", "Quận", "Thị xã", "Thị trấn", "Xã", "Phường", "Đặc khu",
)  # fmt: skip


def lacks_its_place(name: str) -> bool:
    """Whether a committee's or council's name lacks its place, or has a province there is not.

    Marks do not count. Names of other bodies lack nothing.
    """
    letters = key(name)
    opening = next((one for one in map(key, _OPENINGS) if letters.startswith(one)), None)
    if opening is None:
        return False
    place = letters.removeprefix(opening)
    if place.startswith(key(_PROVINCE)):
        return not place.removeprefix(key(_PROVINCE)).startswith(_province_keys())
    return not any(
        place.startswith(level) and len(place) > len(level) for level in map(key, _LEVELS)
    )


@cache
def _province_keys() -> tuple[str, ...]:
    return tuple(key(name) for name in (*provinces(), *former_provinces()))
