"""Every kind of image file comes out upright as shown, in grey or colour, with its true size."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.opening import OpenLimits, open_document
from tests.unit.ocr_pages.drawing import jpeg
from vocabulary.errors import Stopped


def corner_mark(mode: str = "RGB", size: tuple[int, int] = (400, 566)) -> Image.Image:
    """White with a black square in the top left corner."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill="black")
    return image.convert(mode)


def opened(path, media_type, number=1, limits=None):
    with open_document(path, media_type, limits) as document:
        return document.page(number)


def marked_corner(pixels: np.ndarray) -> str:
    grey = pixels if pixels.ndim == 2 else pixels.max(2)
    dark = np.argwhere(grey < 100)
    y, x = dark.mean(0) / grey.shape
    return ("top" if y < 0.5 else "bottom") + (" left" if x < 0.5 else " right")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_png_of_every_mode(tmp_path, mode):
    image = corner_mark("L").point(lambda v: v * 257, "I") if mode == "I;16" else corner_mark()
    path = tmp_path / "page.png"
    image.convert(mode).save(path, dpi=(200, 200))
    page = opened(path, "image/png")
    assert marked_corner(page.pixels) == "top left"
    assert page.pixels.ndim == 2
    assert page.pixels.max() > 250
    assert (page.width_pt, page.height_pt) == pytest.approx((144.0, 203.76), abs=0.1)
    assert page.dpi == 200
    assert page.flags == ()


def test_what_is_transparent_is_paper(tmp_path):
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 60, 60), fill=(0, 0, 0, 255))
    image.save(tmp_path / "page.png", dpi=(100, 100))
    page = opened(tmp_path / "page.png", "image/png")
    assert page.pixels[200, 200] == 255
    assert page.pixels[20, 20] == 0


def test_colour_stays_colour(tmp_path):
    image = corner_mark()
    ImageDraw.Draw(image).ellipse((150, 250, 350, 450), outline=(220, 20, 20), width=12)
    image.save(tmp_path / "page.webp", lossless=True)
    page = opened(tmp_path / "page.webp", "image/webp")
    assert page.pixels.shape == (566, 400, 3)
    blue, _, red = page.pixels[350, 153]
    assert red > 200 > 60 > blue


def test_cmyk_jpeg_is_not_inverted(tmp_path):
    corner_mark("CMYK").save(tmp_path / "page.jpg", "JPEG", dpi=(200, 200))
    page = opened(tmp_path / "page.jpg", "image/jpeg")
    assert marked_corner(page.pixels) == "top left"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_that_was_held_turned(tmp_path, orientation):
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = corner_mark()
    if stored is not None:
        image = image.transpose(stored)
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "page.jpg").write_bytes(jpeg(image, exif=exif))
    page = opened(tmp_path / "page.jpg", "image/jpeg")
    assert marked_corner(page.pixels) == "top left"
    assert page.pixels.shape[:2] == (566, 400)
    assert (page.width_pt, page.height_pt) == pytest.approx((144.0, 203.76), abs=0.1)


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "tiff_adobe_deflate"])
def test_tiff_of_many_pages(tmp_path, compression):
    mode = "1" if compression == "group4" else "L"
    pages = [corner_mark(mode, (400 + 100 * place, 566)) for place in range(3)]
    path = tmp_path / "pages.tif"
    pages[0].save(
        path, save_all=True, append_images=pages[1:], compression=compression, dpi=(200, 100)
    )
    with open_document(path, "image/tiff") as document:
        assert document.page_count == 3
        for place in (2, 0, 1):
            page = document.page(place + 1)
            assert page.pixels.shape == (566, 400 + 100 * place)
            assert page.width_pt == pytest.approx((400 + 100 * place) * 0.36)
            assert page.height_pt == pytest.approx(566 * 0.72)
            assert marked_corner(page.pixels) == "top left"


