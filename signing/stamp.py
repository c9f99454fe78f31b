# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""What a signature looks like on the paper, and in which corner it stands.

Circular 01/2023/TT-VPCP, article 8: the officer's digital signature shows the name
of the person who scanned and the time of scanning, in the top left corner of the
first page. Decree 30/2020 (Phụ lục I, phần II): the organisation's shows, without an
image, the form of copy, the organisation and the time of signing (ISO 8601, Vietnam's
time zone) in the top right corner, Times New Roman, upright, 10 pt, black. Texts are
data, so that an office can say them in its own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from signing.entries import entry
from signing.keys import TEST_MARK
from signing.lettering import EmbeddedFont, Face
from vocabulary.clock import vietnam_time
from vocabulary.papers import Box

Corner = Literal["left", "right"]

FONT_SIZE: Final = 10.0
"""Points, by Decree 30/2020; less only where the page is too small to carry it."""

_SMALLEST: Final = 1.0
_LEADING: Final = 1.15
_EDGE: Final = 10.0
"""Points kept free to the page's edge: printers lose about a third of a centimetre."""
_DEEPEST: Final = 0.25
"""Share of the page's height that still is its top corner."""
_LOWEST_TOP: Final = 40.0
"""A stamp starts at most this far below the edge; the margin is 20 to 25 mm (57 to 71 pt)."""


@dataclass(frozen=True, slots=True)
class StampTexts:
    """Lines and corners of the visible signatures; ``{name}``, ``{time}``, ``{form}`` filled in.

    What is in force on a day: :mod:`signing.stamp_texts`.
    """

    officer: tuple[str, ...] = ("Người số hóa: {name}", "Thời gian số hóa: {time}")
    officer_signs: tuple[str, ...] = ("Người ký: {name}", "Thời gian ký: {time}")
    organisation: tuple[str, ...] = ("{form}; {name}; {time}",)
    test: str = TEST_MARK
    officer_corner: Corner = "left"
    organisation_corner: Corner = "right"

    def fill(
        self, lines: Sequence[str], *, name: str, moment: datetime, form: str = "", test: bool
    ) -> tuple[str, ...]:
        """The lines with their values; the mark of a test signature comes first."""
        time = vietnam_time(moment)
        filled = tuple(line.format(name=name, time=time, form=form) for line in lines)
        return (self.test, *filled) if test else filled


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first page as shown: size in points, and how that maps to PDF user space."""

    width: float
    height: float
    user_box: tuple[float, float, float, float]
    rotation: int
    unit: float

    def to_user(self, box: Box) -> tuple[float, float, float, float]:
        """A box on the page as shown (points, origin top left) in PDF user space."""
        x0, y0, x1, y1 = (value / self.unit for value in box)
        left, bottom, right, top = self.user_box
        return {
            0: (left + x0, top - y1, left + x1, top - y0),
            90: (left + y0, bottom + x0, left + y1, bottom + x1),
            180: (right - x1, bottom + y0, right - x0, bottom + y1),
            270: (right - y1, top - x1, right - y0, top - x0),
        }[self.rotation]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Text set for one corner: lines, size of the letters, box on the page as shown."""

    lines: tuple[str, ...]
    size: float
    box: Box


def first_sheet(writer: BasePdfFileWriter, number: int = 0) -> Sheet:
    """The geometry of a page (0 is the first): crop box, rotation, user unit, inherited or not."""
    page = writer.find_page_for_modification(number)[0].get_object()
    box = _rectangle(_inherited(page, "/CropBox") or _inherited(page, "/MediaBox"))
    turn = _inherited(page, "/Rotate")
    rotation = int(turn) % 360 if isinstance(turn, int | float) else 0
    rotation = rotation if rotation in (90, 180, 270) else 0
    unit = entry(page, "/UserUnit", 1)
    unit = float(unit) if isinstance(unit, int | float) and unit > 0 else 1.0
    width, height = (box[2] - box[0]) * unit, (box[3] - box[1]) * unit
    if rotation in (90, 270):
        width, height = height, width
    return Sheet(width, height, box, rotation, unit)


def _inherited(page: generic.DictionaryObject, key: str) -> object:
    for _ in range(64):  # page trees of real files are a few levels deep; loops end here
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _rectangle(value: object) -> tuple[float, float, float, float]:
    if isinstance(value, generic.ArrayObject) and len(value) == 4:
        xs, ys = sorted(map(float, (value[0], value[2]))), sorted(map(float, (value[1], value[3])))
        if xs[1] > xs[0] and ys[1] > ys[0]:
            return xs[0], ys[0], xs[1], ys[1]
    return 0.0, 0.0, 595.276, 841.89  # A4, the paper of Decree 30/2020


