"""Every kind of PDF page becomes valid PDF/A-2b that looks like it and can be searched."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageCms

from ocr.compose import compose_pdfa
from tests.integration.pdfa.fax import fax_strip, jbig2_segments
from tests.integration.pdfa.papers import (
    INFO,
    SIZE,
    encoded,
    jpeg_stream,
    paper,
    raw_stream,
    saved,
    scan_pdf,
    texts_of,
)
from tests.integration.pdfa.words import assert_words
from tests.judges.fixtures import VeraPdf
from tests.judges.render import page_size, pages_equal

Make = Callable[[], Pdf]
PDF = "application/pdf"
FULL = b"q 595.2 0 0 841.92 0 0 cm /Im0 Do Q"


def _grey() -> bytes:
    return paper().image.convert("L").tobytes()


def _black() -> Image.Image:
    return paper().image.convert("1", dither=0)


def _fax(pdf: Pdf) -> Stream:
    stream = Stream(pdf, fax_strip(_black()))
    stream.Width, stream.Height = SIZE
    stream.BitsPerComponent, stream.ColorSpace = 1, Name.DeviceGray
    stream.Filter = Name.CCITTFaxDecode
    stream.DecodeParms = Dictionary(K=-1, Columns=SIZE[0], Rows=SIZE[1])
    return stream


def _jbig2(pdf: Pdf) -> Stream:
    shared, own = jbig2_segments(_black())
    stream = Stream(pdf, own)
    stream.Width, stream.Height = SIZE
    stream.BitsPerComponent, stream.ColorSpace = 1, Name.DeviceGray
    stream.Filter = Name.JBIG2Decode
    stream.DecodeParms = Dictionary(JBIG2Globals=pdf.make_stream(shared))
    return stream


def _jpx(pdf: Pdf) -> Stream:
    stream = Stream(pdf, encoded(paper().image, "JPEG2000"))
    stream.Width, stream.Height = SIZE
    stream.Filter = Name.JPXDecode
    return stream


def _codestream(pdf: Pdf) -> Stream:
    """JPEG 2000 without the JP2 boxes that PDF/A asks for."""
    stream = Stream(pdf, encoded(paper().image, "JPEG2000", no_jp2=True))
    stream.Width, stream.Height, stream.ColorSpace = *SIZE, Name.DeviceRGB
    stream.Filter = Name.JPXDecode
    return stream


def _palette(pdf: Pdf) -> Stream:
    image = paper().image.quantize(64)
    table = bytes(image.getpalette() or [])[: 64 * 3]
    space = Array([Name.Indexed, Name.DeviceRGB, len(table) // 3 - 1, String(table)])
    return raw_stream(image.tobytes(), SIZE, ColorSpace=space)(pdf)


def _lzw(pdf: Pdf) -> Stream:
    """LZW, which PDF/A forbids: one code of nine bits for each sample and a clear now and then."""
    small = paper().image.convert("L").resize((248, 351))
    bits = "".join(
        ("100000000" if index % 200 == 0 else "") + f"{value:09b}"
        for index, value in enumerate(small.tobytes())
    )
    bits += "100000001"
    bits += "0" * (-len(bits) % 8)
    stream = Stream(pdf, int(bits, 2).to_bytes(len(bits) // 8, "big"))
    stream.Width, stream.Height = small.size
    stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceGray
    stream.Filter = Name.LZWDecode
    return stream


def _stencil(pdf: Pdf) -> Stream:
    stream = _fax(pdf)
    del stream["/ColorSpace"]
    stream.ImageMask, stream.Interpolate = True, True
    return stream


def _colour_managed(pdf: Pdf) -> Stream:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    space = Array([Name.ICCBased, pdf.make_stream(profile, N=3, Alternate=Name.DeviceRGB)])
    return jpeg_stream(paper().image, ColorSpace=space)(pdf)


def _soft_masked(pdf: Pdf) -> Stream:
    mask = raw_stream(bytes(255 - value // 2 for value in _grey()), SIZE)(pdf)
    mask.Type, mask.Subtype = Name.XObject, Name.Image
    return jpeg_stream(paper().image, SMask=mask)(pdf)


def _deep(pdf: Pdf) -> Stream:
    samples = np.frombuffer(_grey(), np.uint8).astype(">u2") * 257
    return raw_stream(samples.tobytes(), SIZE, BitsPerComponent=16)(pdf)


CARRIED: dict[str, Callable[[Pdf], Stream]] = {
    "jpeg colour": lambda pdf: jpeg_stream(paper().image)(pdf),
    "jpeg grey": lambda pdf: jpeg_stream(paper().image.convert("L"))(pdf),
    "jpeg with forbidden entries": lambda pdf: jpeg_stream(
        paper().image,
        Interpolate=True,
        Metadata=pdf.make_stream(b"no XMP"),
        Alternates=Array([]),
        Intent=Name("/Nonsense"),
    )(pdf),
    "jpeg negative": lambda pdf: jpeg_stream(paper().image, Decode=Array([1, 0] * 3))(pdf),
    "jpeg colour managed": _colour_managed,
    "fax group 4": _fax,
    "jbig2 with globals": _jbig2,
    "jpeg 2000": _jpx,
    "palette": _palette,
    "samples of 16 bits": _deep,
    "stencil": _stencil,
}
REWRITTEN: dict[str, Callable[[Pdf], Stream]] = {
    "lzw": _lzw,
    "jpeg cmyk": lambda pdf: jpeg_stream(paper().image.convert("CMYK"))(pdf),
    "jpeg 2000 codestream": _codestream,
    "soft mask": _soft_masked,
    "jpeg that lies about its size": lambda pdf: jpeg_stream(paper().image, Height=900)(pdf),
}


@pytest.mark.parametrize("kind", [*CARRIED, *REWRITTEN])
def test_a_scanned_page_becomes_a_searchable_pdfa_that_looks_like_it(
    kind: str, tmp_path: Path, verapdf: VeraPdf
) -> None:
    given, out = paper(), tmp_path / "out.pdf"
    source = saved(scan_pdf({**CARRIED, **REWRITTEN}[kind]), tmp_path / "in.pdf")

    compose_pdfa(source, PDF, [given.reading], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    pages_equal(out, source, 1, tolerance=1.5)
    assert_words(out, texts_of(given.reading))
    if kind in CARRIED:
        assert _image_bytes(out) == _image_bytes(source)


def _image_bytes(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        things = pdf.pages[0].Resources.XObject
        (thing,) = things.as_dict().values()
        return bytes(thing.read_raw_bytes())


PLACES: dict[str, tuple[bytes, dict[str, object]]] = {
    "crop box": (FULL, {"CropBox": [50, 60, 500, 700]}),
    "media box off the origin": (
        b"q 400 0 0 600 -100 -200 cm /Im0 Do Q",
        {"MediaBox": [-100, -200, 300, 400]},
    ),
    "boxes the wrong way round": (FULL, {"MediaBox": [595.2, 841.92, 0, 0]}),
    "user unit": (b"q 300 0 0 420 0 0 cm /Im0 Do Q", {"MediaBox": [0, 0, 300, 420]}),
    "image turned in the page": (b"q 0 841.92 -595.2 0 595.2 0 cm /Im0 Do Q", {}),
    "image smaller than the page": (b"q 300 0 0 420 100 200 cm /Im0 Do Q", {}),
    "image leaning": (b"q 590 20 -20 830 10 5 cm /Im0 Do Q", {}),
    "clip around the page": (b"q 0 0 595.2 841.92 re W n " + FULL + b" Q", {}),
    "nested states": (b"q 2 0 0 2 0 0 cm q .5 0 0 .5 0 0 cm " + FULL + b" Q Q", {}),
    "marked content": (b"/Artifact BMC " + FULL + b" EMC", {}),
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("place", PLACES)
def test_the_image_stands_where_it_stood_and_the_page_needs_no_rotate(
    place: str, rotate: int, tmp_path: Path
) -> None:
    content, entries = PLACES[place]
    source_pdf = scan_pdf(
        jpeg_stream(paper().image), content=content, page={**entries, "Rotate": rotate}
    )
    source, out = saved(source_pdf, tmp_path / "in.pdf"), tmp_path / "out.pdf"
    width, height = page_size(source, 1)
    reading = replace(paper().reading, width_pt=width, height_pt=height, lines=())

    compose_pdfa(source, PDF, [reading], INFO, out)

    with pikepdf.open(out) as pdf:
        assert "/Rotate" not in pdf.pages[0].obj
    assert page_size(out, 1) == pytest.approx((width, height), abs=1e-3)
    assert _image_bytes(out) == _image_bytes(source)
    pages_equal(out, source, 1, dpi=60, tolerance=1.0)


def test_what_reading_turned_upright_stands_upright(tmp_path: Path, verapdf: VeraPdf) -> None:
    given, out = paper(), tmp_path / "out.pdf"
    lying = scan_pdf(
        jpeg_stream(given.image.rotate(90, expand=True)),
        content=b"q 841.92 0 0 595.2 0 0 cm /Im0 Do Q",
        page={"MediaBox": [0, 0, 841.92, 595.2]},
    )
    source = saved(lying, tmp_path / "in.pdf")

    compose_pdfa(source, PDF, [replace(given.reading, rotation=90)], INFO, out)

    assert verapdf([out])[0].passed
    pages_equal(out, source, 1, turned=90)
    assert_words(out, texts_of(given.reading))


def test_a_user_unit_is_multiplied_out(tmp_path: Path) -> None:
    source_pdf = scan_pdf(
        jpeg_stream(paper().image),
        content=b"q 300 0 0 420 0 0 cm /Im0 Do Q",
        page={"MediaBox": [0, 0, 300, 420], "UserUnit": 2},
    )
    source, out = saved(source_pdf, tmp_path / "in.pdf"), tmp_path / "out.pdf"
    reading = replace(paper().reading, width_pt=600.0, height_pt=840.0)

    compose_pdfa(source, PDF, [reading], INFO, out)

    with pikepdf.open(out) as pdf:
        assert "/UserUnit" not in pdf.pages[0].obj
        assert [float(side) for side in pdf.pages[0].mediabox] == [0, 0, 600, 840]


@pytest.mark.parametrize(
    ("size", "expected"),
    [((20_000, 10_000), (14_400, 7_200)), ((2, 100), (3, 100)), ((40_000, 5), (14_400, 3))],
)
def test_sides_that_pdfa_does_not_allow_are_brought_within(
    size: tuple[int, int], expected: tuple[int, int], tmp_path: Path, verapdf: VeraPdf
) -> None:
    wide, high = size
    source_pdf = scan_pdf(
        jpeg_stream(Image.new("L", (200, 100), 90)),
        content=f"q {wide} 0 0 {high} 0 0 cm /Im0 Do Q".encode(),
        page={"MediaBox": [0, 0, wide, high]},
    )
    source, out = saved(source_pdf, tmp_path / "in.pdf"), tmp_path / "out.pdf"
    reading = replace(paper().reading, width_pt=float(wide), height_pt=float(high))

    compose_pdfa(source, PDF, [reading], INFO, out)

    assert verapdf([out])[0].passed
    assert page_size(out, 1) == pytest.approx(expected, abs=0.01)


def test_an_older_invisible_text_layer_is_replaced(tmp_path: Path, verapdf: VeraPdf) -> None:
    given, out = paper(), tmp_path / "out.pdf"
    source_pdf = scan_pdf(jpeg_stream(given.image))
    page = source_pdf.pages[0]
    page.Resources.Font = Dictionary(
        F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    page.contents_add(b"BT 3 Tr /F1 12 Tf 100 100 Td (C0NG H0A XA H0I) Tj ET")
    source = saved(source_pdf, tmp_path / "in.pdf")

    compose_pdfa(source, PDF, [given.reading], INFO, out)

    assert verapdf([out])[0].passed
    assert _image_bytes(out) == encoded(given.image, "JPEG", quality=85)
    assert_words(out, texts_of(given.reading))


def _stamped(pdf: Pdf) -> None:
    appearance = Stream(pdf, b"1 0 0 rg 0 0 100 40 re f")
    appearance.Type, appearance.Subtype = Name.XObject, Name.Form
    appearance.BBox = Array([0, 0, 100, 40])
    stamp = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Stamp,
        Rect=Array([300, 600, 400, 640]),
        AP=Dictionary(N=appearance),
        F=4,
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(stamp)])


def _overlaid(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 1 RG 8 w 100 100 m 400 500 l S")


def _highlighted(pdf: Pdf) -> None:
    """An annotation whose looks are left to the reader."""
    quads = Array([60, 740, 300, 740, 60, 720, 300, 720])
    mark = Dictionary(
        Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([60, 720, 300, 740]),
        QuadPoints=quads, C=Array([1, 1, 0]), F=4,
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(mark)])


def _half_clipped(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"q 0 0 300 400 re W n " + FULL + b" Q")


def _faint(pdf: Pdf) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(G=Dictionary(ca=0.4))
    pdf.pages[0].Contents = pdf.make_stream(b"/G gs " + FULL)


def _twice(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q 100 0 0 100 400 50 cm /Im0 Do Q")


def _senseless(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"(unclosed 7 7 7 cm << /A")


def _optional(pdf: Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([]))
    )
    pdf.pages[0].Resources.Properties = Dictionary(L=group)
    pdf.pages[0].contents_add(b"/OC /L BDC 0 0 300 300 re f EMC")


MORE_THAN_AN_IMAGE = {
    "annotation": _stamped,
    "annotation without looks": _highlighted,
    "overlay": _overlaid,
    "clip": _half_clipped,
    "blend": _faint,
    "two images": _twice,
    "instructions without sense": _senseless,
    "hidden layer": _optional,
}


@pytest.mark.parametrize("case", MORE_THAN_AN_IMAGE)
def test_a_page_that_shows_more_than_its_image_still_looks_the_same(
    case: str, tmp_path: Path, verapdf: VeraPdf
) -> None:
    given, out = paper(), tmp_path / "out.pdf"
    source_pdf = scan_pdf(jpeg_stream(given.image))
    MORE_THAN_AN_IMAGE[case](source_pdf)
    source = saved(source_pdf, tmp_path / "in.pdf")

    compose_pdfa(source, PDF, [given.reading], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    pages_equal(out, source, 1, tolerance=2.0)
    assert_words(out, texts_of(given.reading))


def test_an_empty_page_stays_empty(tmp_path: Path, verapdf: VeraPdf) -> None:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.add_blank_page(page_size=(842, 595))
    source, out = saved(pdf, tmp_path / "in.pdf"), tmp_path / "out.pdf"
    first = replace(paper().reading, width_pt=595.0, height_pt=842.0, lines=(), source="blank")
    second = replace(first, number=2, width_pt=842.0, height_pt=595.0)

    compose_pdfa(source, PDF, [first, second], INFO, out)

    assert verapdf([out])[0].passed
    assert [page_size(out, number) for number in (1, 2)] == [(595, 842), (842, 595)]
    assert out.stat().st_size < 6000
