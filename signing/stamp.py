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
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from signing.empty_place import Ground
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
_SHARES: Final = (0.75, 0.5, 0.35)
"""Of the room's width: lines are broken so narrow where the page is full."""
_SMALLER: Final = (9.0, 8.0, 7.0, 6.0)
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
    """Set ``texts`` into a corner of the top margin, where they cover none of ``avoid``.

    At most half the page's width and a quarter of its height are used; the letters
    shrink where 10 pt do not fit. Places, the first that is empty (``avoid``: what stands
    on the page, points): the heights of the top margin; under it in the upper quarter of the
    page, in the same half; there with lines broken narrower, and with smaller letters; the
    empty place of the page that is nearest to the corner. On a page without any empty place
    the height of the margin that covers least.
    """
    texts = [face.legible(text) for text in texts]
    size, lines = _largest(face, texts, sheet)
    usual = _Setting(face, texts, sheet, corner, size, lines)
    tops = usual.margin_tops()
    if not avoid:
        return usual.at(usual.left, tops[0])
    ground = Ground.of(sheet.width, sheet.height, avoid)
    covered = ground.covered(usual.left, tops, usual.box_size)[:, 0]
    first = int(covered.argmin())
    if covered[first] == 0:
        return usual.at(usual.left, tops[first])
    narrower = [usual.set_anew(share, size) for share in _SHARES]
    smaller = [usual.set_anew(share, less) for less in _SMALLER if less < size for share in _SHARES]
    for setting in (usual, *narrower, *smaller):
        if (found := setting.nearest(ground, setting.corner_part())) is not None:
            return found
    for setting in (usual, *narrower, *smaller):
        if (found := setting.nearest(ground, setting.whole_page())) is not None:
            return found
    return usual.at(usual.left, tops[first])


@dataclass(frozen=True, slots=True)
class _Setting:
    """Texts broken into lines at one size of letters, before they have a place."""

    face: Face
    texts: Sequence[str]
    sheet: Sheet
    corner: Corner
    size: float
    lines: Sequence[str]

    @property
    def box_size(self) -> tuple[float, float]:
        sheet = self.sheet
        width = max(self.face.width(line, self.size) for line in self.lines)
        height = len(self.lines) * self.size * _LEADING
        return min(width, _room(sheet)), min(height, sheet.height - 2 * _edge(sheet))

    @property
    def left(self) -> float:
        edge = _edge(self.sheet)
        return edge if self.corner == "left" else self.sheet.width - edge - self.box_size[0]

    def margin_tops(self) -> npt.NDArray[np.float64]:
        edge = _edge(self.sheet)
        deepest = self.sheet.height - edge - self.box_size[1]
        lowest = min(_LOWEST_TOP, self.sheet.height / 4, deepest)
        return edge + np.arange(0, int(max(lowest - edge, 0)) + 1, 2, dtype=float)

    def set_anew(self, share: float, size: float) -> "_Setting":
        """Lines broken at a share of the room, with letters of another size."""
        lines = _wrapped(self.face, self.texts, size, _room(self.sheet) * share)
        return replace(self, size=size, lines=lines)

    def corner_part(self) -> Box:
        sheet, edge = self.sheet, _edge(self.sheet)
        middle = sheet.width / 2
        left, right = (edge, middle) if self.corner == "left" else (middle, sheet.width - edge)
        return Box(left, edge, right, sheet.height * _DEEPEST)

    def whole_page(self) -> Box:
        sheet, edge = self.sheet, _edge(self.sheet)
        return Box(edge, edge, sheet.width - edge, sheet.height - edge)

    def nearest(self, ground: Ground, within: Box) -> Stamp | None:
        box = ground.nearest_empty((self.left, _edge(self.sheet)), self.box_size, within)
        return None if box is None else self.at(box.x0, box.y0)

    def at(self, left: float, top: float) -> Stamp:
        width, height = self.box_size
        box = Box(float(left), float(top), float(left) + width, float(top) + height)
        return Stamp(tuple(self.lines), self.size, box)


def _edge(sheet: Sheet) -> float:
    return min(_EDGE, sheet.width / 40, sheet.height / 40)


def _room(sheet: Sheet) -> float:
    return sheet.width / 2 - 1.5 * _edge(sheet)


def _largest(face: Face, texts: Sequence[str], sheet: Sheet) -> tuple[float, list[str]]:
    """The size of the letters, 10 pt or what the page can carry, and the lines at that size."""
    size, room = FONT_SIZE, _room(sheet)
    lines = _wrapped(face, texts, size, room)
    while size > _SMALLEST and not _fits(face, lines, size, room, sheet.height / 4):
        size = max(_SMALLEST, round(size - 0.5, 1))
        lines = _wrapped(face, texts, size, room)
    return size, lines


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
