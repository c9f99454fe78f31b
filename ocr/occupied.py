"""Where a page bears anything, so that a stamp finds an empty place.

What a person sees counts, not what a text layer says: the page is drawn with its
annotations (earlier stamps, notes), and everything that stands out from its ground is
taken. Scans and handwriting need no recognition for that.
"""

from typing import Final

import cv2
import numpy as np

from ocr.opening import OpenDocument
from ocr.ports import Pixels
from vocabulary.papers import Box

_DPI: Final = 100.0
_MOST_SIDE: Final = 2000
"""Pixels: huge sheets are looked at more coarsely."""
_CONTRAST: Final = 40
"""Of 255: against the ground around; grain of scans and guilloches stay below."""
_DARK: Final = 130
"""Of 255: a ground on which black letters cannot be read."""
_AROUND_PT: Final = 12.0
_CELL_PT: Final = 3.0
_DUST_PT2: Final = 2.5
"""Square points of ink that stand alone: less is dust, a letter of 8 pt has more."""


def occupied(document: OpenDocument, number: int = 1) -> tuple[Box, ...]:
    """Boxes (points, origin top left, as shown) of what stands on page ``number``.

    Raises:
        Stopped: the page cannot be drawn.
    """
    pixels = document.picture(number, _DPI)
    width, height = document.size(number)
    longest = max(pixels.shape[:2])
    if longest > _MOST_SIDE:
        share = _MOST_SIDE / longest
        wanted = (max(1, int(pixels.shape[1] * share)), max(1, int(pixels.shape[0] * share)))
        pixels = cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA)
    return inked_boxes(pixels, width, height)


def inked_boxes(pixels: Pixels, width_pt: float, height_pt: float) -> tuple[Box, ...]:
    """Boxes of what stands out on a picture of a page of that size, a few points fine."""
    ink = _without_dust(_ink(pixels, width_pt), width_pt)
    rows = max(1, round(height_pt / max(_CELL_PT, height_pt / _MOST_SIDE)))
    columns = max(1, round(width_pt / max(_CELL_PT, width_pt / _MOST_SIDE)))
    inked = np.argwhere(ink)
    if not len(inked):
        return ()
    cells = np.zeros((rows, columns), bool)
    cells[inked[:, 0] * rows // ink.shape[0], inked[:, 1] * columns // ink.shape[1]] = True
    across, down = width_pt / columns, height_pt / rows
    return tuple(
        Box(start * across, row * down, end * across, (row + 1) * down)
        for row in np.flatnonzero(cells.any(axis=1)).tolist()
        for start, end in _runs(cells[row])
    )


def _runs(row: np.ndarray) -> list[tuple[int, int]]:
    """Where cells that are set begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _ink(pixels: Pixels, width_pt: float) -> Pixels:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    size = max(3, round(_AROUND_PT * grey.shape[1] / width_pt)) | 1
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (size, size))
    darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, around)
    lighter = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, around)
    found = (darker > _CONTRAST) | (lighter > _CONTRAST) | (grey < _DARK)
    ink: Pixels = found.astype(np.uint8)
    return ink


def _without_dust(ink: Pixels, width_pt: float) -> Pixels:
    """Letters lie close together; what is small and alone says nothing."""
    a_point = ink.shape[1] / width_pt
    joined = cv2.dilate(ink, np.ones((3, 3), np.uint8), iterations=max(1, round(a_point)))
    count, labels = cv2.connectedComponents(joined)
    amount = np.bincount(labels[ink > 0], minlength=count)
    enough: Pixels = (amount >= _DUST_PT2 * a_point * a_point)[labels].astype(np.uint8)
    ink[enough == 0] = 0
    return ink