def test_jpeg_2000(tmp_path):
    corner_mark("L").save(tmp_path / "page.jp2", irreversible=False)
    page = opened(tmp_path / "page.jp2", "image/jp2")
    assert marked_corner(page.pixels) == "top left"
    assert page.flags == ("resolution_assumed",)


@pytest.mark.parametrize("stated", [None, 72, 1])
def test_a_resolution_that_says_nothing_is_assumed_and_said_so(tmp_path, stated):
    (tmp_path / "page.jpg").write_bytes(jpeg(corner_mark("L", (1654, 2339)), stated))
    page = opened(tmp_path / "page.jpg", "image/jpeg")
    assert "resolution_assumed" in page.flags
    assert (page.width_pt, page.height_pt) == pytest.approx((595, 842), abs=1)


def test_a_large_jpeg_is_scaled_while_it_is_decoded(tmp_path):
    (tmp_path / "page.jpg").write_bytes(jpeg(corner_mark("L", (2400, 3400)), 600))
    page = opened(tmp_path / "page.jpg", "image/jpeg", limits=OpenLimits(read_pixels=2_100_000))
    assert page.pixels.size <= 2_100_000
    assert (page.width_pt, page.height_pt) == pytest.approx((288, 408), abs=0.5)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"\x89PNG\r\n\x1a\n junk", "damaged")]
)
def test_what_is_no_image(tmp_path, content, reason):
    (tmp_path / "page.png").write_bytes(content)
    with pytest.raises(Stopped) as stopped, open_document(tmp_path / "page.png", "image/png"):
        pass
    assert stopped.value.reason == reason


def test_a_truncated_image_is_damaged(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.png")
    (tmp_path / "page.png").write_bytes((tmp_path / "whole.png").read_bytes()[:20_000])
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "page.png", "image/png")
    assert stopped.value.reason == "damaged"


def test_bombs_and_giants_are_turned_away_before_they_are_unpacked(tmp_path):
    limits = OpenLimits(max_pixels=1_000_000)
    Image.new("1", (5000, 5000), 1).save(tmp_path / "bomb.png")
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "bomb.png", "image/png", limits=limits)
    assert stopped.value.reason == "decompression_bomb"
    noise = np.random.default_rng(1).integers(0, 255, (1100, 1100), np.uint8)
    Image.fromarray(noise).save(tmp_path / "giant.png")
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "giant.png", "image/png", limits=limits)
    assert stopped.value.reason == "page_too_large"


def test_too_many_pages(tmp_path):
    pages = [corner_mark("1", (20, 20)) for _ in range(4)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    with (
        pytest.raises(Stopped) as stopped,
        open_document(tmp_path / "pages.tif", "image/tiff", OpenLimits(max_pages=3)),
    ):
        pass
    assert stopped.value.reason == "too_many_pages"


def test_a_type_nobody_reads(tmp_path):
    (tmp_path / "page.gif").write_bytes(b"GIF89a")
    with pytest.raises(Stopped) as stopped, open_document(tmp_path / "page.gif", "image/gif"):
        pass
    assert stopped.value.reason == "not_a_document"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_a_page_of_any_mode_that_is_too_large_to_read_is_reduced(tmp_path, mode):
    path = tmp_path / "lớn.png"
    page = Image.new("L", (1200, 800), 255)
    ImageDraw.Draw(page).rectangle((300, 200, 900, 600), fill=0)
    if mode == "I;16":
        page = Image.fromarray(np.asarray(page, dtype=np.uint16) * 257)
    else:
        page = page.convert(mode)
    page.save(path)
    with open_document(path, "image/png", OpenLimits(read_pixels=100_000)) as document:
        read = document.page(1)
    assert read.pixels.shape[0] * read.pixels.shape[1] <= 2 * 100_000
    assert "reduced" in read.flags
    middle = read.pixels[read.pixels.shape[0] // 2, read.pixels.shape[1] // 2]
    assert np.all(middle < 60)
    assert np.all(read.pixels[5, 5] > 200)
