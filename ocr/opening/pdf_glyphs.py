"""Letters of a PDF page with their place, size and direction, through PDFium.

PDFium gives what is drawn, in drawing order, with spaces made up where a gap
is wide enough; invisible text (render mode 3, the layer of other OCR
programs) is told apart from visible text.
"""

import ctypes
import math
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr.opening.frames import PageFrame, box_through, point_through
from vocabulary.papers import Box

_INVISIBLE_MODES: Final = (3, 7)  # neither fill nor stroke; clip only
_MAX_LETTERS: Final = 200_000  # of one page; a dense A3 table has 20,000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter as shown on the page, in points.

    ``x``, ``y``: where it stands on its baseline; ``size``: font size; ``turn``:
    degrees clockwise (0, 90, 180, 270) that would set it upright; ``gap``: it is a
    space or a line end, drawn or made up.
    """

    text: str
    x: float
    y: float
    box: Box
    size: float
    turn: int
    visible: bool
    gap: bool
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


class _Reader:
    """Asks PDFium letter by letter; holds the buffers it writes to."""

    def __init__(self, text_page: pdfium.PdfTextPage, frame: PageFrame) -> None:
        self._page = text_page
        self._frame = frame
        self._shown = frame.to_shown
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._rect = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._visible: dict[int, bool] = {}

    def read(self) -> list[Glyph]:
        count = min(self._page.count_chars(), _MAX_LETTERS)
        return [self._glyph(index) for index in range(count)]

    def _glyph(self, index: int) -> Glyph:
        page = self._page.raw
        code = pdfium_c.FPDFText_GetUnicode(page, index)
        text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        pdfium_c.FPDFText_GetCharOrigin(page, index, self._x, self._y)
        x, y = point_through(self._shown, self._x.value, self._y.value)
        pdfium_c.FPDFText_GetLooseCharBox(page, index, self._rect)
        rect = self._rect
        box = box_through(self._shown, (rect.left, rect.bottom, rect.right, rect.top))
        gap = not text or text.isspace()
        return Glyph(
            text=text,
            x=x,
            y=y,
            box=box,
            size=self._size(index),
            turn=self._turn(index),
            visible=gap or self._is_visible(index),
            gap=gap,
            unmapped=not gap and pdfium_c.FPDFText_HasUnicodeMapError(page, index) == 1,
        )

    def _size(self, index: int) -> float:
        size = float(pdfium_c.FPDFText_GetFontSize(self._page.raw, index))
        if pdfium_c.FPDFText_GetMatrix(self._page.raw, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return abs(size) * self._frame.unit

    def _turn(self, index: int) -> int:
        """PDFium's angle is counter-clockwise in user space; the page's /Rotate comes on top."""
        angle = float(pdfium_c.FPDFText_GetCharAngle(self._page.raw, index))
        lean = round(math.degrees(angle) / 90) * 90 if angle >= 0 else 0
        return (lean - self._frame.turn) % 360

    def _is_visible(self, index: int) -> bool:
        text_object: Any = pdfium_c.FPDFText_GetTextObject(self._page.raw, index)
        if not text_object:
            return True
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        if address not in self._visible:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object)
            self._visible[address] = mode not in _INVISIBLE_MODES
        return self._visible[address]
