"""What image data says of itself decides whether it may go over as it is."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from ocr.compose.jpeg import JpegHeader, jpeg_header
from ocr.compose.jpx import JpxHeader, conforming_jpx
from ocr.compose.png import encoded_rows, png_rows, whole
from ocr.compose.srgb import srgb_profile, usable_profile


def _encoded(mode: str, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, (31, 17), 7 if mode in ("1", "L", "P", "I;16") else None).save(
        written, kind, **options
    )
    return written.getvalue()


@pytest.mark.parametrize(
    ("mode", "options", "components"),
    [("L", {}, 1), ("RGB", {}, 3), ("CMYK", {}, 4), ("RGB", {"progressive": True}, 3)],
)
def test_a_jpeg_tells_its_size_and_colours(
    mode: str, options: dict[str, object], components: int
) -> None:
    assert jpeg_header(_encoded(mode, "JPEG", **options)) == JpegHeader(31, 17, components)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"no JPEG",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\x00\x00\x00\x00\x00\x00",
        _encoded("L", "JPEG").replace(b"\xff\xc0", b"\xff\xc3"),  # lossless
        _encoded("L", "JPEG").replace(b"\xff\xc0\x00\x0b\x08", b"\xff\xc0\x00\x0b\x0c"),  # 12 bits
    ],
)
def test_a_jpeg_that_readers_may_not_decode_is_not_carried(data: bytes) -> None:
    assert jpeg_header(data) is None


def test_fill_bytes_before_a_marker_are_allowed() -> None:
    data = _encoded("L", "JPEG")
    assert jpeg_header(data[:2] + b"\xff\xff" + data[2:]) == JpegHeader(31, 17, 1)


@pytest.mark.parametrize(("mode", "components"), [("L", 1), ("RGB", 3)])
def test_plain_jpeg_2000_conforms(mode: str, components: int) -> None:
    assert conforming_jpx(_encoded(mode, "JPEG2000")) == JpxHeader(31, 17, components)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        _encoded("RGBA", "JPEG2000"),
        _encoded("I;16", "JPEG2000"),
        _encoded("RGB", "JPEG2000", no_jp2=True),
        _encoded("RGB", "JPEG2000")[:30],
    ],
)
def test_other_jpeg_2000_does_not_conform(data: bytes) -> None:
    assert conforming_jpx(data) is None


def test_rows_of_a_png_are_complete_or_not_carried() -> None:
    rows = png_rows(_encoded("RGB", "PNG"))
    assert rows is not None
    assert (rows.width, rows.height, rows.bits, rows.components) == (31, 17, 8, 3)
    assert whole(rows)
    cut = png_rows(_encoded("L", "PNG").replace(b"\x00\x00\x00\x11", b"\x00\x00\x00\x21", 1))
    assert cut is not None
    assert not whole(cut)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_png_with_opacity_is_not_carried(mode: str) -> None:
    assert png_rows(_encoded(mode, "PNG")) is None


def test_a_png_with_a_transparent_colour_is_not_carried() -> None:
    assert png_rows(_encoded("P", "PNG", transparency=3)) is None


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_rows_written_here_can_be_read_back(mode: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (40, 33, 3), dtype=np.uint8)
    rows = encoded_rows(Image.fromarray(noise).convert(mode))
    assert whole(rows)
    assert (rows.palette is not None) == (mode == "P")


def test_the_srgb_profile_is_sound_and_always_the_same() -> None:
    profile = srgb_profile()
    assert usable_profile(profile, 3)
    assert not usable_profile(profile, 1)
    assert not usable_profile(profile[:100], 3)
    assert not usable_profile(profile[:8] + b"\x05" + profile[9:], 3)
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    assert "sRGB" in ImageCms.getProfileDescription(opened)
    assert profile[24:36] == bytes((0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
