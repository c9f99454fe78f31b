"""A photographed sheet made flat: a bright four-cornered sheet on a darker desk.

The corners are found on a small image. The least coloured channel tells white
paper from a wooden desk, which is bright in red and dark in blue.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ports import Matrix, Pixels
from ocr.treatment.paper import halved

Corners = npt.NDArray[np.float32]
"""Four points (x, y): top left, top right, bottom right, bottom left."""

_LONG_SIDE: Final = 400
_LEAST_SHARE, _MOST_SHARE = 0.25, 0.96
_FILLS: Final = 0.94  # of the four-cornered outline that is bright
_DARKER_BY: Final = 35
_AT_CORNER: Final = 0.025  # of the image's side: a sheet that fills the image is no photograph
_A4: Final = 297 / 210
_A4_LONG_IN: Final = 297 / 25.4
_A4_SLACK: Final = 0.14
_SQUARE_DEG: Final = 1.5  # corners of a sheet on a scanner's glass are right angles


@dataclass(frozen=True, slots=True)
class FlatSheet:
    """``to_sheet``: pixels of the photograph to those of the flat sheet; ``size``: width, height.

    ``dpi``: of the flat sheet where its shape says that it is A4, else None.
    """

    to_sheet: Matrix
    size: tuple[int, int]
    dpi: float | None


def least_channel(pixels: Pixels) -> Pixels:
    """Grey by the darkest channel: white paper stays white, everything coloured goes dark."""
    if pixels.ndim == 2:
        return pixels
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(blue, green), red), dtype=np.uint8)


def photographed_sheet(pixels: Pixels) -> FlatSheet | None:
    """The sheet in a photograph; None where the paper fills the image, as scans do.

    Args:
        pixels: grey or colour, of any size; only a small copy of it is looked at.
    """
    high, wide = pixels.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(high, wide))
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    halvings = max(0, int(np.log2(1 / scale)))
    near = halved(pixels, halvings) if min(high, wide) >= _LONG_SIDE else pixels
    small = least_channel(np.asarray(cv2.resize(near, size, interpolation=cv2.INTER_AREA)))
    corners = _corners(small)
    if corners is None:
        return None
    ratio = np.array([wide / size[0], high / size[1]], np.float32)
    return _flattened(corners * ratio)


def _corners(small: Pixels) -> Corners | None:
    high, wide = small.shape
    if min(high, wide) < 32:
        return None
    soft = cv2.GaussianBlur(small, (5, 5), 0)
    _, bright = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if not _has_desk(bright):
        return None
    reach = max(5, min(high, wide) // 12) | 1
    closed = _closed(np.asarray(bright, dtype=np.uint8), reach)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sheet = max(outlines, key=cv2.contourArea, default=None)
    if sheet is None:
        return None
    hull = cv2.convexHull(sheet)
    share = cv2.contourArea(hull) / (high * wide)
    if not _LEAST_SHARE <= share <= _MOST_SHARE or cv2.contourArea(sheet) < _FILLS * share * (
        high * wide
    ):
        return None
    corners = _four_corners(hull)
    if corners is None or _fills_image(corners, wide, high):
        return None
    return corners if _stands_out(soft, corners) else None


def _has_desk(bright: Pixels) -> bool:
    """Whether much of the image's rim is dark: a scan's rim is paper."""
    rim = np.concatenate([bright[1], bright[-2], bright[:, 1], bright[:, -2]])
    return bool(np.count_nonzero(rim == 0) > 0.35 * rim.size)


def _closed(bright: Pixels, reach: int) -> Pixels:
    """The sheet without its letters, which are holes in it; the rim is padded with desk."""
    padded = cv2.copyMakeBorder(bright, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    box = np.ones((reach, reach), np.uint8)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, box)
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, box)
    return np.asarray(closed[reach:-reach, reach:-reach], dtype=np.uint8)


def _four_corners(hull: npt.NDArray[np.int32]) -> Corners | None:
    """The outline as four corners, its sides fitted rather than its rounded corners."""
    around = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.045, 0.06):
        points = cv2.approxPolyDP(hull, share * around, True).reshape(-1, 2).astype(np.float32)
        if len(points) <= 4:
            break
    if len(points) != 4 or cv2.contourArea(points) < _FILLS * cv2.contourArea(hull):
        return None
    sides = _fitted_sides(hull.reshape(-1, 2).astype(np.float32), points)
    corners = np.array([_crossing(sides[i - 1], sides[i]) for i in range(4)], np.float32)
    if not np.isfinite(corners).all() or np.abs(corners - points).max() > 0.05 * around:
        corners = points
    return _from_top_left(corners)


def _fitted_sides(hull: Corners, points: Corners) -> list[npt.NDArray[np.float64]]:
    """Lines (a, b, c) through the outline's points near the middle of each side."""
    closed = np.vstack([hull, hull[:1]])
    steps = np.hypot(*np.diff(closed, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    places = np.linspace(0, along[-1], 400, endpoint=False)
    outline = np.stack([np.interp(places, along, closed[:, i]) for i in (0, 1)], axis=1)
    lines = []
    for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        run = (end - start) / max(float(np.hypot(*(end - start))), 1e-6)
        away = outline - start
        share = (away @ run) / max(float(np.hypot(*(end - start))), 1e-6)
        aside = np.abs(away[:, 0] * run[1] - away[:, 1] * run[0])
        near = outline[(share > 0.1) & (share < 0.9) & (aside < 0.04 * along[-1] / 4 + 2)]
        if len(near) < 8:
            near = np.stack([start, end])
        fit = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
        vx, vy, x, y = (float(value) for value in np.ravel(fit))
        lines.append(np.array([vy, -vx, vx * y - vy * x]))
    return lines


def _crossing(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> tuple[float, float]:
    x, y, w = np.cross(first, second)
    return (x / w, y / w) if abs(w) > 1e-9 else (float("inf"), float("inf"))


def _from_top_left(points: Corners) -> Corners:
    """Clockwise from the corner nearest to the image's top left."""
    middle = points.mean(axis=0)
    angles = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    ordered = points[np.argsort(angles)]
    return np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0)


def _fills_image(corners: Corners, wide: int, high: int) -> bool:
    ends = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    slack = np.array([wide, high]) * _AT_CORNER
    return bool((np.abs(corners - ends) <= slack + 1).all())


def _stands_out(soft: Pixels, corners: Corners) -> bool:
    """Whether the desk all around is darker than the paper beside it."""
    inside = np.zeros_like(soft)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 1)
    outer = cv2.dilate(inside, np.ones((15, 15), np.uint8)) & ~cv2.dilate(
        inside, np.ones((5, 5), np.uint8)
    )
    inner = inside & ~cv2.erode(inside, np.ones((15, 15), np.uint8))
    if not (outer & 1).any() or not (inner & 1).any():
        return False
    paper = float(np.percentile(soft[(inner & 1) == 1], 50))
    return float(np.percentile(soft[(outer & 1) == 1], 75)) < paper - _DARKER_BY


def _flattened(corners: Corners) -> FlatSheet | None:
    top, right, bottom, left = (
        float(np.hypot(*(corners[i] - corners[(i + 1) % 4]))) for i in range(4)
    )
    wide, high = (top + bottom) / 2, (left + right) / 2
    if min(wide, high) < 16 or max(top, bottom) > 3 * min(top, bottom):
        return None
    dpi = None
    tilted = not _is_rectangle(corners)
    if tilted and abs(max(wide, high) / min(wide, high) / _A4 - 1) < _A4_SLACK:
        long_side = max(wide, high)
        wide, high = (long_side / _A4, long_side) if high >= wide else (long_side, long_side / _A4)
        dpi = long_side / _A4_LONG_IN
    size = (round(wide), round(high))
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return FlatSheet(np.asarray(matrix, dtype=np.float64), size, dpi)


def _is_rectangle(corners: Corners) -> bool:
    """A sheet laid on a scanner's glass keeps its right angles, and its resolution."""
    sides = np.roll(corners, -1, axis=0) - corners
    ways = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    turns = np.abs((np.diff(np.append(ways, ways[0])) + 180) % 360 - 180)
    return bool(np.abs(turns - 90).max() < _SQUARE_DEG)
