"""The grammar of numbers and symbols (số, ký hiệu), and what of a misread one can be set right.

State bodies (Decree 30/2020)::

    NUMBER "/" [YEAR "/"] TYPE "-" ISSUER      15/QĐ-SKHCN, 63/2010/NĐ-CP
    NUMBER "/" ISSUER "-" UNIT                 97/UBND-PVHCCC&KSTT (official letters)

Bodies of the Party (Hướng dẫn 36-HD/VPTW)::

    NUMBER "-" TYPE "/" ISSUER                 12-QĐ/TU

Only signs whose shapes are confused are set right (Đ/D, V/Y, a digit among letters), or a V
that a long code has, and only where the result is an abbreviation of a closed list.
"""

import re
from functools import cache
from typing import Final

from ocr.fields.lexicon import issuer_codes, type_abbreviations

PART: Final = r"[A-ZĐÔƠƯÂĂÊ][A-Za-zĐđÔƠƯÂĂÊôơưâăê0-9&.]*"
SYMBOL: Final = rf"(?:(?:19|20)\d{{2}}/)?{PART}(?:-{PART})*"
"""What follows the first slash of a symbol, spaces taken out."""

PARTY: Final = r"(?:NQ|QĐ|CT|KL|QC|QyĐ|TB|HD|BC|KH|TTr|CV|CTr|ĐA|PA|BB|TT)/[A-ZĐ]{2,}(?:-[A-ZĐ]+)*"
"""What follows the number and its hyphen in a symbol of the Party."""

_ALONE: Final = re.compile(rf"^\W*\d{{0,5}}[a-zđ]?\W*/?(?P<type>{PART})-{PART}(?:-{PART})*$")
_DASHES = str.maketrans("–—−‐‑Ðð", "-----Đđ")
_TONED_I = str.maketrans("ÌÍỈĨỊ", "IIIII")  # no code has one: it is a slanted V, read so
_TYPE_MISREAD: Final = {"QD": "QĐ", "ND": "NĐ", "TTR": "TTr", "CTR": "CTr", "0Đ": "QĐ", "OĐ": "QĐ"}
"""Types whose misreading is the abbreviation of nothing else (closed list, Phụ lục III)."""
_SHAPES = str.maketrans("ĐYÝ40158", "DVVAOISB")
_LEAST_CODE: Final = 4  # shorter ones are a letter from too many others
_NUMERAL = re.compile(r"C\d{2}|QH\d{1,2}|UBTVQH\d{1,2}|P[AC]?\d{1,2}|K\d{1,2}")


def straight(text: str) -> str:
    """One kind of hyphen, and Đ for the Icelandic letter some fonts have in its place."""
    return text.translate(_DASHES)


def without_tones(text: str) -> str:
    """Text for finding symbols in, letter for letter: no code has a tone on an I."""
    return text.translate(_TONED_I)


def known_type(symbol: str) -> bool:
    """Whether a part of the symbol is an abbreviation of Decree 30/2020 or of a law."""
    return any(part in type_abbreviations() for part in re.split(r"[/-]", symbol))


def is_symbol(text: str) -> bool:
    """Whether a text without spaces is nothing but a symbol, its number read or not."""
    match = _ALONE.match(straight(text))
    return match is not None and match["type"] in type_abbreviations()


def mended(symbol: str, *, read: bool = True) -> tuple[str, bool]:
    """A symbol with misread abbreviations set right, and whether one was.

    Args:
        symbol: what follows the number's slash.
        read: whether an engine read it; what a text layer says of an issuer stands.
    """
    parts = re.split(r"([/-])", symbol)
    right = [_TYPE_MISREAD.get(part, part) for part in parts]
    if read:
        right = [_mended_code(part) if place else part for place, part in enumerate(right)]
    return "".join(right).rstrip("."), right != parts


def _mended_code(part: str) -> str:
    if part in issuer_codes() or part in type_abbreviations() or _NUMERAL.fullmatch(part):
        return part
    plain = part.rstrip(".")
    return _by_shape().get(plain.translate(_SHAPES)) or _without_v(plain) or part


def _without_v(part: str) -> str | None:
    """The one long code that has a V where the part has another letter or none.

    An office's slanted V is what the recogniser misses most ("TT-IPCP", "TT-PCP").
    """
    near = {
        code
        for code in issuer_codes()
        for place, letter in enumerate(code)
        if letter == "V" and len(code) >= _LEAST_CODE
        if re.fullmatch(f"{code[:place]}[A-ZĐ]?{code[place + 1 :]}", part)
    }
    return near.pop() if len(near) == 1 else None


@cache
def _by_shape() -> dict[str, str]:
    """Codes by their shape; a shape that two codes share names none."""
    shapes: dict[str, str] = {}
    twice = set()
    for code in issuer_codes():
        shape = code.translate(_SHAPES)
        if shape in shapes:
            twice.add(shape)
        shapes[shape] = code
    return {shape: code for shape, code in shapes.items() if shape not in twice}
