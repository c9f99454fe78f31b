"""Scan damage: seeded, with exact truth of where every point went; files as scanners write them."""

from pathlib import Path
from typing import get_args

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from demo import scan_files
from demo.damage import Level, Scan, scan
from demo.papers import PaperKind, make_paper, render

LEVELS = get_args(Level)


def _dots(dpi: int = 150) -> Image.Image:
    """A small white page with four black squares, 6 points wide, at known places."""
    image = Image.new("RGB", (dpi * 4, dpi * 5), "white")
    for x, y in ((40, 40), (240, 60), (60, 300), (230, 310)):
        unit = dpi / 72
        image.paste("black", tuple(round(v * unit) for v in (x - 3, y - 3, x + 3, y + 3)))
    return image


def _centre_near(scanned: Scan, x: float, y: float, reach: int = 9) -> tuple[float, float]:
    grey = np.asarray(scanned.image.convert("L"), dtype=float)
    px, py = (round(value) for value in scanned.point(x, y))
    area = grey[py - reach : py + reach + 1, px - reach : px + reach + 1]
    rows, columns = np.nonzero(area < 120)
    return px - reach + columns.mean() + 0.5, py - reach + rows.mean() + 0.5


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("level", LEVELS)
def test_the_transform_says_where_a_point_of_the_page_went(level: Level, turn: int) -> None:
    scanned = scan(_dots(), level, 150, 3, stamps=0, turn=turn)  # type: ignore[arg-type]
    for x, y in ((40, 40), (240, 60), (60, 300), (230, 310)):
        told = scanned.point(x, y)
        found = _centre_near(scanned, x, y)
        assert np.hypot(told[0] - found[0], told[1] - found[1]) < 1.5


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_always_makes_the_same_scan(level: Level) -> None:
    page = _dots()
    assert scan(page, level, 150, 7).image.tobytes() == scan(page, level, 150, 7).image.tobytes()
    assert scan(page, level, 150, 7).image.tobytes() != scan(page, level, 150, 8).image.tobytes()


def test_positive_skew_leans_counter_clockwise() -> None:
    scanned = next(
        found for found in (scan(_dots(), "poor", 150, seed) for seed in range(9))
        if found.skew_deg > 0.5
    )  # fmt: skip
    left, right = scanned.point(40, 40), scanned.point(240, 40)
    assert right[1] < left[1]


def test_a_photocopy_is_black_and_white() -> None:
    assert scan(_dots(), "photocopy", 150, 1).image.mode == "1"
    assert scan(_dots(), "poor", 150, 1).image.mode == "L"
    assert scan(_dots(), "office", 150, 1).image.mode == "RGB"


def test_a_stamp_lies_over_the_text_and_lets_it_show() -> None:
    page = render(make_paper(PaperKind.LETTER, 1).pages[0], 72)
    plain = np.asarray(scan(page, "clean", 72, 5, stamps=0).image, dtype=int)
    stamped = np.asarray(scan(page, "clean", 72, 5, stamps=1).image, dtype=int)
    assert (np.abs(plain - stamped).max(axis=2) > 40).sum() > 150


@pytest.mark.parametrize("dpi", [72, 200, 300])
def test_a_pdf_page_is_exactly_as_large_as_its_pixels(dpi: int, tmp_path: Path) -> None:
    page = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
    scanned = Scan(page, (1, 0, 0, 0, 1, 0), 0.0, dpi, "clean", 0, 90)
    scan_files.to_pdf([scanned], tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    try:
        assert document[0].render(scale=dpi / 72).to_pil().size == page.size
    finally:
        document.close()


def test_pdf_pages_keep_jpeg_bytes_and_bitonal_pixels(tmp_path: Path) -> None:
    scans = [scan(_dots(), level, 150, 2) for level in ("office", "photocopy")]
    scan_files.to_pdf(scans, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        first, second = (page.obj.Resources.XObject.Im0 for page in pdf.pages)
        assert first.read_raw_bytes() == scan_files.jpeg(scans[0])
        assert second.Filter == "/CCITTFaxDecode"
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    try:
        seen = document[1].render(scale=150 / 72).to_pil().convert("1", dither=Image.Dither.NONE)
        assert np.mean(np.asarray(seen) == np.asarray(scans[1].image)) > 0.999
    finally:
        document.close()


def test_tiff_has_all_pages_and_g4_for_black_and_white(tmp_path: Path) -> None:
    copies = [scan(_dots(), "photocopy", 150, seed) for seed in range(3)]
    scan_files.to_tiff(copies, tmp_path / "a.tif")
    with Image.open(tmp_path / "a.tif") as tiff:
        assert tiff.n_frames == 3
        assert tiff.info["compression"] == "group4"
        assert tiff.info["dpi"] == (150, 150)
        tiff.seek(2)
        assert tiff.tobytes() == copies[2].image.tobytes()


def test_single_images_open_again_with_their_size(tmp_path: Path) -> None:
    scanned = scan(_dots(), "office", 150, 1)
    scan_files.to_jpeg(scanned, tmp_path / "a.jpg")
    scan_files.to_png(scanned, tmp_path / "a.png")
    scan_files.to_webp(scanned, tmp_path / "a.webp")
    scan_files.to_jp2(scanned, tmp_path / "a.jp2")
    for path in sorted(tmp_path.iterdir()):
        with Image.open(path) as image:
            image.load()
            assert image.size == scanned.image.size, path.suffix
