# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Letters of visible signatures: Tinos, which has the widths of Times New Roman.

Decree 30/2020 (Phụ lục I, phần II) asks for Times New Roman, upright, 10 pt, black;
Tinos (apt ``fonts-croscore``) has the same metrics and every Vietnamese letter
(``fonts-liberation`` 1.07 lacks 92 of them). The font is embedded as a subset of just
the letters on the paper. Widths are written in thousandths of the em: pyHanko's own
font embedder writes them in font units, which spreads the letters and breaks PDF/A
(ISO 19005-2, 6.2.11.5).
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from vocabulary.errors import MissingPart
from vocabulary.text import nfc

FONT_FILE: Final = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")

_REPERTOIRE: Final = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0,
    *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2027),
)  # fmt: skip
_ALWAYS: Final = frozenset("?0123456789-:+T ")
"""In every subset: "?" stands for what the font lacks, the others for moments of signing."""
_NEEDED_TABLES: Final = ("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep")


@dataclass(frozen=True, slots=True)
class Face:
    """A font file cut down to Latin with all Vietnamese letters, and what is measured on it.

    ``advances``: thousandths of the em by letter. ``metrics``: PDF font descriptor
    entries in the same unit.
    """

    program: bytes
    advances: dict[str, float]
    metrics: dict[str, Any]

    def width(self, text: str, size: float) -> float:
        """Width of a line in points at a size in points."""
        return sum(self.advances[letter] for letter in self.legible(text)) * size / 1000

    def legible(self, text: str) -> str:
        """The text with "?" for what the font lacks: PDF/A forbids an empty box (6.2.11.8)."""
        return "".join(letter if letter in self.advances else "?" for letter in nfc(text))


@lru_cache(maxsize=2)
def load_face(file: Path = FONT_FILE) -> Face:
    """The font, read once a process.

    Raises:
        MissingPart: ``stamp_font_missing``, naming the package that has it.
    """
    try:
        with TTFont(file) as font:
            program = _cut(font, _REPERTOIRE)
            metrics = _descriptor(font)
    except (OSError, TTLibError) as error:
        raise MissingPart(
            "Thiếu phông chữ Tinos để ghi chữ ký số. Hãy cài: apt install fonts-croscore",
            "The font Tinos for visible signatures is missing. Run: apt install fonts-croscore",
            code="stamp_font_missing",
            file=str(file),
        ) from error
    with TTFont(io.BytesIO(program)) as small:
        em = 1000 / small["head"].unitsPerEm
        widths, letters = small["hmtx"].metrics, small.getBestCmap()
        advances = {chr(code): widths[glyph][0] * em for code, glyph in letters.items()}
        return Face(program, advances, metrics)


def warm_up() -> None:
    """Read the font and load what sets it, before processes are forked that live for one file.

    Raises:
        MissingPart: ``stamp_font_missing``.
    """
    _subset(load_face().program, "".join(sorted(_ALWAYS)))


def _cut(font: TTFont, letters: Iterable[int]) -> bytes:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "gasp", "VDMX", "hdmx", "LTSH"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(letters))
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _descriptor(font: TTFont) -> dict[str, Any]:
    em = 1000 / font["head"].unitsPerEm
    head, above, below = font["head"], font["hhea"].ascent, font["hhea"].descent
    cap = getattr(font["OS/2"], "sCapHeight", 0) or above
    return {
        "box": [head.xMin * em, head.yMin * em, head.xMax * em, head.yMax * em],
        "/Ascent": above * em,
        "/Descent": below * em,
        "/CapHeight": cap * em,
    }


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """The font as it stands in one PDF: its reference, and codes of the letters in it."""

    reference: generic.IndirectObject
    codes: dict[str, int]

    def encode(self, text: str) -> bytes:
        """The operand of ``Tj`` for a text that is :meth:`Face.legible`."""
        return b"<" + b"".join(b"%04X" % self.codes[letter] for letter in text) + b">"


