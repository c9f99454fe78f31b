"""Names stamped in blue or violet under a signature, levelled to be read by themselves.

Cleaning for recognition drops colour, and with it the rubber stamp that prints the signer's
name on many papers. Such a stamp is pressed by hand, so it leans, and pen strokes in the same
ink lie around it. What is of one colour, as long as a name and as high as a line is cut out
level; whether it is a name is seen when it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.coloured_ink import share_inside
from ocr.middle import median
from ocr.pieces import pieces_of
from ocr.ports import CleanPage, Matrix, Pixels
from ocr.syllable_shape import is_syllable
from ocr.treatment import clean
from ocr.treatment.paper import halved
from vocabulary.papers import Line, Word

_SEARCH_DPI: Final = 90
_SAMPLE_STEP: Final = 5
_LEAST_SHARE: Final = 0.0001
"""Blue pixels of a page below which there is no stamp."""
_CHROMA: Final = 45
_OVER_RED: Final = 20
"""By how much blue is more than red in blue and violet ink."""
_LARGEST_INCH: Final = (1.6, 0.55)
"""Width and height of what joined letters may cover; a larger piece is a pen's."""
_JOIN_INCH: Final = 0.09
_LENGTH_INCH: Final = (0.55, 3.4)
_HEIGHT_INCH: Final = (0.09, 0.62)
_ASPECT: Final = 2.2
_MOST_DEG: Final = 17.0
_FINER_DEG: Final = 6
_MARGIN_INCH: Final = 0.3
_MOST: Final = 4
"""Stamps looked at on one page, the largest first."""

_WORDS: Final = (2, 6)
_SQUARE: Final = 0.1
_SURE: Final = 60.0
_INSIDE: Final = 0.7

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NameStamp:
    """``pixels``: its ink dark on white, level; ``to_page``: from them to the page's pixels."""

    pixels: Pixels
    dpi: float
    to_page: Matrix

    def cleaned(self) -> CleanPage:
        """As an engine takes it, to be read as stamps are."""
        return replace(clean(self.pixels, self.dpi), stamped=True)


def name_stamps(pixels: Pixels, dpi: float, dpi_down: float) -> list[NameStamp]:
    """What may be stamped names on an upright page in colour; no fax has any."""
    if pixels.ndim != 3 or abs(dpi / dpi_down - 1) > _SQUARE:
        return []
    if min(pixels.shape[:2]) < _LENGTH_INCH[0] * dpi:  # no room, or nothing left once it is halved
        return []
    sample = _is_blue(pixels[::_SAMPLE_STEP, ::_SAMPLE_STEP])
    if sample.mean() < _LEAST_SHARE:
        return []
    left, top, right, bottom = _around(sample, round(_MARGIN_INCH * dpi))
    offset = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], dtype=np.float64)
    return [
        replace(stamp, to_page=offset @ stamp.to_page)
        for stamp in _stamps_of(pixels[top:bottom, left:right], dpi)
    ]


