"""Resampling once: perspective, lean and resolution in a single step from the page as delivered.

Every resampling blurs letters; one is cheaper and reads better than three. Maps speak of
pixel edges (the left edge of the first pixel is 0); OpenCV of pixel centres.
"""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Matrix, Pixels

_CENTRES: Final = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]], dtype=np.float64)
_MULTIPLE: Final = 8
_HALF: Final = 0.52


def scaled(wide: float, high: float, across: float, down: float) -> tuple[Matrix, tuple[int, int]]:
    """The map that scales a page by two factors, and its new size: a multiple of 8 pixels.

    Such sizes are halved three times without a remainder, which OpenCV does four times as fast.
    """
    size = (_up(wide * across), _up(high * down))
    return np.diag([across, down, 1.0]), size


def turning_about(wide: float, high: float, angle: float) -> Matrix:
    """Turns counter-clockwise about the middle of a page of a given size."""
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1)
    return np.vstack([np.asarray(turn, dtype=np.float64), (0.0, 0.0, 1.0)])


def resampled(grey: Pixels, to_new: Matrix, size: tuple[int, int]) -> Pixels:
    """The page under a map of pixel edges, ``size`` pixels wide and high; paper goes on outside."""
    grey, to_new = _reduced(grey, to_new)
    if np.array_equal(to_new, np.eye(3)):
        return _framed(grey, size)
    centres = np.linalg.inv(_CENTRES) @ to_new @ _CENTRES
    method = cv2.INTER_CUBIC if _scale(to_new) > 1 else cv2.INTER_LINEAR
    rim = cv2.BORDER_REPLICATE
    if np.allclose(centres[2], (0, 0, 1), atol=1e-12):
        done = cv2.warpAffine(grey, centres[:2], size, flags=method, borderMode=rim)
    else:
        done = cv2.warpPerspective(grey, centres, size, flags=method, borderMode=rim)
    return np.asarray(done, dtype=np.uint8)


def _reduced(grey: Pixels, to_new: Matrix) -> tuple[Pixels, Matrix]:
    """The page halved as often as the map allows: what follows looks at four pixels only."""
    while _scale(to_new) <= _HALF and min(grey.shape) >= _MULTIPLE:
        high, wide = grey.shape
        grey = np.asarray(
            cv2.resize(grey, (wide // 2, high // 2), interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
        to_new = to_new @ np.diag([wide / grey.shape[1], high / grey.shape[0], 1.0])
    return grey, to_new


def _framed(grey: Pixels, size: tuple[int, int]) -> Pixels:
    """The same pixels, the last row and column repeated up to the size."""
    down, right = size[1] - grey.shape[0], size[0] - grey.shape[1]
    if down or right:
        grey = np.asarray(cv2.copyMakeBorder(grey, 0, down, 0, right, cv2.BORDER_REPLICATE))
    return grey


def _scale(to_new: Matrix) -> float:
    """By how much the map enlarges, in the direction in which it does most."""
    return float(max(np.hypot(*to_new[:2, 0]), np.hypot(*to_new[:2, 1])))


def _up(length: float) -> int:
    return max(_MULTIPLE, -(-round(length) // _MULTIPLE) * _MULTIPLE)
