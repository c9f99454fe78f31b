"""The pages of an image file as pictures: carried over where PDF can, else lossless.

JPEG bytes, plain PNG rows and conforming JPEG 2000 go over as they are; black
and white becomes Group 4 fax (ITU-T T.6), everything else Flate. What PDF/A
cannot show as it is (CMYK, opacity, floats) is turned into grey or RGB first.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops
from PIL.TiffImagePlugin import TiffImageFile

from ocr.compose.affine import IDENTITY, Affine
from ocr.compose.jpeg import jpeg_header
from ocr.compose.jpx import conforming_jpx
from ocr.compose.pictures import Colours, Picture, from_rows
from ocr.compose.png import encoded_rows, png_rows, whole
from ocr.compose.srgb import usable_profile
from vocabulary.errors import Stopped

# EXIF 2.32, 4.6.4 A: what is to be done with the stored picture to show it.
_SHOWN: Final[dict[int, Affine]] = {
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_ORIENTATION: Final = 0x0112
_BITS_A_SAMPLE: Final = 258
_ROWS_A_STRIP: Final = 278
_FORMATS: Final = ("TIFF", "JPEG", "PNG", "WEBP", "JPEG2000")
_DEEP: Final = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An opened image file; only TIFF has more than one page."""

    path: Path
    image: Image.Image

    def picture(self, number: int) -> Picture:
        """Page ``number`` (from 1).

        Raises:
            Stopped: ``damaged`` where it cannot be decoded.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.image.seek(number - 1)
                return _carried(self.path, self.image) or _encoded(self.image)
        except (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError) as error:
            raise Stopped("damaged", f"{type(error).__name__}: {error}", page=number) from error


@contextmanager
def open_image_file(path: Path) -> Iterator[ImageFile]:
    """Open an image whose size was accepted when it was read."""
    previous, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        # a handle, not a name: by name Pillow maps plain TIFFs into memory with the sides of
        # the turned page and shears every page of EXIF orientation 5 to 8
        with path.open("rb") as file:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image = Image.open(file, formats=_FORMATS)
            with image:
                yield ImageFile(path, image)
    except (OSError, SyntaxError) as error:
        raise Stopped("damaged", f"{type(error).__name__}: {error}") from error
    finally:
        Image.MAX_IMAGE_PIXELS = previous


def _carried(path: Path, image: Image.Image) -> Picture | None:
    """The file's own bytes as a picture, None where PDF/A cannot show them as they are."""
    shown = _SHOWN.get(image.getexif().get(_ORIENTATION, 1), IDENTITY)
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        data = path.read_bytes()
        header = jpeg_header(data)
        if header is None or header.components == 4:
            return None
        kind, width, height = "DCTDecode", header.width, header.height
    elif image.format == "JPEG2000":
        data = path.read_bytes()
        jpx = conforming_jpx(data)
        if jpx is None:
            return None
        kind, width, height = "JPXDecode", jpx.width, jpx.height
    elif image.format == "PNG":
        rows = png_rows(path.read_bytes())
        return from_rows(rows, shown, _profile(image)) if rows and whole(rows) else None
    else:
        return None
    return Picture(
        width, height, 8, _colours(image), kind, data, profile=_profile(image), shown=shown
    )


def _colours(image: Image.Image) -> Colours:
    return "grey" if image.mode == "L" else "rgb"


def _profile(image: Image.Image) -> bytes | None:
    """The image's ICC profile where it says something else than sRGB."""
    profile = image.info.get("icc_profile")
    components = 1 if image.mode in ("1", "L", "I;16") else 3
    if not isinstance(profile, bytes) or not usable_profile(profile, components):
        return None
    return None if b"sRGB" in profile or b"s\0R\0G\0B" in profile else profile


def _encoded(image: Image.Image) -> Picture:
    """The decoded page, lossless."""
    orientation = image.getexif().get(_ORIENTATION, 1)
    deep_bits = _deep_bits(image)
    image.load()
    # Pillow turns TIFF pages upright while it decodes them, and only those
    shown = IDENTITY if image.format == "TIFF" else _SHOWN.get(orientation, IDENTITY)
    if image.mode == "1" and not image.has_transparency_data:
        return _fax(image, shown)
    profile = _profile(image) if image.mode in ("L", "RGB") else None
    return from_rows(encoded_rows(_plain(image, deep_bits)), shown, profile)


def _fax(image: Image.Image, shown: Affine) -> Picture:
    """Group 4, one strip: strips that are only joined show the first and lose the rest."""
    written = io.BytesIO()
    # inverted: fax coding is short where black is rare, and Pillow's own inversion
    # (PhotometricInterpretation 0) takes 1.4 s a page
    inverted = ImageChops.invert(image)
    inverted.info = {}
    inverted.save(written, "TIFF", compression="group4", tiffinfo={_ROWS_A_STRIP: image.height})
    written.seek(0)
    with TiffImageFile(written) as tiff:
        offsets, counts = tiff.tag_v2[273], tiff.tag_v2[279]
    if len(offsets) != 1:
        return from_rows(encoded_rows(image), shown)
    data = written.getvalue()[offsets[0] : offsets[0] + counts[0]]
    parameters = {"K": -1, "Columns": image.width, "Rows": image.height, "BlackIs1": False}
    return Picture(
        image.width, image.height, 1, "grey", "CCITTFaxDecode", data, parameters, shown=shown
    )


def _plain(image: Image.Image, deep_bits: int) -> Image.Image:
    """The same page in a mode that PNG rows carry without opacity."""
    if image.mode in _DEEP:
        return Image.fromarray(_sixteen_bits(np.asarray(image), deep_bits))
    if image.has_transparency_data:
        overlay = image.convert("RGBA")
        white = Image.new("RGBA", overlay.size, (255, 255, 255, 255))
        return _without_colour(Image.alpha_composite(white, overlay).convert("RGB"))
    if image.mode in ("L", "RGB", "P"):
        return image
    return image.convert("RGB")  # CMYK (Adobe's inverted too), YCbCr, Lab, HSV


def _without_colour(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    return red if grey else image


def _deep_bits(image: Image.Image) -> int:
    """Bits that the samples really use: 12-bit scanners store them in 16."""
    if not isinstance(image, TiffImageFile):
        return 16
    stated = image.tag_v2.get(_BITS_A_SAMPLE, (16,))
    first = stated[0] if isinstance(stated, tuple) else stated
    return int(first) if 8 < int(first) < 16 else 16


def _sixteen_bits(values: npt.NDArray[np.generic], bits: int) -> npt.NDArray[np.uint16]:
    """Deep greys at 16 bits: lossless up to 16 bits, floats and 32 bits by their span."""
    if values.dtype in (np.uint16, np.dtype(">u2")):
        return (values.astype(np.uint16) << (16 - bits)).astype(np.uint16)
    numbers = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0:  # the common meanings: 0 to 1, bytes, 16 bits
        top = next((top for top in (1.0, 255.0, 65535.0) if high <= top), high)
        low, high = 0.0, top
    scaled = (numbers - low) * (65535.0 / max(high - low, 1e-300))
    return np.round(scaled).astype(np.uint16)