def set_stamp(
    face: Face, texts: Sequence[str], sheet: Sheet, corner: Corner, avoid: Sequence[Box] = ()
) -> Stamp:
    """Set ``texts`` into a corner of the top margin.

    At most half the page's width and a quarter of its height are used; the letters
    shrink where 10 pt do not fit. Among the heights of the top margin the first is
    taken at which the stamp covers none of ``avoid`` (word boxes of the page, points),
    else the first such under the margin in the upper quarter of the page, else the height
    of the margin that covers least.
    """
    edge = min(_EDGE, sheet.width / 40, sheet.height / 40)
    room = sheet.width / 2 - 1.5 * edge
    texts = [face.legible(text) for text in texts]
    size = FONT_SIZE
    lines = _wrapped(face, texts, size, room)
    while size > _SMALLEST and not _fits(face, lines, size, room, sheet.height / 4):
        size = max(_SMALLEST, round(size - 0.5, 1))
        lines = _wrapped(face, texts, size, room)
    width = min(room, max(face.width(line, size) for line in lines))
    height = min(len(lines) * size * _LEADING, sheet.height - 2 * edge)
    left = edge if corner == "left" else sheet.width - edge - width
    lowest = min(_LOWEST_TOP, sheet.height / 4)
    tops = [edge + step for step in range(0, int(max(lowest - edge, 0)) + 1, 2)]
    boxes = [Box(left, top, left + width, top + height) for top in tops]
    box = min(boxes, key=lambda box: _covered(box, avoid))
    if _covered(box, avoid):  # no room in the margin: an empty place under it, in the same corner
        deepest = sheet.height * _DEEPEST - height
        lower = range(int(lowest) + 2, int(max(deepest, lowest)) + 1, 2)
        under = (Box(left, top, left + width, top + height) for top in lower)
        box = next((one for one in under if not _covered(one, avoid)), box)
    return Stamp(tuple(lines), size, box)


def rewritten(face: Face, stamp: Stamp, texts: Sequence[str]) -> Stamp:
    """The stamp with other texts of the same shape (another moment) in its place."""
    width = stamp.box.x1 - stamp.box.x0 + 0.01
    lines = _wrapped(face, [face.legible(text) for text in texts], stamp.size, width)
    return Stamp(tuple(lines), stamp.size, stamp.box)


def _wrapped(face: Face, texts: Sequence[str], size: float, room: float) -> list[str]:
    lines: list[str] = []
    for text in texts:
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if line and face.width(longer, size) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line or "?")
    return lines


def _fits(face: Face, lines: Sequence[str], size: float, room: float, height: float) -> bool:
    widest = max(face.width(line, size) for line in lines)
    return widest <= room and len(lines) * size * _LEADING <= height


def _covered(box: Box, avoid: Sequence[Box]) -> float:
    area = 0.0
    for other in avoid:
        width = min(box.x1, other.x1) - max(box.x0, other.x0)
        height = min(box.y1, other.y1) - max(box.y0, other.y0)
        area += max(width, 0.0) * max(height, 0.0)
    return round(area, 1)


@dataclass(frozen=True)
class StampStyle(BaseStampStyle):
    """A :class:`Stamp` in the shape pyHanko asks for."""

    stamp: Stamp | None = None
    font: EmbeddedFont | None = None
    rotation: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, *_: object) -> BaseStamp:
        """The appearance; pyHanko's box and text parameters are not needed."""
        return _Appearance(writer, self)


class _Appearance(BaseStamp):
    def __init__(self, writer: BasePdfFileWriter, style: StampStyle) -> None:
        if style.stamp is None or style.font is None:
            raise ValueError("a stamp style needs its stamp and font")
        self._stamp, self._font, self._rotation = style.stamp, style.font, style.rotation
        box = self._stamp.box
        width, height = round(box.x1 - box.x0, 2), round(box.y1 - box.y0, 2)
        super().__init__(writer, style, BoxConstraints(width=width, height=height))

    def render(self) -> bytes:
        self.set_resource(ResourceType.FONT, pdf_name("/F1"), self._font.reference)
        size = self._stamp.size
        top = self._stamp.box.y1 - self._stamp.box.y0
        lines = [b"q 0 g BT /F1 %g Tf %g TL 0 %g Td" % (size, size * _LEADING, top - size * 0.9)]
        for number, line in enumerate(self._stamp.lines):
            lines.append((b"T* " if number else b"") + self._font.encode(line) + b" Tj")
        return b"\n".join([*lines, b"ET Q"])

    def as_form_xobject(self) -> generic.StreamObject:
        """The form, turned against the page's rotation so that the text stands upright."""
        return turned(super().as_form_xobject(), self._rotation)


def turned(form: generic.StreamObject, rotation: int) -> generic.StreamObject:
    """An appearance turned against its page's rotation."""
    turn = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}.get(rotation)
    if turn:
        form["/Matrix"] = generic.ArrayObject(
            generic.NumberObject(value) for value in (*turn, 0, 0)
        )
    return form
