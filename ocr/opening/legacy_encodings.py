"""Vietnamese text from before Unicode: TCVN3 (ABC) and VNI-Windows letters as Unicode.

Fonts of both kinds draw Vietnamese at the codes of Western letters, so a text
layer made with them says "C¨n cø" where the page shows "Căn cứ". TCVN3 is
set VN3 of TCVN 5712:1993, one code a letter; its capital faces (``.VnTimeH``)
draw the capital at the code of the small letter. VNI-Windows sets most letters
as a base letter followed by a mark.
"""

import re
from typing import Final, Literal

from ocr.syllable_shape import is_syllable
from vocabulary.text import nfc

LegacyEncoding = Literal["tcvn3", "vni"]
ENCODINGS: Final[tuple[LegacyEncoding, ...]] = ("tcvn3", "vni")

# TCVN 5712:1993, table of VN3: letters without tone, then each vowel with its tones.
_TCVN3_ROWS: Final = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
TCVN3: Final = {
    chr(start + place): letter for start, row in _TCVN3_ROWS for place, letter in enumerate(row)
}
"""Western letter (ISO 8859-1) to the Vietnamese letter drawn at its code."""

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS: Final = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS: Final = {
    "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư",
}  # fmt: skip
_SIMPLE_MARKS: Final = "ùøûõï"


def _vni() -> dict[str, str]:
    table = dict(_VNI_LETTERS)
    for base in ("o", "ô", "u", "ö", "y", "a", "e"):
        letter = _VNI_LETTERS.get(base, base)
        for mark in _SIMPLE_MARKS:
            table[base + mark] = nfc(letter + _VNI_MARKS[mark])
    for base, marks in (("a", "âáàåãäêéèúüë"), ("e", "âáàåãä"), ("o", "âáàåãä")):
        for mark in marks:
            table[base + mark] = nfc(base + _VNI_MARKS[mark])
    capitals = {}
    for code, letter in table.items():
        capitals[code.upper()] = letter.upper()
        # typists leave the mark small after a capital: "AÂ" and "Aâ" look the same
        capitals[code[0].upper() + code[1:]] = letter.upper()
    return table | capitals


VNI: Final = _vni()
"""Western letters (one, or base and mark) to the Vietnamese letter drawn by them."""

_VNI_PIECES: Final = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
# What PDF readers give for a code of Windows-1252 that Unicode has twice.
_TWINS: Final = str.maketrans({"\u03bc": "µ", "\u2219": "·", "\u02c9": "¯", "\u00a0": " "})
_LETTERS_AND_HYPHENS: Final = re.compile(r"[^\W\d_]*(?:-[^\W\d_]*)+")


def decode(text: str, encoding: LegacyEncoding, *, capitals: bool = False) -> str:
    """Text of a legacy layer as Unicode, NFC.

    Args:
        text: what the layer's codes are as Western letters.
        encoding: which convention its font follows.
        capitals: the font draws capitals only (TCVN3 faces ending in H).
    """
    text = text.translate(_TWINS)
    if encoding == "vni":
        return nfc(_VNI_PIECES.sub(lambda found: VNI[found.group()], nfc(text)))
    # 0xAD is ư, and a soft hyphen to Windows-1252: PDF readers give a hyphen for it
    decoded = "".join(TCVN3.get(char, char) for char in text.replace("\x02", "-"))
    decoded = _LETTERS_AND_HYPHENS.sub(lambda found: _with_u_horn(found.group()), decoded)
    return decoded.upper() if capitals else decoded


def _with_u_horn(text: str) -> str:
    """Hyphens that only make a syllable as ư become ư: "ch-ơng" but not "QĐ-UB"."""
    done, *rest = text.split("-")
    for part in rest:
        joined = f"{done}ư{part}"
        done = joined if len(joined) > 1 and is_syllable(joined) else f"{done}-{part}"
    return done


def encoding_of_font(name: str) -> LegacyEncoding | None:
    """The encoding that a font's name promises: ``.VnTime``, ``VNI-Times``; None for others."""
    plain = name.rpartition("+")[2] if "+" in name[:8] else name
    if plain.startswith(".Vn"):
        return "tcvn3"
    return "vni" if plain.upper().startswith("VNI-") else None


_CAPITAL_FACE: Final = re.compile(r"\.Vn[A-Za-z ]*?H(?=$|[,\-0-9 ]|Bold|Italic)")


def draws_capitals(name: str) -> bool:
    """Whether a TCVN3 font draws capitals at the codes of small letters (``.VnTimeH``)."""
    return _CAPITAL_FACE.search(name) is not None


_BETWEEN: Final = re.compile(r"[^\w\u0080-\u00ff\u0300-\u036f]+|[\d_]+")
_SIGNS: Final = "«»°·©®§"
_ABBREVIATION: Final = 8
_TONES: Final = frozenset((_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT))


def strangeness(text: str) -> tuple[int, int]:
    """How many pieces of text carry marks, and how many of these are no Vietnamese syllables.

    Pieces end at ASCII signs and white space. Abbreviations ("QĐ", "HĐND") are not counted.
    """
    marked = odd = 0
    for piece in _BETWEEN.split(text):
        piece = piece.strip(_SIGNS)
        if piece.isascii() or _is_abbreviation(piece):
            continue
        marked += 1
        odd += not is_syllable(piece)
    return marked, odd


def _is_abbreviation(piece: str) -> bool:
    if not piece.isupper() or len(piece) > _ABBREVIATION:
        return False
    return all(char.isascii() or char in "ĐƯÔƠĂÂÊ" for char in piece)
