"""White letters on black: microfilm, negative copies, scans stored the wrong way round."""

from typing import Final

import cv2
import numpy as np

from ocr.ports import Pixels

_DARK_BELOW: Final = 110
_STANDS_OUT: Final = 30
_CLEARLY: Final = 2.0
_AROUND: Final = 25


def is_inverted(grey: Pixels) -> bool:
    """Whether a small image of a page is light on dark.

    The page is dark for the most part, and what stands out from its
    surroundings is lighter than they are: an ill-lit page is dark, too, but its letters
    are darker still.
    """
    if 2 * cv2.countNonZero(cv2.compare(grey, _DARK_BELOW, cv2.CMP_LT)) <= grey.size:
        return False
    around = cv2.blur(grey, (_AROUND, _AROUND))
    lighter = cv2.countNonZero(cv2.compare(cv2.subtract(grey, around), _STANDS_OUT, cv2.CMP_GT))
    darker = cv2.countNonZero(cv2.compare(cv2.subtract(around, grey), _STANDS_OUT, cv2.CMP_GT))
    return lighter > _CLEARLY * darker and lighter > 0


def inverted(pixels: Pixels) -> Pixels:
    """The page as dark on light."""
    return np.asarray(cv2.bitwise_not(pixels), dtype=np.uint8)
