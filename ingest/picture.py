"""A page as the screen shows it."""

import io
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image


class Drawable(Protocol):
    """A page that can be drawn."""

    def draw(self, width: int) -> NDArray[np.uint8]:
        """Pixels (grey, or BGR) about ``width`` wide, as the file shows the page."""
        ...


def page_jpeg(page: Drawable, rotation: int, width: int) -> bytes:
    """JPEG bytes of the page turned upright by ``rotation`` degrees clockwise, ``width`` wide."""
    pixels = page.draw(width)
    if rotation:
        pixels = np.ascontiguousarray(np.rot90(pixels, k=-rotation // 90))
    if pixels.shape[1] > width:
        height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    image = Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, ::-1])
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, progressive=True)
    return out.getvalue()
