"""Whether the text that a PDF page carries says what the page shows.

Spoken against by real files: the page is a scan and the text only a signature's
appearance or another program's OCR layer; the font's letters map to nothing;
the text is in a legacy encoding (TCVN3, VNI) that looks like Vietnamese only
in its own font. A legacy encoding is undone where the result is Vietnamese;
otherwise the page is read as an image.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocr.opening.legacy_encodings import (
    ENCODINGS,
    LegacyEncoding,
    decode,
    draws_capitals,
    encoding_of_font,
    strangeness,
)
from ocr.opening.pdf_glyphs import Glyph

SCAN_SHARE: Final = 0.5
"""An image that covers this much of the page makes it a scan."""

_TEXT_OVER_PICTURE: Final = 200  # visible letters that make a page with a background picture
_TEXT_SHARE: Final = 0.02  # of the page's area; a signature's appearance covers under 0.01
_BROKEN_SHARE: Final = 0.01
_BROKEN_LETTERS: Final = 3  # as many as a number has
_ENOUGH: Final = 5
_ODD_SHARE: Final = 0.35
_ODD_FONT_SHARE: Final = 0.5
_CONVERTED_ODD_SHARE: Final = 0.1
_MODERN: Final = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")  # letters that Windows-1252 lacks


@dataclass(frozen=True, slots=True)
class FontText:
    """What one font says on a page.

    ``encoding``: how it is to be decoded; ``marked``: words with marks there are then, and
    ``odd`` of them are no Vietnamese syllables.
    """

    encoding: LegacyEncoding | None
    marked: int
    odd: int


def encodings_of(texts: Mapping[str, str]) -> dict[str, FontText]:
    """Judge the text of each font; one whose text is Vietnamese as it stands stays as it is.

    A font's name alone proves nothing: tools that print to PDF also write right
    Unicode for ``.VnTime``. Text with letters that no legacy encoding has speaks for
    all fonts of that kind. A font without a telling name is converted where its
    text makes no sense before and does after.
    """
    modern = {
        encoding_of_font(font) for font, text in texts.items() if _MODERN.search(text) is not None
    }
    return {font: _judged(font, text, modern) for font, text in texts.items()}


def _judged(font: str, text: str, modern: Container[LegacyEncoding | None]) -> FontText:
    marked, odd = strangeness(text)
    promised = encoding_of_font(font)
    plain = FontText(None, marked, odd)
    in_doubt = marked >= _ENOUGH and odd > _ODD_SHARE * marked
    if not in_doubt and (promised is None or promised in modern):
        return plain
    capitals = draws_capitals(font)
    if promised is not None and not marked:
        return FontText(promised, 0, 0) if capitals else plain
    for encoding in ENCODINGS if promised is None else (promised,):
        decoded = decode(text, encoding, capitals=capitals)
        marked_then, odd_then = strangeness(decoded)
        if marked_then and odd_then <= _CONVERTED_ODD_SHARE * marked_then:
            return FontText(encoding, marked_then, odd_then)
    return plain


def plausible(fonts: Iterable[FontText]) -> bool:
    """Whether marked words are Vietnamese syllables, on the whole and in every font."""
    fonts = list(fonts)
    marked, odd = (sum(font.marked for font in fonts), sum(font.odd for font in fonts))
    if marked >= _ENOUGH and odd > _ODD_SHARE * marked:
        return False
    return not any(
        font.marked >= _ENOUGH and font.odd > _ODD_FONT_SHARE * font.marked for font in fonts
    )


def is_mapped(letters: Sequence[Glyph]) -> bool:
    """Whether (nearly) all letters map to Unicode."""
    broken = sum(glyph.unmapped or _is_broken(glyph.text) for glyph in letters)
    return broken < _BROKEN_LETTERS or broken <= _BROKEN_SHARE * len(letters)


def covers_enough(letters: Sequence[Glyph], page_area: float) -> bool:
    """Whether visible letters on a page-filling picture are the page's text, not a signature's."""
    if len(letters) < _TEXT_OVER_PICTURE:
        return False
    area = sum((glyph.box.x1 - glyph.box.x0) * (glyph.box.y1 - glyph.box.y0) for glyph in letters)
    return area >= _TEXT_SHARE * page_area


def _is_broken(char: str) -> bool:
    code = ord(char[0])
    if code == 0x02 or 0xF000 <= code <= 0xF0FF:
        return False  # a hyphen at a line's end; ASCII or a bullet of a symbol font
    return code < 0x20 or code == 0xFFFD or 0xE000 <= code <= 0xF8FF
