"""Pages drawn by PDFium where nothing else will do: overlays, masks, CMYK, odd fonts.

Drawn at 200 dpi (that of the scan inside, up to 300, where there is one), less
where the page is huge; stored lossless, or as JPEG where lossless takes more
than four times the room.
"""

import io
import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

from ocr.compose.pictures import Picture, from_rows
from ocr.compose.png import encoded_rows

_LOWEST_DPI: Final = 200.0
_HIGHEST_DPI: Final = 300.0
_MOST_PIXELS: Final = 20_000_000  # A4 at 300 dpi has 8.7 million; 80 MB while it is drawn
_JPEG_QUALITY: Final = 90
_WORTH_IT: Final = 4


def drawn_page(page: pdfium.PdfPage, rotation: int, unit: float, scan_dpi: int) -> Picture:
    """The page as shown, annotations included, turned clockwise by ``rotation`` degrees.

    Args:
        page: of an opened document, forms initialised.
        rotation: beyond what the page's own /Rotate asks for.
        unit: points a unit of the page's space.
        scan_dpi: resolution of the page's image, 0 without one.
    """
    width, height = page.get_size()
    dpi = min(max(float(scan_dpi), _LOWEST_DPI), _HIGHEST_DPI)
    scale = dpi / 72 * unit
    scale = min(scale, math.sqrt(_MOST_PIXELS / max(width * height, 1e-6)))
    scale = max(scale, 1 / max(min(width, height), 1e-6))
    bitmap: Any = page.render(scale=scale, rotation=rotation, rev_byteorder=True)
    pixels = bitmap.to_numpy()
    picture = Image.fromarray(_grey_if_grey(pixels))
    bitmap.close()
    return _packed(picture)


def _grey_if_grey(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """One channel where all three say the same, in slices: no second copy of a large page."""
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    for top in range(0, pixels.shape[0], 256):
        rows = pixels[top : top + 256]
        if not (
            np.array_equal(rows[:, :, 0], rows[:, :, 1])
            and np.array_equal(rows[:, :, 1], rows[:, :, 2])
        ):
            return np.ascontiguousarray(pixels[:, :, :3])
    return np.ascontiguousarray(pixels[:, :, 0])


def _packed(image: Image.Image) -> Picture:
    lossless = from_rows(encoded_rows(image))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    data = written.getvalue()
    if len(lossless.data) <= _WORTH_IT * len(data):
        return lossless
    colours = lossless.colours
    return Picture(image.width, image.height, 8, colours, "DCTDecode", data)
