"""Two pages on one image: an opened book, or two A4 sheets side by side on an A3 glass.

Between them runs a white gutter from top to bottom that no line of text and no ruling
crosses, near the middle of an image that is wider than high; text stands on both sides.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ocr.ports import PixelBox, Pixels
from ocr.treatment.paper import reduced

_WIDER: Final = 1.15
_MIDDLE: Final = (0.4, 0.6)
_LEAST_IN: Final = 0.5  # the margins of two pages; columns of one page stand 0.2 to 0.4 apart
_HALVINGS: Final = 3
_INK_BELOW: Final = 215
_BLOT_SHARE: Final = 0.015  # a staple, a thread of the binding, dust
_LEAST_ROWS: Final = 8
_FROM_EDGE: Final = 0.02


def gutter_of(page: Pixels, dpi: float, across: Sequence[PixelBox]) -> float | None:
    """Where the two pages part, in pixels from the left; None on a single page.

    Args:
        page: cleaned and upright, without rules.
        dpi: its resolution.
        across: the rules that were taken off.
    """
    high, wide = page.shape
    if wide < _WIDER * high:
        return None
    small = reduced(page, _HALVINGS)
    scale = wide / small.shape[1]
    edge = int(small.shape[0] * _FROM_EDGE)
    ink = small[edge : small.shape[0] - edge] < _INK_BELOW
    columns = np.count_nonzero(ink, axis=0) <= _BLOT_SHARE * ink.shape[0]
    for box in across:
        columns[int(box[0] / scale) : int(box[2] / scale) + 1] = False
    run = _widest(columns, int(_MIDDLE[0] * len(columns)), int(_MIDDLE[1] * len(columns)))
    if run is None or (run[1] - run[0]) * scale < _LEAST_IN * dpi:
        return None
    middle = (run[0] + run[1]) / 2
    left, right = ink[:, : run[0]], ink[:, run[1] :]
    if min(_rows_of_text(left), _rows_of_text(right)) < _LEAST_ROWS:
        return None
    return float(middle * scale)


def _widest(
    white: np.ndarray[tuple[int], np.dtype[np.bool_]], first: int, last: int
) -> tuple[int, int] | None:
    """The widest white run whose middle lies between two columns."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], white.astype(np.int8), [0]])))
    runs = [
        (int(start), int(end))
        for start, end in zip(edges[0::2], edges[1::2], strict=True)
        if first <= (start + end) / 2 <= last
    ]
    return max(runs, key=lambda run: run[1] - run[0], default=None)


def _rows_of_text(ink: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    """How many bands of rows with ink there are."""
    rows = ink.any(axis=1).astype(np.int8)
    return int(np.count_nonzero(np.diff(np.concatenate([[0], rows])) == 1))
