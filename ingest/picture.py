"""A page as the screen shows it."""

import io

import cv2
import numpy as np
from PIL import Image

from ocr.opening import OpenDocument

_LETTER_WIDTH = 8.27
"""Inches of an A4 page's short side: what a screen width is turned into dpi with."""


def page_jpeg(document: OpenDocument, number: int, rotation: int, width: int) -> bytes:
    """JPEG of page ``number`` turned upright by ``rotation`` degrees, at most ``width`` wide."""
    pixels = document.picture(number, width / _LETTER_WIDTH)
    if rotation:
        pixels = np.ascontiguousarray(np.rot90(pixels, k=-rotation // 90))
    if pixels.shape[1] > width:
        height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    image = Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, ::-1])
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, progressive=True)
    return out.getvalue()