def embed(writer: BasePdfFileWriter, face: Face, texts: Iterable[str]) -> EmbeddedFont:
    """Put the letters of ``texts`` into the PDF as a Type 0 font with a ToUnicode map."""
    letters = {letter for text in texts for letter in face.legible(text)}
    program, codes, widths = _subset(face.program, "".join(sorted(letters | _ALWAYS)))
    name = pdf_name("/SOHOAA+Tinos")
    descendant = _descendant(writer, face, name, program, widths)
    font_dict = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type0"),
            pdf_name("/BaseFont"): name,
            pdf_name("/Encoding"): pdf_name("/Identity-H"),
            pdf_name("/DescendantFonts"): generic.ArrayObject([descendant]),
            pdf_name("/ToUnicode"): writer.add_object(_stream(_to_unicode(codes))),
        }
    )
    return EmbeddedFont(writer.add_object(font_dict), codes)


@lru_cache(maxsize=64)
def _subset(program: bytes, letters: str) -> tuple[bytes, dict[str, int], tuple[float, ...]]:
    """The font with just these letters, their codes, and widths in thousandths of the em.

    Kept: in a batch the stamps differ by their time alone.
    """
    with TTFont(io.BytesIO(program)) as font:
        cut = _cut(font, map(ord, letters))
    with TTFont(io.BytesIO(cut)) as small:
        for table in set(small.keys()) - {*_NEEDED_TABLES, "GlyphOrder", "cmap"}:
            del small[table]
        codes = {chr(code): small.getGlyphID(name) for code, name in small.getBestCmap().items()}
        em = 1000 / small["head"].unitsPerEm
        widths = tuple(small["hmtx"].metrics[name][0] * em for name in small.getGlyphOrder())
        out = io.BytesIO()
        small.save(out)
    return out.getvalue(), codes, widths


def _descendant(
    writer: BasePdfFileWriter,
    face: Face,
    name: generic.NameObject,
    program: bytes,
    widths: Iterable[float],
) -> generic.IndirectObject:
    file = _stream(program)
    file["/Length1"] = generic.NumberObject(len(program))
    numbers = {key: value for key, value in face.metrics.items() if key.startswith("/")}
    descriptor = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): name,
            pdf_name("/Flags"): generic.NumberObject(4),  # symbolic: own glyph numbering
            pdf_name("/FontBBox"): _numbers(face.metrics["box"]),
            pdf_name("/ItalicAngle"): generic.NumberObject(0),
            pdf_name("/StemV"): generic.NumberObject(80),
            pdf_name("/FontFile2"): writer.add_object(file),
            **{pdf_name(key): generic.FloatObject(round(v, 2)) for key, v in numbers.items()},
        }
    )
    return writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Font"),
                pdf_name("/Subtype"): pdf_name("/CIDFontType2"),
                pdf_name("/BaseFont"): name,
                pdf_name("/CIDSystemInfo"): generic.DictionaryObject(
                    {
                        pdf_name("/Registry"): generic.pdf_string("Adobe"),
                        pdf_name("/Ordering"): generic.pdf_string("Identity"),
                        pdf_name("/Supplement"): generic.NumberObject(0),
                    }
                ),
                pdf_name("/FontDescriptor"): writer.add_object(descriptor),
                pdf_name("/DW"): generic.NumberObject(1000),
                pdf_name("/W"): generic.ArrayObject([generic.NumberObject(0), _numbers(widths)]),
                pdf_name("/CIDToGIDMap"): pdf_name("/Identity"),
            }
        )
    )


def _numbers(values: Iterable[float]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 2)) for value in values)


def _stream(data: bytes) -> generic.StreamObject:
    stream = generic.StreamObject(stream_data=data)
    stream.compress()
    return stream


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = sorted((code, letter) for letter, code in codes.items())
    blocks = []
    for start in range(0, len(pairs), 100):  # at most 100 entries a block (Adobe TN 5014)
        block = pairs[start : start + 100]
        entries = "\n".join(
            f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for code, letter in block
        )
        blocks.append(f"{len(block)} beginbfchar\n{entries}\nendbfchar")
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *blocks,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode("ascii")
