"""Every kind of image file becomes valid PDF/A-2b that looks like it and can be searched."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms, ImageOps

from ocr.compose import compose_pdfa
from tests.integration.pdfa.papers import DPI, INFO, SIZE, encoded, grey_levels, paper, texts_of
from tests.integration.pdfa.words import assert_words
from tests.judges.fixtures import VeraPdf
from tests.judges.render import difference, render_page

Bytes = Callable[[Image.Image], bytes]


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _lying(image: Image.Image, orientation: int) -> Image.Image:
    """Stored as a camera does that says "orientation" to be shown as ``image``."""
    undone = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
    stored = image.copy()
    stored.getexif()[0x0112] = undone
    return ImageOps.exif_transpose(stored)


def _with_opacity(image: Image.Image) -> Image.Image:
    whole = image.convert("RGBA")
    whole.putalpha(Image.fromarray(np.where(grey_levels(image) > 250, 0, 255).astype(np.uint8)))
    return whole


def _deep(image: Image.Image, bits: int) -> Image.Image:
    return Image.fromarray(grey_levels(image).astype(np.uint16) << (bits - 8))


def _wide_gamut(image: Image.Image) -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile = bytearray(bytes(profile).replace(b"s\0R\0G\0B", b"o\0w\0n\0!"))
    return encoded(image, "PNG", icc_profile=bytes(profile))


JPEG, PNG, TIFF, WEBP, JP2 = (f"image/{name}" for name in ("jpeg", "png", "tiff", "webp", "jp2"))
KINDS: dict[str, tuple[str, Bytes]] = {
    "jpeg colour": (JPEG, lambda image: encoded(image, "JPEG", quality=85)),
    "jpeg grey": (JPEG, lambda image: encoded(image.convert("L"), "JPEG", quality=85)),
    "jpeg progressive": (JPEG, lambda image: encoded(image, "JPEG", progressive=True)),
    "jpeg cmyk": (JPEG, lambda image: encoded(image.convert("CMYK"), "JPEG", quality=90)),
    "png colour": (PNG, lambda image: encoded(image, "PNG")),
    "png grey": (PNG, lambda image: encoded(image.convert("L"), "PNG")),
    "png palette": (PNG, lambda image: encoded(image.quantize(60), "PNG")),
    "png 1 bit": (PNG, lambda image: encoded(image.convert("1", dither=0), "PNG")),
    "png opacity": (PNG, lambda image: encoded(_with_opacity(image), "PNG")),
    "png 16 bits": (PNG, lambda image: encoded(_deep(image, 16), "PNG")),
    "png own colours": (PNG, _wide_gamut),
    "tiff colour": (TIFF, lambda image: encoded(image, "TIFF", compression="tiff_lzw")),
    "tiff jpeg": (TIFF, lambda image: encoded(image, "TIFF", compression="jpeg", quality=90)),
    "tiff group 4": (
        TIFF,
        lambda image: encoded(image.convert("1", dither=0), "TIFF", compression="group4"),
    ),
    "tiff 16 bits": (TIFF, lambda image: encoded(_deep(image, 16), "TIFF")),
    "tiff float": (
        TIFF,
        lambda image: encoded(Image.fromarray(grey_levels(image) / np.float32(255)), "TIFF"),
    ),
    "tiff cmyk": (TIFF, lambda image: encoded(image.convert("CMYK"), "TIFF")),
    "tiff palette": (TIFF, lambda image: encoded(image.quantize(200), "TIFF")),
    "webp": (WEBP, lambda image: encoded(image, "WEBP", quality=90)),
    "webp opacity": (WEBP, lambda image: encoded(_with_opacity(image), "WEBP", lossless=True)),
    "jpeg 2000": (JP2, lambda image: encoded(image, "JPEG2000")),
    "jpeg 2000 grey": (JP2, lambda image: encoded(image.convert("L"), "JPEG2000")),
    "jpeg 2000 opacity": (JP2, lambda image: encoded(_with_opacity(image), "JPEG2000")),
}


def _expected(kind: str, image: Image.Image) -> np.ndarray:
    if "1 bit" in kind or "group 4" in kind:
        return np.asarray(image.convert("1", dither=0).convert("L"))
    levels = grey_levels(image)
    return np.where(levels > 250, 255, levels).astype(np.uint8) if "opacity" in kind else levels


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_file_becomes_a_searchable_pdfa_that_looks_like_it(
    kind: str, tmp_path: Path, verapdf: VeraPdf
) -> None:
    media_type, make = KINDS[kind]
    given = paper()
    source, out = tmp_path / "scan", tmp_path / "out.pdf"
    source.write_bytes(make(given.image))

    compose_pdfa(source, media_type, [given.reading], INFO, out)

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    found = difference(_expected(kind, given.image), render_page(out, 1, DPI), shifts=0)
    assert found.mean < 2.0
    assert_words(out, texts_of(given.reading))


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("media_type", [JPEG, TIFF, PNG])
def test_a_page_stored_lying_or_mirrored_stands_as_its_exif_says(
    orientation: int, media_type: str, tmp_path: Path
) -> None:
    given = paper()
    source, out = tmp_path / "scan", tmp_path / "out.pdf"
    kind = media_type.removeprefix("image/").upper()
    stored = _lying(given.image.convert("L"), orientation)
    source.write_bytes(encoded(stored, kind, exif=_exif(orientation)))

    compose_pdfa(source, media_type, [given.reading], INFO, out)

    found = difference(grey_levels(given.image), render_page(out, 1, DPI), shifts=0)
    assert found.mean < 2.0


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_scanned_on_its_side_is_turned_without_a_new_encoding(
    rotation: int, tmp_path: Path, verapdf: VeraPdf
) -> None:
    given = paper()
    source, out = tmp_path / "scan.jpg", tmp_path / "out.pdf"
    stored = encoded(given.image.rotate(rotation, expand=True), "JPEG", quality=85)
    source.write_bytes(stored)

    compose_pdfa(source, JPEG, [replace(given.reading, rotation=rotation)], INFO, out)

    assert verapdf([out])[0].passed
    found = difference(grey_levels(given.image), render_page(out, 1, DPI), shifts=0)
    assert found.mean < 2.0
    with pikepdf.open(out) as pdf:
        assert pdf.pages[0].obj.get("/Rotate") is None
        assert pdf.pages[0].Resources.XObject.P0.read_raw_bytes() == stored


def test_bytes_that_pdf_can_say_go_over_untouched(tmp_path: Path) -> None:
    given, out = paper(), tmp_path / "out.pdf"
    for media_type, data in (
        (JPEG, encoded(given.image, "JPEG", quality=60)),
        (JP2, encoded(given.image, "JPEG2000")),
    ):
        source = tmp_path / "scan"
        source.write_bytes(data)
        compose_pdfa(source, media_type, [given.reading], INFO, out)
        with pikepdf.open(out) as pdf:
            assert pdf.pages[0].Resources.XObject.P0.read_raw_bytes() == data


def test_each_page_of_a_fax_keeps_every_line_of_every_strip(tmp_path: Path) -> None:
    """Strips that are only joined show the first one, and veraPDF passes the blank rest."""
    given = paper()
    black, dark = given.image.convert("1", dither=0), Image.new("1", given.image.size, 0)
    source, out = tmp_path / "fax.tif", tmp_path / "out.pdf"
    pages = [black, ImageOps.flip(black), dark]
    options = {"compression": "group4", "tiffinfo": {278: 64}}
    source.write_bytes(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], **options))

    readings = [replace(given.reading, number=number) for number in (1, 2, 3)]
    compose_pdfa(source, TIFF, readings, INFO, out)

    for number, page in enumerate(pages, start=1):
        expected = page.convert("L")
        assert difference(np.asarray(expected), render_page(out, number, DPI), shifts=0).mean < 0.5


def test_pages_of_different_sizes_keep_them(tmp_path: Path) -> None:
    sizes = [(1240, 1754), (1754, 1240), (620, 400)]
    pages = [Image.new("L", size, 200) for size in sizes]
    source, out = tmp_path / "mixed.tif", tmp_path / "out.pdf"
    source.write_bytes(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    readings = [
        replace(paper().reading, number=number, width_pt=wide * 72 / DPI, height_pt=high * 72 / DPI)
        for number, (wide, high) in enumerate(sizes, start=1)
    ]

    compose_pdfa(source, TIFF, readings, INFO, out)

    rendered = [render_page(out, number, DPI).shape for number in (1, 2, 3)]
    assert rendered == [(high, wide) for wide, high in sizes]


@pytest.mark.parametrize(
    ("size", "dpi"), [((2480, 3508), 300), ((2550, 3300), 300), ((1654, 2339), 200), (SIZE, 150)]
)
@pytest.mark.parametrize("rotation", [0, 90])
def test_a_scan_is_rendered_pixel_for_pixel(
    size: tuple[int, int], dpi: int, rotation: int, tmp_path: Path
) -> None:
    """595.2 pt is more than 595.2 in single precision: PDFium made 2481 pixels of 2480."""
    wide, high = size
    noise = np.random.default_rng(7).integers(0, 256, (high, wide), dtype=np.uint8)
    stored = np.rot90(noise, rotation // 90)
    source, out = tmp_path / "scan.png", tmp_path / "out.pdf"
    source.write_bytes(encoded(Image.fromarray(stored), "PNG", compress_level=1))
    reading = replace(
        paper().reading, width_pt=wide * 72 / dpi, height_pt=high * 72 / dpi, dpi=dpi,
        rotation=rotation, lines=(),
    )  # fmt: skip

    compose_pdfa(source, PNG, [reading], INFO, out)

    assert np.array_equal(render_page(out, 1, dpi), noise)
