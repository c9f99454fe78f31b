"""TIFF, JPEG, PNG, WebP and JPEG 2000 through Pillow, each page decoded once."""

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ocr.opening.limits import ENOUGH_DPI, OpenLimits
from ocr.opening.pages import RawPage, scaling
from ocr.opening.picture_modes import to_pixels
from ocr.opening.resolution import resolution_of
from ocr.ports import Pixels
from vocabulary.errors import Stopped

_FORMATS: Final = {
    "image/tiff": ("TIFF",),
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/jp2": ("JPEG2000",),
}
RASTER_TYPES: Final = tuple(_FORMATS)

# What Pillow raises on files that are not what they claim to be.
_BROKEN: Final = (
    OSError,
    UnidentifiedImageError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class RasterDocument:
    """An image file; TIFF may have many pages, animations count as their first frame."""

    image: Image.Image
    page_count: int
    limits: OpenLimits
    packed: int
    first_size: tuple[int, int]

    def page(self, number: int) -> RawPage:
        picture, stated, size = self._decode(number, self.limits.read_pixels)
        # a decoder that reduces while decoding keeps the paper's size, not its resolution
        across, down, assumed = resolution_of(*size, stated)
        width_pt, height_pt = size[0] / across * 72, size[1] / down * 72
        flags = ["resolution_assumed"] if assumed else []
        pixels = to_pixels(picture)
        high, wide = pixels.shape[:2]
        dpi = max(across * wide / size[0], down * high / size[1])
        if wide * high < size[0] * size[1] and dpi < ENOUGH_DPI:
            flags.append("reduced")
        return RawPage(
            number=number,
            width_pt=width_pt,
            height_pt=height_pt,
            pixels=pixels,
            dpi=round(dpi),
            to_points=scaling(width_pt / wide, height_pt / high),
            flags=tuple(flags),
        )

    def size(self, number: int) -> tuple[float, float]:
        page = self.page(number)
        return page.width_pt, page.height_pt

    def picture(self, number: int, dpi: float) -> Pixels:
        picture, stated, size = self._decode(number, self.limits.read_pixels)
        across, down, _ = resolution_of(*size, stated)
        target = (max(1, round(size[0] / across * dpi)), max(1, round(size[1] / down * dpi)))
        pixels = to_pixels(picture)
        if target[0] * target[1] > self.limits.read_pixels:
            return pixels
        return np.asarray(
            Image.fromarray(pixels).resize(target, Image.Resampling.BOX), dtype=np.uint8
        )

    def _decode(
        self, number: int, read_pixels: int
    ) -> tuple[Image.Image, tuple[float, float] | None, tuple[int, int]]:
        """The frame as shown, its stated resolution and its full size as shown."""
        if not 1 <= number <= self.page_count:
            raise IndexError(number)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.image.seek(number - 1)
                return self._decode_frame(number, read_pixels)
        except MemoryError as error:
            raise Stopped("memory_limit", str(error), page=number) from error
        except _BROKEN as error:
            raise Stopped("damaged", f"{type(error).__name__}: {error}", page=number) from error

    def _decode_frame(
        self, number: int, read_pixels: int
    ) -> tuple[Image.Image, tuple[float, float] | None, tuple[int, int]]:
        frame = self.image
        # a JPEG that was reduced while decoding has forgotten its full size
        width, height = frame.size if frame.format == "TIFF" else self.first_size
        if frame.format in ("JPEG", "MPO") and width * height > read_pixels:
            # JPEG scales while it decodes: 1/2, 1/4 or 1/8 of each side
            factor = math.sqrt(width * height / read_pixels)
            frame.draft(None, (int(width / factor), int(height / factor)))
        self.limits.check_pixels(*frame.size, packed=self.packed, page=number)
        stated = _stated_resolution(frame)
        orientation = frame.getexif().get(0x0112, 1)
        frame.load()
        shown = ImageOps.exif_transpose(frame) if frame.format != "TIFF" else frame.copy()
        turned = orientation in (5, 6, 7, 8)
        drafted = frame.size != (width, height) and frame.format != "TIFF"
        size = shown.size
        if drafted:
            size = (height, width) if turned else (width, height)
        if turned and stated is not None:
            stated = (stated[1], stated[0])
        while shown.size[0] * shown.size[1] > 2 * read_pixels:
            shown = _reducible(shown).reduce(2)
        return shown, stated, size


def _reducible(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose pixels have a mean (not bits, not palette entries)."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;16"):
        return image.convert("I")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _stated_resolution(frame: Image.Image) -> tuple[float, float] | None:
    stated: Any = frame.info.get("dpi")
    try:
        across, down = float(stated[0]), float(stated[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (across, down) if math.isfinite(across) and math.isfinite(down) else None


@contextmanager
def open_raster(path: Path, limits: OpenLimits) -> Iterator[RasterDocument]:
    """Open an image file; formats that were not handed in as such are refused."""
    formats = tuple(name for names in _FORMATS.values() for name in names)
    previous, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # OpenLimits decides
    try:
        # By handle: by path Pillow maps plain TIFFs into memory, and shears those turned by EXIF.
        with path.open("rb") as stream, _open_image(stream, formats) as image:
            count = _page_count(image, limits)
            yield RasterDocument(image, count, limits, path.stat().st_size, image.size)
    finally:
        Image.MAX_IMAGE_PIXELS = previous


def _open_image(stream: BinaryIO, formats: tuple[str, ...]) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(stream, formats=formats)
    except MemoryError as error:
        raise Stopped("memory_limit", str(error)) from error
    except _BROKEN as error:
        raise Stopped("damaged", f"{type(error).__name__}: {error}") from error


def _page_count(image: Image.Image, limits: OpenLimits) -> int:
    if image.format != "TIFF":
        return 1
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            while True:
                image.seek(count)
                count += 1
                if count > limits.max_pages:
                    raise Stopped("too_many_pages", str(count))
        except EOFError:
            pass
        except _BROKEN as error:
            raise Stopped("damaged", f"{type(error).__name__}: {error}", page=count + 1) from error
    return count
