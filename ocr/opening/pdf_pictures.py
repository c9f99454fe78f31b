"""Images on a PDF page: how much of it they cover, and the one that is the whole page.

A page that is exactly one JPEG is taken out as it stands (pikepdf, bytes
untouched) and decoded once; every other page is drawn by PDFium.
"""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr.opening.frames import PageFrame
from ocr.opening.picture_modes import is_grey
from ocr.ports import Matrix, Pixels
from vocabulary.papers import Box

_MAX_OBJECTS: Final = 20_000
_WHOLE_PAGE: Final = 0.9
_FORM_DEPTH: Final = 4
_THIN_PT: Final = 3.0  # rules and frames hide no letter
_TARGET_DPI: Final = 200.0
_GREY_FLAGS: Final = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
_COLOUR_FLAGS: Final = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image object: pixel size, and the map of its unit square to user space."""

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]
    share: float
    nested: bool


@dataclass(frozen=True, slots=True)
class PageContents:
    """What is drawn on a page, in short.

    ``text_order``: when each text object (by PDFium's address) is drawn; ``covers``: when and
    where (points as shown) something else is drawn that is large enough to hide letters.
    """

    pictures: tuple[Picture, ...]
    drawings: int
    text_order: Mapping[int, int] = field(default_factory=dict)
    covers: tuple[tuple[int, Box], ...] = ()

    @property
    def share(self) -> float:
        """Share of the page that its images cover, 0..1 (overlaps counted twice)."""
        return min(1.0, sum(picture.share for picture in self.pictures))


def contents_of(page: pdfium.PdfPage, frame: PageFrame) -> PageContents:
    """Count drawings and measure images, also those inside form XObjects."""
    pictures: list[Picture] = []
    drawings = 0
    text_order: dict[int, int] = {}
    covers: list[tuple[int, Box]] = []
    items = islice(page.get_objects(max_depth=_FORM_DEPTH), _MAX_OBJECTS)
    for order, item in enumerate(items):
        if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            text_order[ctypes.cast(item.raw, ctypes.c_void_p).value or 0] = order
            continue
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_picture(item, frame))
        elif item.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING):
            drawings += 1
        if item.level == 0:
            box = frame.shown_box(*item.get_bounds())
            if min(box.x1 - box.x0, box.y1 - box.y0) > _THIN_PT:
                covers.append((order, box))
    return PageContents(tuple(pictures), drawings, text_order, tuple(covers))


def _picture(item: pdfium.PdfObject, frame: PageFrame) -> Picture:
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(item.raw, wide, high)
    matrix = item.get_matrix()
    left, bottom, right, top = frame.box
    x0, y0, x1, y1 = item.get_bounds() if item.level == 0 else (left, bottom, right, top)
    shown = max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
    area = max((right - left) * (top - bottom), 1e-6)
    values = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    return Picture(wide.value, high.value, values, shown / area, item.level > 0)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """The pixels of a page image turned as shown, and their map to points as shown."""

    pixels: Pixels
    to_points: Matrix
    dpi: float
    full_dpi: float


def take_out(page: pikepdf.Page, contents: PageContents, frame: PageFrame) -> TakenOut | None:
    """The one JPEG that is the whole page; None where it is not so simple."""
    if len(contents.pictures) != 1 or contents.drawings:
        return None
    picture = contents.pictures[0]
    if picture.nested or picture.share < _WHOLE_PAGE:
        return None
    packed = _plain_jpeg(page, picture)
    if packed is None:
        return None
    to_points, turn = _placement(picture, frame)
    if turn is None:
        return None
    full_dpi = 72.0 / max(np.hypot(*to_points[:2, 0]), np.hypot(*to_points[:2, 1]), 1e-9)
    factor = next((f for f in (8, 4, 2) if full_dpi / f >= _TARGET_DPI), 1)
    pixels = _decode(packed, picture, factor)
    if pixels is None:
        return None
    high, wide = pixels.shape[:2]
    to_points = to_points @ np.diag([picture.width / wide, picture.height / high, 1.0])
    turned = np.ascontiguousarray(np.rot90(pixels, -turn // 90 % 4))
    to_points = to_points @ _turned_back(wide, high, turn)
    return TakenOut(turned, to_points, full_dpi * wide / picture.width, full_dpi)


def _plain_jpeg(page: pikepdf.Page, picture: Picture) -> bytes | None:
    """The JPEG's bytes where they alone say how the image looks."""
    try:
        found = [
            image
            for image in page.get_images().values()
            if int(image.get("/Width", 0)) == picture.width
            and int(image.get("/Height", 0)) == picture.height
        ]
        if len(found) != 1:
            return None
        image = found[0]
        if any(key in image for key in ("/SMask", "/Mask", "/Decode", "/ImageMask")):
            return None
        filters: Any = image.get("/Filter")
        names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(f) for f in filters]
        if names != ["/DCTDecode"]:
            return None
        return bytes(image.read_raw_bytes())
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _placement(picture: Picture, frame: PageFrame) -> tuple[Matrix, int | None]:
    """Pixels to points as shown, and the turn (degrees clockwise) that sets them as shown."""
    a, b, c, d, e, f = picture.matrix
    unit = np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=np.float64)
    # the unit square has its origin at the image's bottom left corner
    to_unit = np.array([[1 / picture.width, 0, 0], [0, -1 / picture.height, 1], [0, 0, 1]])
    matrix = frame.to_shown @ unit @ to_unit
    right, down = matrix[:2, 0], matrix[:2, 1]
    slack = 0.01
    if abs(right[1]) <= slack * abs(right[0]) and abs(down[0]) <= slack * abs(down[1]):
        turn = {(True, True): 0, (False, False): 180}.get((right[0] > 0, down[1] > 0))
    elif abs(right[0]) <= slack * abs(right[1]) and abs(down[1]) <= slack * abs(down[0]):
        turn = {(True, False): 90, (False, True): 270}.get((right[1] > 0, down[0] > 0))
    else:
        turn = None  # leaning or mirrored: PDFium draws it
    return matrix, turn


def _turned_back(wide: int, high: int, turn: int) -> Matrix:
    """Pixels of an image turned clockwise back to those of the image as stored."""
    rows = {
        0: ((1, 0, 0), (0, 1, 0)),
        90: ((0, 1, 0), (-1, 0, high)),
        180: ((-1, 0, wide), (0, -1, high)),
        270: ((0, -1, wide), (1, 0, 0)),
    }[turn]
    return np.array([*rows, (0, 0, 1)], dtype=np.float64)


def _decode(packed: bytes, picture: Picture, factor: int) -> Pixels | None:
    """JPEG to grey or colour, scaled down while decoding; None where OpenCV cannot tell colours."""
    components = _jpeg_components(packed)
    if components not in (1, 3):
        return None
    flag = (_GREY_FLAGS if components == 1 else _COLOUR_FLAGS)[factor]
    try:
        pixels = cv2.imdecode(np.frombuffer(packed, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None
    if pixels is None or abs(pixels.shape[1] * factor - picture.width) > factor:
        return None
    if pixels.ndim == 3 and is_grey(pixels):
        pixels = np.ascontiguousarray(pixels[:, :, 1])
    return np.asarray(pixels, dtype=np.uint8)


def _jpeg_components(packed: bytes) -> int:
    """Number of colour components by the frame header (ITU-T T.81 B.2.2); 0 where none is found."""
    position = 2
    while position + 9 < len(packed):
        if packed[position] != 0xFF:
            return 0
        marker = packed[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return packed[position + 9]
        position += 2 + int.from_bytes(packed[position + 2 : position + 4], "big")
    return 0
