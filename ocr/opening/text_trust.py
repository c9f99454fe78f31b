"""Whether the text that a PDF page carries is to be believed.

Three things speak against it, all met in real files: the page is a scan and
the text only a signature's appearance or another program's OCR layer; the
font's letters map to nothing; the text is in a legacy encoding (TCVN3, VNI)
that looks like Vietnamese only in its own font. Then the page is read as an
image.
"""

import re
from collections.abc import Sequence
from typing import Final

from ocr.opening.pdf_glyphs import Glyph
from ocr.syllable_shape import is_syllable

SCAN_SHARE: Final = 0.5
"""An image that covers this much of the page makes it a scan."""

_TEXT_OVER_PICTURE: Final = 200  # visible letters that make a page with a background picture
_TEXT_SHARE: Final = 0.02  # of the page's area; a signature's appearance covers under 0.01
_BROKEN_SHARE: Final = 0.05
_ODD_SHARE: Final = 0.35
_TOKEN: Final = re.compile(r"[^\W\d_]+")


def believable(glyphs: Sequence[Glyph], picture_share: float, page_area: float) -> bool:
    """Judge visible letters against the share of the page that one image covers (0..1)."""
    visible = [glyph for glyph in glyphs if glyph.visible and not glyph.gap]
    if not visible:
        return False
    if picture_share >= SCAN_SHARE:
        area = sum(
            (glyph.box.x1 - glyph.box.x0) * (glyph.box.y1 - glyph.box.y0) for glyph in visible
        )
        if len(visible) < _TEXT_OVER_PICTURE or area < _TEXT_SHARE * page_area:
            return False
    return plausible("".join(" " if glyph.gap else glyph.text for glyph in glyphs), visible)


def plausible(text: str, letters: Sequence[Glyph] = ()) -> bool:
    """Whether text is text: letters are mapped, marked words are Vietnamese syllables."""
    if letters:
        broken = sum(glyph.unmapped or _is_broken(glyph.text) for glyph in letters)
        if broken > _BROKEN_SHARE * len(letters):
            return False
    tokens = _TOKEN.findall(text)
    marked = [token for token in tokens if not token.isascii()]
    if len(marked) < 5:
        return True
    odd = sum(not is_syllable(token) for token in marked)
    return odd <= _ODD_SHARE * len(marked)


def _is_broken(char: str) -> bool:
    code = ord(char[0]) if char else 0
    private = 0xE000 <= code <= 0xF8FF
    return code < 0x20 or code == 0xFFFD or private
