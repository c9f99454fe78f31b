"""Connected pieces of ink on a cleaned page, sorted into letters, marks and the rest."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.middle import median
from ocr.pieces import Labels, pieces_of
from ocr.ports import Pixels

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

INK_BELOW: Final = 160
"""Grey value under which a pixel of a cleaned page is ink."""

_TYPICAL_PT: Final = 13.0  # Decree 30/2020: 13 or 14 pt running text
_EM_PER_LETTER: Final = 2.05  # Times: median letter height is near the x-height, 0.45 em plus blur
_X_HEIGHT_EM: Final = (0.3, 0.75)  # of the typical size: 9 to 22 pt


@dataclass(frozen=True, slots=True)
class Components:
    """All pieces of ink; index 0 is the paper and never counts.

    ``labels``: which piece each pixel belongs to; ``usable``: can be part of text;
    ``letter``: high enough to be a letter rather than a mark or point.
    ``x_height`` and ``em`` are the page's, in pixels.
    """

    labels: Labels
    left: Numbers
    top: Numbers
    right: Numbers
    bottom: Numbers
    usable: Flags
    letter: Flags
    typical_em: float
    x_height: float
    em: float

    @property
    def height(self) -> Numbers:
        return self.bottom - self.top


def components_of(pixels: Pixels, dpi: float) -> Components | None:
    """Find and sort the pieces of ink; None on a page without a single letter."""
    ink = cv2.compare(pixels, INK_BELOW, cv2.CMP_LT)
    labels, stats = pieces_of(ink)
    x, y, w, h, area = stats.T.astype(np.float64)
    typical = dpi * _TYPICAL_PT / 72
    stroke = (w > 3 * typical) & (h < 0.12 * typical)  # what is left of a rule
    usable = (area >= max(2.0, (dpi / 150) ** 2)) & (h < 3 * typical) & (w < 10 * typical) & ~stroke
    usable[0] = False
    letter = usable & (h > 0.28 * typical) & (h < 1.9 * typical) & (w < 6 * typical)
    if not letter.any():
        return None
    low, high = _X_HEIGHT_EM
    x_height = float(np.clip(median(h[letter]), low * typical, high * typical))
    letter &= h > 0.62 * x_height
    if not letter.any():
        return None
    return Components(
        labels=labels,
        left=x,
        top=y,
        right=x + w,
        bottom=y + h,
        usable=usable,
        letter=letter,
        typical_em=typical,
        x_height=x_height,
        em=_EM_PER_LETTER * x_height,
    )
