"""Born-digital pages stay as drawn where the allowlist approves them, else they are drawn.

The allowlist (pikepdf.pdfa) needs packages of its own: without them every
such page becomes a picture, which is as valid and looks the same.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from ocr.compose import compose_pdfa
from tests.integration.pdfa.papers import INFO, jpeg_stream, paper, saved, scan_pdf, texts_of
from tests.integration.pdfa.words import assert_words, pdfium_text
from tests.judges.fixtures import VeraPdf
from tests.judges.render import pages_equal
from vocabulary.papers import Baseline, Box, Line, PageReading, Word

GATE = all(find_spec(name) is not None for name in ("jsonschema", "referencing"))
TEXT = "Quyet dinh so 123 cua Uy ban"


@cache
def _font_file() -> bytes:
    found = next(Path("/usr/share/fonts").rglob("Tinos-Regular.ttf"))
    font = TTFont(found)
    options = subset.Options(notdef_outline=True, glyph_names=False, hinting=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=TEXT)
    cutter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _embedded_font(pdf: Pdf) -> Dictionary:
    font = TTFont(io.BytesIO(_font_file()))
    units, cmap, hmtx = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
    widths = [
        round(hmtx[cmap[code]][0] * 1000 / units) if code in cmap else 0 for code in range(32, 127)
    ]
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Tinos"), Flags=32,
        FontBBox=[-500, -300, 1500, 1000], ItalicAngle=0, Ascent=891, Descent=-216,
        CapHeight=662, StemV=80, FontFile2=pdf.make_stream(_font_file()),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/AAAAAA+Tinos"), FirstChar=32,
        LastChar=126, Widths=widths, Encoding=Name.WinAnsiEncoding,
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip


def _text_page(pdf: Pdf, font: Dictionary, rotate: int = 0) -> None:
    page = Dictionary(
        Type=Name.Page, MediaBox=[0, 0, 595, 842], Rotate=rotate,
        Resources=Dictionary(Font=Dictionary(F1=pdf.make_indirect(font))),
        Contents=pdf.make_stream(f"BT /F1 24 Tf 60 700 Td ({TEXT}) Tj ET 1 0 0 RG "
                                 "60 600 m 500 600 l S".encode()),
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _reading(number: int = 1) -> PageReading:
    words = tuple(
        Word(text, Box(60 + 50 * index, 120, 105 + 50 * index, 145), 100, "text", "pdf")
        for index, text in enumerate(TEXT.split())
    )
    lines = (Line(words, Baseline(60, 142, 410, 142), 24),)
    return PageReading(number, 595, 842, 0, "text", 0, 0.0, lines)


def _pictures(path: Path) -> list[bool]:
    """For each page whether it is a picture."""
    with pikepdf.open(path) as pdf:
        things = [page.Resources.XObject.P0 for page in pdf.pages]
        return [thing.Subtype == Name.Image for thing in things]


def test_a_page_with_its_fonts_in_it_stays_text(tmp_path: Path, verapdf: VeraPdf) -> None:
    pdf, out = Pdf.new(), tmp_path / "out.pdf"
    _text_page(pdf, _embedded_font(pdf))
    source = saved(pdf, tmp_path / "in.pdf")

    compose_pdfa(source, "application/pdf", [_reading()], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    assert _pictures(out) == [not GATE]
    assert pdfium_text(out).split() == TEXT.split()
    pages_equal(out, source, 1, dpi=200, tolerance=0.5)


def test_a_page_without_its_fonts_becomes_a_picture_with_words(
    tmp_path: Path, verapdf: VeraPdf
) -> None:
    pdf, out = Pdf.new(), tmp_path / "out.pdf"
    _text_page(pdf, Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    _text_page(pdf, _embedded_font(pdf))
    source = saved(pdf, tmp_path / "in.pdf")

    compose_pdfa(source, "application/pdf", [_reading(), _reading(2)], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    assert _pictures(out) == [True, not GATE]
    for number in (1, 2):
        assert pdfium_text(out, number).split() == TEXT.split()
        pages_equal(out, source, number, dpi=200, tolerance=0.5)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_kept_page_is_turned_as_it_was_shown(rotate: int, tmp_path: Path) -> None:
    pdf, out = Pdf.new(), tmp_path / "out.pdf"
    _text_page(pdf, _embedded_font(pdf), rotate)
    pdf.pages[0].CropBox = [50, 500, 550, 800]
    source = saved(pdf, tmp_path / "in.pdf")
    reading = replace(_reading(), width_pt=300 if rotate % 180 else 500, height_pt=500)

    compose_pdfa(source, "application/pdf", [reading], INFO, out)

    pages_equal(out, source, 1, dpi=150, tolerance=1.5)


def _strips(pdf: Pdf) -> None:
    """A scan in two strips with the text of an older recognition."""
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(
        b"q 595.2 0 0 841.92 0 0 cm /Im0 Do Q q 100 0 0 100 20 20 cm /Im0 Do Q "
        b"BT 3 Tr /F1 12 Tf 100 100 Td (C0NG H0A XA H0I) Tj ET"
    )
    page.Resources.Font = Dictionary(
        F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )


def _signed_stamp(pdf: Pdf) -> None:
    """A stamp that carries text, as approvals do."""
    appearance = Stream(pdf, b"BT /F1 18 Tf 5 10 Td (Quyet dinh) Tj ET")
    appearance.Type, appearance.Subtype = Name.XObject, Name.Form
    appearance.BBox = Array([0, 0, 200, 40])
    appearance.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(_embedded_font(pdf))))
    stamp = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Stamp,
        Rect=Array([300, 40, 500, 80]),
        AP=Dictionary(N=appearance),
        F=4,
        Contents=String("x"),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(stamp)])


SCANS: dict[str, tuple[Callable[[Pdf], None], bool]] = {
    "older recognition over strips": (_strips, False),
    "stamp with text": (_signed_stamp, True),
}


@pytest.mark.parametrize("case", SCANS)
def test_a_scan_with_more_on_it_keeps_its_image_and_one_text_layer(
    case: str, tmp_path: Path, verapdf: VeraPdf
) -> None:
    change, stamped = SCANS[case]
    given, out = paper(), tmp_path / "out.pdf"
    pdf = scan_pdf(jpeg_stream(given.image))
    change(pdf)
    source = saved(pdf, tmp_path / "in.pdf")
    words = tuple(
        Word(text, Box(305 + 90 * index, 762, 385 + 90 * index, 782), 100, "annotation", "pdf")
        for index, text in enumerate(("Quyet", "dinh"))
    )
    stamp = (Line(words, Baseline(305, 777, 475, 777), 18),) if stamped else ()
    reading = replace(given.reading, lines=given.reading.lines + stamp)

    compose_pdfa(source, "application/pdf", [reading], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    assert _pictures(out) == [not GATE]
    pages_equal(out, source, 1, dpi=150, tolerance=2.0)
    expected = texts_of(reading)
    if stamped and GATE:  # the stamp's own text is drawn before the layer
        expected = ["Quyet", "dinh", *texts_of(given.reading)]
        assert pdfium_text(out).split() == expected
    else:
        assert_words(out, expected)
