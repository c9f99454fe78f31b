"""A small paper whose words and places are known, and files of every kind that show it."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw, ImageFont

from ocr.compose import ComposeInfo
from vocabulary.papers import Baseline, Box, Line, PageReading, Word

DPI = 150
SIZE = (1240, 1754)  # A4 at 150 dpi
TEXTS = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 123/QĐ-UBND",
    "Ngày ký: 23/11/2026 (bản điện tử)",
    "Giấy phép ngoẵng nguệch ngoạc, kỳ lạ ơ ỡ ữ ậ ẵ ỹ",
)
INFO = ComposeInfo(
    title="Quyết định số 123/QĐ-UBND <thử & nghiệm>",
    created=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
    source_name="qd 123.pdf",
    source_sha256="ab" * 32,
    made_by={"sohoa": "0.1.0", "tesseract": "5.3.0", "model": "vie 1"},
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The picture as scanned and what stands on it."""

    image: Image.Image
    reading: PageReading


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("Tinos-Regular.ttf", size)


@cache
def paper(size: tuple[int, int] = SIZE) -> Paper:
    """The paper in colour: words, a red seal and a blue signature."""
    image = Image.new("RGB", size, (252, 251, 247))
    draw = ImageDraw.Draw(image)
    font = _font(34)
    lines = []
    for row, text in enumerate(TEXTS):
        baseline, left = 200.0 + 90 * row, 120.0
        words = []
        for part in text.split():
            width = draw.textlength(part, font=font)
            draw.text((left, baseline), part, font=font, fill=(20, 20, 30), anchor="ls")
            words.append(_word(part, left, baseline - 30, left + width, baseline + 8))
            left += width + 16
        place = Baseline(*_points(120, baseline, left - 16, baseline))
        lines.append(Line(tuple(words), place, 38 * 72 / DPI))
    draw.ellipse((700, 900, 950, 1150), outline=(200, 20, 30), width=9)
    draw.line((760, 1030, 1010, 960, 900, 1090), fill=(30, 40, 170), width=6)
    width, height = _points(*size, 0, 0)[:2]
    reading = PageReading(1, width, height, DPI, "scan", 0, 0.0, tuple(lines))
    return Paper(image, reading)


def _points(*pixels: float) -> tuple[float, ...]:
    return tuple(pixel * 72 / DPI for pixel in pixels)


def _word(text: str, *box: float) -> Word:
    return Word(text, Box(*_points(*box)), 96.0, "ocr", "test")


def texts_of(reading: PageReading) -> list[str]:
    """Its words in reading order."""
    return [word.text for word in reading.words]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """An image file's bytes."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def scan_pdf(
    image: Callable[[Pdf], Stream],
    *,
    content: bytes = b"q 595.2 0 0 841.92 0 0 cm /Im0 Do Q",
    page: Mapping[str, object] | None = None,
) -> Pdf:
    """A PDF of one page that shows an image as ``content`` says."""
    pdf = Pdf.new()
    stream = image(pdf)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    made = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, pikepdf.Object.parse(b"595.2"), pikepdf.Object.parse(b"841.92")],
        Resources=Dictionary(XObject=Dictionary(Im0=stream)),
        Contents=pdf.make_stream(content),
    )
    for key, value in (page or {}).items():
        made[f"/{key}"] = value
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    return pdf


def jpeg_stream(image: Image.Image, **entries: object) -> Callable[[Pdf], Stream]:
    """A page image as most scanners write it."""

    def make(pdf: Pdf) -> Stream:
        stream = Stream(pdf, encoded(image, "JPEG", quality=85))
        spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
        stream.Width, stream.Height, stream.BitsPerComponent = image.width, image.height, 8
        stream.ColorSpace, stream.Filter = spaces[image.mode], Name.DCTDecode
        for key, value in entries.items():
            stream[f"/{key}"] = value
        return stream

    return make


def raw_stream(samples: bytes, size: tuple[int, int], **entries: object) -> Callable[[Pdf], Stream]:
    """An image of plain samples; qpdf compresses them when the file is saved."""

    def make(pdf: Pdf) -> Stream:
        stream = Stream(pdf, samples)
        stream.Width, stream.Height = size
        stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceGray
        for key, value in entries.items():
            stream[f"/{key}"] = value
        return stream

    return make


def turned_reading(reading: PageReading, rotation: int) -> PageReading:
    """The reading of a page that came in lying on its side: upright words, that rotation."""
    return replace(reading, rotation=rotation)


def saved(pdf: Pdf, path: Path) -> Path:
    """The file written."""
    pdf.save(path, static_id=True)
    return path


def grey_levels(image: Image.Image) -> np.ndarray:
    """For comparison with renders."""
    return np.asarray(image.convert("L"))
