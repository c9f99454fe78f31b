"""Pages as PDF with real text, and as pixels.

One drawing serves both: a page is written as PDF (embedded faces, ToUnicode,
vector seals) and rendered by pdfium, so the picture, the born-digital file and
the truth cannot disagree.
"""

import io
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf
import pypdfium2
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image

from demo.papers.fonts import Face, font_file, metrics, open_font
from demo.papers.model import Paper, PaperPage, PaperWord, Picture, Rule, SetLine, Shape, Style

_RESOURCE: Final = {face: f"F{number}" for number, face in enumerate(Face)}
_ALPHABET: Final = frozenset(
    (
        *range(0x20, 0x7F),
        *range(0xC0, 0x100),
        *map(ord, "ĂăĐđĨĩŨũƠơƯư–…"),
        *range(0x1EA0, 0x1EFA),
    )
)
"""Code points of Vietnamese text: ASCII, Latin-1 letters, Ă Đ Ĩ Ũ Ơ Ư and U+1EA0..1EF9."""
_KEPT_TABLES: Final = ("glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep")


def render(page: PaperPage, dpi: int) -> Image.Image:
    """The page as an RGB image of ``dpi`` dots an inch."""
    document = pypdfium2.PdfDocument(_pdf((page,), subset_fonts=False))
    try:
        bitmap = document[0].render(scale=dpi / 72, rev_byteorder=True)
        image: Image.Image = bitmap.to_pil().convert("RGB")
    finally:
        document.close()
    image.info["dpi"] = (dpi, dpi)
    return image


def to_born_digital_pdf(paper: Paper, path: Path) -> None:
    """Write the paper as a PDF with real text, subset faces and ToUnicode maps."""
    path.write_bytes(born_digital_pdf(paper))


def born_digital_pdf(paper: Paper) -> bytes:
    """The bytes of :func:`to_born_digital_pdf`."""
    return _pdf(paper.pages, subset_fonts=True)


def _pdf(pages: Sequence[PaperPage], *, subset_fonts: bool) -> bytes:
    pdf = pikepdf.new()
    words = [word for page in pages for word in page.words]
    used: dict[Face, set[int]] = {}
    for word in words:
        used.setdefault(word.style.face, {32}).update(map(ord, word.text))
    fonts = Dictionary(
        {
            f"/{_RESOURCE[face]}": _font(pdf, face, codes, subset_fonts=subset_fonts)
            for face, codes in sorted(used.items())
        }
    )
    for page in pages:
        _add_page(pdf, page, fonts)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, compress_streams=subset_fonts)
    return out.getvalue()


def _add_page(pdf: pikepdf.Pdf, page: PaperPage, fonts: Dictionary) -> None:
    pictures = [mark for mark in page.marks if isinstance(mark, Picture)]
    images = {f"/I{n}": _image(pdf, picture) for n, picture in enumerate(pictures)}
    opacities = sorted({mark.opacity for mark in page.marks if isinstance(mark, Shape)})
    states = {
        f"/G{n}": Dictionary(BM=Name.Multiply, ca=opacity, CA=opacity)
        for n, opacity in enumerate(opacities)
    }
    out: list[str] = []
    for mark in page.marks:
        match mark:
            case SetLine():
                out.extend(_text(mark.words, page.height_pt))
            case Rule():
                out.append(_rule(mark, page.height_pt))
            case Shape():
                out.append(_shape(mark, page.height_pt, f"/G{opacities.index(mark.opacity)}"))
            case Picture():
                out.append(_picture(mark, page.height_pt, f"/I{pictures.index(mark)}"))
    pdf.add_blank_page(page_size=(page.width_pt, page.height_pt))
    target = pdf.pages[-1].obj
    target.Resources = Dictionary(
        Font=fonts, XObject=Dictionary(images), ExtGState=Dictionary(states)
    )
    target.Contents = pdf.make_stream("\n".join(out).encode("ascii"))


def _colour(colour: tuple[float, float, float], operator: str) -> str:
    return " ".join(f"{part:.3f}" for part in colour) + f" {operator}"


def _text(words: Sequence[PaperWord], height: float) -> Iterable[str]:
    """Words of a line; runs of one style become one TJ with real spaces between the words."""
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or words[end].style != words[start].style:
            yield _run(words[start:end], height)
            start = end


def _run(words: Sequence[PaperWord], height: float) -> str:
    style = words[0].style
    glyphs = metrics(style.face).glyphs
    parts = []
    for number, word in enumerate(words):
        parts.append("<" + "".join(f"{glyphs[ord(char)]:04X}" for char in word.text))
        if number + 1 < len(words):
            parts[-1] += f"{glyphs[32]:04X}> {_kern(word, words[number + 1], style):.2f} "
        else:
            parts[-1] += ">"
    first = words[0]
    return (
        f"BT {_colour(style.colour, 'rg')} /{_RESOURCE[style.face]} {style.size:.3f} Tf "
        f"{style.tracking:.3f} Tc 1 0 0 1 {first.box.x0:.3f} {height - first.baseline:.3f} Tm "
        f"[{''.join(parts)}] TJ ET"
    )


