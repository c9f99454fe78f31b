"""Any kind of pixel a file may hold, as 8-bit grey or blue-green-red."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.ports import Pixels

_DEEP: Final = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})
_GREY: Final = frozenset({"1", "L"})
_COLOUR_BELOW: Final = 12  # of 255: JPEG noise of a grey page
_COLOUR_SHARE: Final = 0.001


def to_pixels(picture: Image.Image) -> Pixels:
    """Decode to uint8: transparency on white, deep grey scaled, grey kept grey.

    A page scanned in colour that has none comes back grey: everything after
    costs a third.
    """
    if picture.mode in _DEEP:
        return _from_deep(np.asarray(picture))
    if picture.mode == "1":
        picture = picture.convert("L")
    if picture.has_transparency_data:
        picture = _on_white(picture)
    if picture.mode in _GREY:
        return np.asarray(picture, dtype=np.uint8)
    colour = np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    if is_grey(colour):
        return np.ascontiguousarray(colour[:, :, 1])
    return np.ascontiguousarray(colour[:, :, ::-1])


def is_grey(colour: Pixels) -> bool:
    """Whether a colour image has no colour to speak of, by a sample of its pixels."""
    step = max(1, int((colour.shape[0] * colour.shape[1] / 60_000) ** 0.5))
    blue, green, red = cv2.split(np.ascontiguousarray(colour[::step, ::step]))
    most, least = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    coloured = np.count_nonzero(cv2.subtract(most, least) > _COLOUR_BELOW)
    return bool(coloured <= _COLOUR_SHARE * blue.size)


def _on_white(picture: Image.Image) -> Image.Image:
    overlay = picture.convert("RGBA")
    white = Image.new("RGBA", overlay.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, overlay).convert("RGB")


def _from_deep(values: npt.NDArray[np.generic]) -> Pixels:
    """10, 12 or 16 bits or floats a pixel to 8: the span that is used becomes 0..255."""
    numbers = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = (float(value) for value in np.percentile(numbers, (0.1, 99.9)))
    if high <= low:
        return np.full(numbers.shape, 255, np.uint8)
    low = min(low, 0.25 * high)  # a page without ink stays white, its grain is not ink
    scaled = (numbers - low) * (255.0 / (high - low))
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)
