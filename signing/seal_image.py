# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""The organisation's signature on an electronic original: the picture of its seal.

Decree 30/2020/NĐ-CP, Phụ lục I, phần II, mục I.8: the seal's picture, red, of its real size,
PNG with a transparent ground, over about a third of the signing person's signature, on its
left. Copies bear text instead (:mod:`signing.stamp`). Where it stands depends on the paper,
so its centre is given.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from signing.entries import entry
from signing.stamp import Sheet, first_sheet, turned
from vocabulary.errors import InvalidRequest, MissingPart, UsageError
from vocabulary.papers import Box

POINTS_A_MM: Final = 72 / 25.4
SMALLEST_MM, LARGEST_MM = 10.0, 60.0
"""Seals of Vietnamese offices measure 30 to 42 mm; small ones (dấu thu nhỏ) less."""
_MOST_PIXELS: Final = 16_000_000
_SHARP_ENOUGH: Final = 1000
"""Pixels across: 600 dpi of a 42 mm seal."""


@dataclass(frozen=True, slots=True)
class SealImage:
    """A seal and where its centre stands: millimetres from the left and top of the page as shown.

    Args:
        picture: PNG with a transparent ground.
        width_mm: its real width.
        page: 1 is the first.
        x_mm, y_mm: its centre.
    """

    picture: Path
    width_mm: float
    page: int
    x_mm: float
    y_mm: float

    def place(self, sheet: Sheet) -> tuple[Box, Image.Image]:
        """The box on the page as shown, and the picture.

        Raises:
            MissingPart: ``seal_image_missing``.
            InvalidRequest: ``seal_image_unfit``, ``seal_outside_the_page``.
        """
        picture = _picture(self.picture)
        if not SMALLEST_MM <= self.width_mm <= LARGEST_MM:
            raise _unfit(f"{self.width_mm:g} mm")
        width = self.width_mm * POINTS_A_MM
        height = width * picture.height / picture.width
        x, y = self.x_mm * POINTS_A_MM, self.y_mm * POINTS_A_MM
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > sheet.width or box.y1 > sheet.height:
            raise InvalidRequest(
                "Con dấu nằm ngoài trang. Hãy chọn lại vị trí (mm từ mép trái, mép trên).",
                "The seal would leave the page. Choose its place anew (mm from left and top).",
                code="seal_outside_the_page",
                field="seal",
            )
        return box, picture


def _picture(path: Path) -> Image.Image:
    try:
        with Image.open(path, formats=["PNG"]) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise _unfit(f"{opened.width} x {opened.height}")
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, ValueError, SyntaxError) as error:
        raise _unfit("PNG") from error
    except OSError as error:
        raise MissingPart(
            f"Không đọc được ảnh con dấu {path.name}. Hãy kiểm tra đường dẫn, quyền đọc.",
            f"The picture of the seal {path.name} cannot be read. Check its path and rights.",
            code="seal_image_missing",
            file=path.name,
        ) from error
    picture.thumbnail((_SHARP_ENOUGH, _SHARP_ENOUGH))
    small = picture.resize((64, 64))
    inked = [pixel for pixel in _pixels(small) if pixel[3] > 128]
    if not inked or len(inked) > 0.9 * 64 * 64:
        raise _unfit("nền · ground")
    red, green, blue = (sum(pixel[part] for pixel in inked) / len(inked) for part in range(3))
    if red < 1.5 * max(green, blue):
        raise _unfit("màu · colour")
    return picture


def _pixels(picture: Image.Image) -> list[tuple[int, ...]]:
    data = picture.tobytes()
    return [tuple(data[start : start + 4]) for start in range(0, len(data), 4)]


def _unfit(what: str) -> InvalidRequest:
    return InvalidRequest(
        f"Ảnh con dấu không phù hợp ({what}). Hãy dùng tệp PNG nền trong suốt, dấu màu đỏ, "
        f"rộng {SMALLEST_MM:g} đến {LARGEST_MM:g} mm.",
        f"The picture of the seal does not fit ({what}). Use a PNG with a transparent ground, "
        f"a red seal, {SMALLEST_MM:g} to {LARGEST_MM:g} mm wide.",
        code="seal_image_unfit",
        field="seal",
    )


@dataclass(frozen=True)
class SealStyle(BaseStampStyle):
    """A seal in the shape pyHanko asks for."""

    box: Box | None = None
    picture: Any = None
    rotation: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, *_: object) -> BaseStamp:
        """The appearance; pyHanko's box and text parameters are not needed."""
        return _Appearance(writer, self)


def sealed_field(writer: IncrementalPdfFileWriter, name: str, seal: SealImage) -> SealStyle:
    """An empty field for the seal, and the style that fills it."""
    pages = int(entry(writer.root["/Pages"], "/Count", 0))
    if not 1 <= seal.page <= pages:
        raise UsageError(
            f"Tệp có {pages} trang, không có trang {seal.page}.",
            f"The file has {pages} pages, there is no page {seal.page}.",
        )
    sheet = first_sheet(writer, seal.page - 1)
    box, picture = seal.place(sheet)
    rounded: Any = tuple(round(value, 2) for value in sheet.to_user(box))
    append_signature_field(
        writer,
        SigFieldSpec(name, on_page=seal.page - 1, box=rounded, readable_field_name="Con dấu"),
    )
    return SealStyle(border_width=0, box=box, picture=picture, rotation=sheet.rotation)


class _Appearance(BaseStamp):
    def __init__(self, writer: BasePdfFileWriter, style: SealStyle) -> None:
        assert style.box is not None
        self._picture, self._rotation = style.picture, style.rotation
        self._size = (
            round(style.box.x1 - style.box.x0, 2), round(style.box.y1 - style.box.y0, 2)
        )  # fmt: skip
        super().__init__(writer, style, BoxConstraints(width=self._size[0], height=self._size[1]))

    def render(self) -> bytes:
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Seal"), self._embedded())
        return b"q %g 0 0 %g 0 0 cm /Seal Do Q" % self._size

    def _embedded(self) -> generic.IndirectObject:
        writer = self.writer
        assert writer is not None
        colours = self._picture.convert("RGB").tobytes()
        veil = self._picture.getchannel("A").tobytes()
        mask = writer.add_object(self._image(veil, "/DeviceGray"))
        image = self._image(colours, "/DeviceRGB")
        image["/SMask"] = mask
        return writer.add_object(image)

    def _image(self, samples: bytes, space: str) -> generic.StreamObject:
        width, height = self._picture.size
        stream = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Image"),
                pdf_name("/Width"): generic.NumberObject(width),
                pdf_name("/Height"): generic.NumberObject(height),
                pdf_name("/BitsPerComponent"): generic.NumberObject(8),
                pdf_name("/ColorSpace"): pdf_name(space),
            },
            stream_data=samples,
        )
        stream.compress()
        return stream

    def as_form_xobject(self) -> generic.StreamObject:
        """The form, turned against the page's rotation so that the seal stands upright."""
        return turned(super().as_form_xobject(), self._rotation)
