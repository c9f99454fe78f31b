"""Letters of a PDF page with their place, size and direction, through PDFium.

PDFium gives what is drawn, in drawing order, with spaces made up where it
believes a word to end; made-up spaces are told apart from drawn ones, because
a change of font inside a word makes it believe so too.
"""

import ctypes
import math
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr.opening.frames import PageFrame
from vocabulary.papers import Box

_INVISIBLE_MODES: Final = (3, 7)  # neither fill nor stroke; clip only
_STROKED: Final = 1
_MAX_LETTERS: Final = 200_000  # of one page; a dense A3 table has 20,000
_FONT_NAME_BYTES: Final = 128
_NOWHERE: Final = Box(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Style:
    """What the letters of one text object have in common.

    ``text_object``: PDFium's, valid while its page is open, and its ``address``; ``fill``:
    grey value 0..255 of what they are painted with, None for patterns;
    ``painted``: neither invisible by its mode nor transparent.
    """

    address: int
    font: str
    size: float
    turn: int
    fill: float | None
    painted: bool
    text_object: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter as shown on the page, in points.

    ``x``, ``y``: where it stands on its baseline; ``gap``: it is a space or a line
    end, ``drawn`` as such or made up by PDFium (gaps have no place).
    ``style.size``: font size; ``style.turn``: degrees clockwise (0, 90, 180, 270) that
    would set it upright.
    """

    text: str
    x: float
    y: float
    box: Box
    style: Style
    gap: bool
    drawn: bool
    unmapped: bool

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes it the same letter in another rendition of the page."""
        return (self.text, round(self.x * 2), round(self.y * 2))


def glyphs_of(page: pdfium.PdfPage, frame: PageFrame) -> list[Glyph]:
    """All letters of a page in drawing order; empty where PDFium finds no text."""
    text_page = page.get_textpage()
    try:
        return _Reader(text_page, frame).read()
    finally:
        text_page.close()


_NO_STYLE: Final = Style(0, "", 0.0, 0, None, painted=True)
_SPACE: Final = Glyph(" ", 0.0, 0.0, _NOWHERE, _NO_STYLE, gap=True, drawn=True, unmapped=False)
_BREAK: Final = Glyph(" ", 0.0, 0.0, _NOWHERE, _NO_STYLE, gap=True, drawn=False, unmapped=False)


@dataclass(slots=True)
class _Reader:
    """Asks PDFium letter by letter; holds the buffers it writes to."""

    text_page: pdfium.PdfTextPage
    frame: PageFrame
    styles: dict[int, Style] = field(default_factory=dict)
    x: ctypes.c_double = field(default_factory=ctypes.c_double)
    y: ctypes.c_double = field(default_factory=ctypes.c_double)
    rect: Any = field(default_factory=pdfium_c.FS_RECTF)

    def read(self) -> list[Glyph]:
        count = min(self.text_page.count_chars(), _MAX_LETTERS)
        rows = self.frame.to_shown
        shown = tuple(float(value) for value in (*rows[0], *rows[1]))
        return [self._glyph(index, *shown) for index in range(count)]

    def _glyph(
        self, index: int, a: float, c: float, e: float, b: float, d: float, f: float
    ) -> Glyph:
        page, x, y, rect = self.text_page.raw, self.x, self.y, self.rect
        code = pdfium_c.FPDFText_GetUnicode(page, index)
        text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not text or text.isspace():
            return _BREAK if pdfium_c.FPDFText_IsGenerated(page, index) == 1 else _SPACE
        pdfium_c.FPDFText_GetCharOrigin(page, index, x, y)
        pdfium_c.FPDFText_GetLooseCharBox(page, index, rect)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        # the map to the page as shown has no shear: corners stay corners
        x0, x1 = a * left + c * bottom + e, a * right + c * top + e
        y0, y1 = b * left + d * bottom + f, b * right + d * top + f
        return Glyph(
            text=text,
            x=a * x.value + c * y.value + e,
            y=b * x.value + d * y.value + f,
            box=Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)),
            style=self._style(index),
            gap=False,
            drawn=True,
            unmapped=pdfium_c.FPDFText_HasUnicodeMapError(page, index) == 1,
        )

    def _style(self, index: int) -> Style:
        text_object: Any = pdfium_c.FPDFText_GetTextObject(self.text_page.raw, index)
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        style = self.styles.get(address)
        if style is None or not address:
            fill, solid = _fill(text_object) if address else (0.0, True)
            style = Style(
                address=address,
                font=_font_name(text_object) if address else "",
                size=self._size(index),
                turn=self._turn(index),
                fill=fill,
                painted=solid,
                text_object=text_object,
            )
            self.styles[address] = style
        return style

    def _size(self, index: int) -> float:
        size = float(pdfium_c.FPDFText_GetFontSize(self.text_page.raw, index))
        matrix = pdfium_c.FS_MATRIX()
        if pdfium_c.FPDFText_GetMatrix(self.text_page.raw, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
        return abs(size) * self.frame.unit

    def _turn(self, index: int) -> int:
        """PDFium's angle is counter-clockwise in user space; the page's /Rotate comes on top."""
        angle = float(pdfium_c.FPDFText_GetCharAngle(self.text_page.raw, index))
        lean = round(math.degrees(angle) / 90) * 90 if angle >= 0 else 0
        return (lean - self.frame.turn) % 360


def _fill(text_object: Any) -> tuple[float | None, bool]:
    """Grey value of the paint, and whether any paint is put on the page at all."""
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in _INVISIBLE_MODES:
        return None, False
    parts = [ctypes.c_uint() for _ in range(4)]
    ask = (
        pdfium_c.FPDFPageObj_GetStrokeColor
        if mode == _STROKED
        else pdfium_c.FPDFPageObj_GetFillColor
    )
    if not ask(text_object, *parts):
        return None, True
    red, green, blue, alpha = (part.value for part in parts)
    return 0.299 * red + 0.587 * green + 0.114 * blue, alpha > 0


def _font_name(text_object: Any) -> str:
    font = pdfium_c.FPDFTextObj_GetFont(text_object)
    if not font:
        return ""
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    length = pdfium_c.FPDFFont_GetBaseFontName(font, name, _FONT_NAME_BYTES)
    return name.value.decode("utf-8", "replace") if 0 < length <= _FONT_NAME_BYTES else ""