def _kern(word: PaperWord, following: PaperWord, style: Style) -> float:
    """TJ adjustment (thousandths of em, positive moves left) after a word and its space."""
    space = metrics(style.face).advances[32] * style.size
    natural: float = word.box.x1 + space + 2 * style.tracking
    return float(natural - following.box.x0) / style.size * 1000


def _rule(rule: Rule, height: float) -> str:
    dash = " ".join(f"{part:.3f}" for part in rule.dash)
    return (
        f"q {_colour(rule.colour, 'RG')} {rule.width:.3f} w [{dash}] 0 d "
        f"{rule.x0:.3f} {height - rule.y0:.3f} m {rule.x1:.3f} {height - rule.y1:.3f} l S Q"
    )


def _shape(shape: Shape, height: float, state: str) -> str:
    out = ["q", state, "gs"]
    if shape.stroke is None:
        out.append(_colour(shape.colour, "rg"))
    else:
        out.append(f"{_colour(shape.colour, 'RG')} {shape.stroke:.3f} w 1 J 1 j")
    for operator, numbers in shape.moves:
        for number, value in enumerate(numbers):
            out.append(f"{height - value if number % 2 else value:.3f}")
        out.append(operator)
    out.append("f" if shape.stroke is None else "S")
    return " ".join([*out, "Q"])


def _picture(picture: Picture, height: float, name: str) -> str:
    box = picture.box
    return (
        f"q {box.x1 - box.x0:.3f} 0 0 {box.y1 - box.y0:.3f} {box.x0:.3f} {height - box.y1:.3f} cm "
        f"{name} Do Q"
    )


def _image(pdf: pikepdf.Pdf, picture: Picture) -> pikepdf.Object:
    pixels = np.ascontiguousarray(picture.pixels)
    stream = pdf.make_stream(pixels.tobytes())
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = pixels.shape[1], pixels.shape[0]
    stream.BitsPerComponent = 8
    stream.ColorSpace = Name.DeviceGray if pixels.ndim == 2 else Name.DeviceRGB
    return stream


def _font(pdf: pikepdf.Pdf, face: Face, codes: set[int], *, subset_fonts: bool) -> Any:
    """A Type 0 font: glyph numbers as codes, so that any letter of the face can be shown."""
    measures = metrics(face)
    data = _subset(face, frozenset(codes) - _ALPHABET) if subset_fonts else _whole(face)
    program = pdf.make_stream(data)
    program.Length1 = len(data)
    name = Name(f"/{'SOHOAA+' if subset_fonts else ''}{face}")
    widths = Array()
    for code in sorted(codes, key=lambda code: measures.glyphs[code]):
        widths.append(measures.glyphs[code])
        widths.append(Array([round(measures.advances[code] * 1000, 3)]))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=_bbox(face),
        ItalicAngle=-15 if "Italic" in face else 0, Ascent=round(measures.ascent * 1000),
        Descent=-round(measures.descent * 1000), CapHeight=662, StemV=80,
        FontFile2=program,
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, DW=1000, W=widths,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), CIDToGIDMap=Name.Identity,
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(face, codes)),
        )
    )  # fmt: skip


def _bbox(face: Face) -> Array:
    head = open_font(face)["head"]
    scale = 1000 / head.unitsPerEm
    return Array([round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)])


def _to_unicode(face: Face, codes: set[int]) -> bytes:
    glyphs = metrics(face).glyphs
    pairs = [f"<{glyphs[code]:04X}> <{code:04X}>" for code in sorted(codes)]
    blocks = "\n".join(
        f"{len(pairs[at : at + 100])} beginbfchar\n" + "\n".join(pairs[at : at + 100])
        + "\nendbfchar"
        for at in range(0, len(pairs), 100)
    )  # fmt: skip
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{blocks}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


@cache
def _whole(face: Face) -> bytes:
    return font_file(face).read_bytes()


@lru_cache(maxsize=64)
def _subset(face: Face, more: frozenset[int]) -> bytes:
    """The face with the outlines of Vietnamese and ``more`` letters; glyph numbers stay.

    One subset serves all papers of a process: making one costs 0.15 CPU seconds.
    """
    options = subset.Options(retain_gids=True, notdef_outline=True, layout_features=[])
    font = TTFont(font_file(face), recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=sorted(_ALPHABET | more))
    worker.subset(font)
    for tag in set(font.keys()) - {*_KEPT_TABLES, "GlyphOrder"}:
        del font[tag]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
