"""Pages drawn for these tests: text in a Times face at a known place, and PDF files around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

FACES = (
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
)
A4_PT = (595.0, 842.0)

LETTER = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 2010 của Chính phủ",
    "về kiểm soát thủ tục hành chính và các nghị định sửa đổi, bổ sung;",
    "Theo đề nghị của Giám đốc Sở Khoa học và Công nghệ tại Tờ trình số 181,",
    "Điều 1. Công bố kèm theo Quyết định này danh mục thủ tục hành chính",
    "thuộc phạm vi chức năng quản lý của Sở Khoa học và Công nghệ.",
    "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày ký.",
)


def face(size: float) -> ImageFont.FreeTypeFont:
    for path in FACES:
        if Path(path).is_file():
            return ImageFont.truetype(path, size)
    raise AssertionError("no Times-metric font: sudo apt-get install fonts-croscore")


@dataclass(frozen=True)
class Drawn:
    """An image of a page and where each line was drawn: left, baseline, right in pixels."""

    image: Image.Image
    lines: tuple[tuple[str, float, float, float], ...]


def letter_page(
    lines: Sequence[str] = LETTER, dpi: int = 200, size_pt: float = 14.0, top_pt: float = 90.0
) -> Drawn:
    """Lines of text on white A4."""
    wide, high = (round(side / 72 * dpi) for side in A4_PT)
    image = Image.new("L", (wide, high), 250)
    draw = ImageDraw.Draw(image)
    font = face(size_pt / 72 * dpi)
    left = 70 / 72 * dpi
    drawn = []
    for place, line in enumerate(lines):
        baseline = (top_pt + place * size_pt * 1.5) / 72 * dpi
        draw.text((left, baseline), line, fill=25, font=font, anchor="ls")
        drawn.append((line, left, baseline, left + draw.textlength(line, font=font)))
    return Drawn(image, tuple(drawn))


def jpeg(image: Image.Image, dpi: int | None = 200, **options: object) -> bytes:
    buffer = BytesIO()
    if dpi is not None:
        options["dpi"] = (dpi, dpi)
    image.save(buffer, "JPEG", quality=92, **options)
    return buffer.getvalue()


def image_pdf(
    path: Path,
    packed: bytes,
    pixels: tuple[int, int],
    size_pt: tuple[float, float] = A4_PT,
    *,
    colours: str = "/DeviceGray",
    rotate: int = 0,
    placed: str | None = None,
    extra: bytes = b"",
    resources: dict[str, object] | None = None,
    user_unit: float | None = None,
) -> Path:
    """A PDF whose only page is one JPEG that fills it."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size_pt)
    page = pdf.pages[0]
    image = pdf.make_stream(packed)
    for key, value in {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": pixels[0],
        "/Height": pixels[1],
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name(colours),
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():
        image[key] = value
    page.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=image), **(resources or {})
    )
    matrix = placed or f"{size_pt[0]} 0 0 {size_pt[1]} 0 0"
    page.obj.Contents = pdf.make_stream(f"q {matrix} cm /Im0 Do Q ".encode() + extra)
    if rotate:
        page.obj.Rotate = rotate
    if user_unit is not None:
        page.obj.UserUnit = user_unit
    pdf.save(path)
    return path


def helvetica() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def text_pdf(path: Path, content: bytes, *, rotate: int = 0, appearance: bytes = b"") -> Path:
    """A born-digital page; ``appearance`` is drawn by a stamp annotation at (100, 700)."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=A4_PT)
    page = pdf.pages[0]
    fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=helvetica()))
    page.obj.Resources = fonts
    page.obj.Contents = pdf.make_stream(content)
    if rotate:
        page.obj.Rotate = rotate
    if appearance:
        form = pdf.make_stream(appearance)
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array([0, 0, 200, 40])
        form.Resources = fonts
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=pikepdf.Array([100, 700, 300, 740]),
            F=4,
            AP=pikepdf.Dictionary(N=form),
        )
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(stamp)])
    pdf.save(path)
    return path
