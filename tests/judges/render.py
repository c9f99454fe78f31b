"""Renders pages with pypdfium2 and compares them: veraPDF does not look at pixels.

A page of wrongly joined fax strips was blank and still valid PDF/A; only a
render shows it.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Difference:
    """``mean``: mean absolute difference of grey values, 0 to 255, at the best shift.

    ``shift``: that shift in pixels (right, down) of the second picture.
    """

    mean: float
    shift: tuple[int, int]


def page_size(pdf: Path, number: int) -> tuple[float, float]:
    """Width and height in points of a page (1-based) as shown."""
    with pdfium.PdfDocument(pdf) as document:
        size: tuple[float, float] = document[number - 1].get_size()
    return size


def render_page(pdf: Path, number: int, dpi: float = 100) -> Gray:
    """A page (1-based) as shown, annotations included, in grey."""
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        bitmap = document[number - 1].render(scale=dpi / 72, grayscale=True)
        picture: Gray = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    return picture


def difference(first: Gray, second: Gray, shifts: int = 1) -> Difference:
    """How far two pictures of one page are apart.

    Sizes may differ by the rounding of a page box (2 %): the second is
    brought to the size of the first. ``shifts``: pixels of displacement that
    are tried in each direction.
    """
    height, width = first.shape[:2]
    for ours, theirs in zip(first.shape[:2], second.shape[:2], strict=True):
        if abs(ours - theirs) > max(2.0, 0.02 * ours):
            return Difference(255.0, (0, 0))
    resized = cv2.resize(second, (width, height), interpolation=cv2.INTER_AREA)
    best = Difference(255.0, (0, 0))
    left = first.astype(np.int16)
    for down in range(-shifts, shifts + 1):
        for right in range(-shifts, shifts + 1):
            moved = np.roll(resized, (down, right), axis=(0, 1)).astype(np.int16)
            inner = np.s_[shifts : height - shifts, shifts : width - shifts]
            mean = float(np.abs(left[inner] - moved[inner]).mean())
            if mean < best.mean:
                best = Difference(mean, (right, down))
    return best


def pages_equal(
    ours: Path,
    theirs: Path,
    number: int,
    *,
    dpi: float = 100,
    tolerance: float = 2.0,
    turned: int = 0,
) -> Difference:
    """Asserts that a page of both files looks the same.

    ``turned``: degrees clockwise that ours was turned against theirs;
    ``tolerance``: allowed mean difference of grey values.
    """
    expected = np.ascontiguousarray(np.rot90(render_page(theirs, number, dpi), -turned // 90))
    found = difference(render_page(ours, number, dpi), expected)
    assert found.mean <= tolerance, f"{ours.name} page {number}: {found} against {theirs.name}"
    return found