def _around(sample: _Mask, margin: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of all that is blue, and a margin, in pixels of the page."""
    ends = []
    for axis in (0, 1):
        places = np.flatnonzero(sample.any(axis=axis)) * _SAMPLE_STEP
        ends.append((max(0, int(places[0]) - margin), int(places[-1]) + margin))
    return ends[0][0], ends[1][0], ends[0][1], ends[1][1]


def _stamps_of(pixels: Pixels, dpi: float) -> list[NameStamp]:
    """The largest pieces of blue ink that have the shape of a line of letters."""
    times = max(0, round(np.log2(max(dpi, 1.0) / _SEARCH_DPI)))
    scale = dpi / 2**times
    blue = _without_pens(_is_blue(halved(pixels, times)), scale)
    reach = 2 * max(1, round(_JOIN_INCH * scale)) + 1
    labels, stats = pieces_of(cv2.dilate(blue.astype(np.uint8), np.ones((reach, reach), np.uint8)))
    largest = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:_MOST] + 1
    found = []
    for piece in largest.tolist():
        own = blue & (labels == piece)
        rows, columns = np.nonzero(own)
        place = _levelled(np.column_stack([columns, rows]).astype(np.float32), scale)
        if place is not None:
            found.append(_cut(pixels, own, place, dpi=dpi, factor=2**times))
    return found


def could_be_name(stamped: Line, printed: Sequence[Line]) -> bool:
    """Whether what was read is words as a name has them, and surer than what is there already."""
    words = [word.text for word in stamped.words]
    surety = min(word.confidence for word in stamped.words)
    if not _WORDS[0] <= len(words) <= _WORDS[1] or surety < _SURE:
        return False
    if not all(is_syllable(word) and word[0].isupper() for word in words):
        return False
    there = [word for line in printed for word in line.words if word not in _kept(line, [stamped])]
    return _weight(stamped.words) > _weight(there)


def without_echoes(line: Line, stamped: Sequence[Line]) -> Line | None:
    """A line without what dropping colour left of stamps that were read by themselves.

    None where nothing else is on it; what is filled in a form stands behind its label.
    """
    kept = _kept(line, stamped)
    return replace(line, words=kept) if kept else None


def _kept(line: Line, stamped: Sequence[Line]) -> tuple[Word, ...]:
    boxes = [one.box for one in stamped]
    if any(share_inside(line.box, box) > _INSIDE for box in boxes):
        return ()
    return tuple(
        word
        for word in line.words
        if not any(share_inside(word.box, box) > _INSIDE for box in boxes)
    )


def _weight(words: Sequence[Word]) -> float:
    """Letters, each as much as it is sure."""
    return sum(word.confidence * len(word.text) for word in words)


def _is_blue(pixels: Pixels) -> _Mask:
    blue, green, red = cv2.split(pixels)
    coloured = cv2.compare(cv2.subtract(blue, cv2.min(green, red)), _CHROMA, cv2.CMP_GT)
    over_red = cv2.compare(cv2.subtract(blue, red), _OVER_RED, cv2.CMP_GT)
    over_green = cv2.compare(blue, green, cv2.CMP_GE)
    return np.asarray(cv2.bitwise_and(cv2.bitwise_and(coloured, over_red), over_green) > 0)


def _without_pens(blue: _Mask, scale: float) -> _Mask:
    labels, stats = pieces_of(blue)
    wide, high = (side * scale for side in _LARGEST_INCH)
    pens = (stats[:, cv2.CC_STAT_WIDTH] > wide) | (stats[:, cv2.CC_STAT_HEIGHT] > high)
    pens[0] = True
    return np.asarray(~pens[labels])


_Place = tuple[float, tuple[float, float], tuple[float, float]]
"""Angle in degrees, middle, length and height, in pixels of the search."""


def _levelled(points: npt.NDArray[np.float32], scale: float) -> _Place | None:
    """The lean and the box of a piece that has the shape of a line of letters."""
    if len(points) < 20:
        return None
    _, (wide, high), angle = cv2.minAreaRect(points)
    if wide < high:
        wide, high, angle = high, wide, angle - 90
    angle = (angle + 90) % 180 - 90
    if not _is_line(wide / scale, high / scale) or abs(angle) > _MOST_DEG:
        return None
    turns = [angle + step for step in range(-_FINER_DEG, _FINER_DEG + 1)]
    angle = max(turns, key=lambda turn: _sharpness(points, turn))
    along = _turned(points, angle)
    low, top = along.min(axis=0), along.max(axis=0)
    middle = _turned(((low + top) / 2)[None], -angle)[0]
    length, height = (top - low).tolist()
    return angle, (float(middle[0]), float(middle[1])), (length, height)


def _is_line(length: float, height: float) -> bool:
    return (
        _LENGTH_INCH[0] <= length <= _LENGTH_INCH[1]
        and _HEIGHT_INCH[0] <= height <= _HEIGHT_INCH[1]
        and length >= _ASPECT * height
    )


def _turned(points: npt.NDArray[np.float32], degrees: float) -> npt.NDArray[np.float32]:
    """Points about the origin such that a line leaning by ``degrees`` becomes level."""
    turn = np.radians(degrees)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.asarray(points @ np.array([[cos, -sin], [sin, cos]], np.float32), np.float32)


def _sharpness(points: npt.NDArray[np.float32], degrees: float) -> float:
    """How unevenly rows are filled: most where the line is level."""
    rows = _turned(points, degrees)[:, 1]
    filled = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    return float((filled**2).sum())


def _cut(pixels: Pixels, own: _Mask, place: _Place, *, dpi: float, factor: int) -> NameStamp:
    """The ink of one piece, level, at the page's own resolution; ``own``: where it is, reduced."""
    angle, middle, size = place
    margin = 2 * _MARGIN_INCH * dpi
    wide, high = (round(side * factor + margin) for side in size)
    x, y = (value * factor for value in middle)
    turn = np.radians(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    to_page = np.array(
        [
            [cos, -sin, x - cos * wide / 2 + sin * high / 2],
            [sin, cos, y - sin * wide / 2 - cos * high / 2],
            [0, 0, 1],
        ]
    )
    cut = _warped(pixels, to_page, (wide, high), cv2.INTER_CUBIC, paper=(255, 255, 255))
    around = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8))
    to_reduced = np.diag([1 / factor, 1 / factor, 1]) @ to_page
    near = _warped(around, to_reduced, (wide, high), cv2.INTER_NEAREST, paper=(0,)) > 0
    red = cut[:, :, 2]  # in which blue ink is darkest
    paper = np.uint8(median(red[~near])) if not near.all() else np.uint8(255)
    return NameStamp(np.asarray(np.where(near, red, paper), np.uint8), dpi, to_page)


def _warped(
    pixels: Pixels, to_source: Matrix, size: tuple[int, int], method: int, paper: tuple[int, ...]
) -> Pixels:
    cut = cv2.warpAffine(
        pixels,
        to_source[:2],
        size,
        flags=method | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=paper,
    )
    return np.asarray(cut, np.uint8)
