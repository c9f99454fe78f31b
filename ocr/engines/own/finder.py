"""Finds text lines on a cleaned, level page and cuts each out, free of its neighbours' ink.

Letters are joined left to right into lines; a wide gap or a vertical rule ends
one. Marks and points then go to the nearest baseline: in Vietnamese a tone
can lie nearer to the line above than to its own letter, so distance below a
baseline counts more than twice (this alone decides CER 0.63 or 2.8 with the
same net).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.own.components import Components, Numbers, components_of
from ocr.engines.own.fragments import grow_over_fragments, met
from ocr.engines.own.raised import raised_of
from ocr.pieces import Labels
from ocr.ports import CleanPage, PixelBox, Pixels, VerticalRule

_GAP_EM: Final = 1.1
_OVERLAP: Final = 0.35
_MARGIN_DOWN_EM: Final = 0.03
_MARGIN_ACROSS_EM: Final = 0.2
_BELOW_COSTS: Final = 2.2
_FARTHEST_BELOW_EM: Final = 0.27
_FARTHEST_EM: Final = 0.66
_MOST_PAIRS: Final = 1_000_000  # some 8 MiB for each of the tables of marks and lines
_STRAY_MEMBERS: Final = 2
_STRAY_HEIGHT_EM: Final = 0.6  # below a figure's 0.67
_STRAY_GAP_EM: Final = 0.3  # the next line's x-height lies 0.7 em under a small letter


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line's own pixels and where they stand on the cleaned page.

    ``left``, ``top``: of the crop; ``ink``: left, top, right, bottom of its ink;
    ``baseline``: where its letters stand; ``letter_height``: median of its letters;
    ``raised``: boxes in the crop of what may be raised figures.
    """

    crop: Pixels
    left: int
    top: int
    ink: tuple[float, float, float, float]
    baseline: float
    letter_height: float
    raised: tuple[PixelBox, ...] = ()


@dataclass(slots=True)
class _Growing:
    """A line while letters are added on its right; the band follows its letters."""

    right: float
    band_top: float
    band_bottom: float
    members: list[int] = field(default_factory=list)


def find_lines(page: CleanPage) -> tuple[FoundLine, ...]:
    """All lines of a page, in no particular order."""
    parts = components_of(page.pixels, page.dpi)
    if parts is None:
        return ()
    growing = _without_stray_marks(parts, _join_letters(parts, page.rules))
    owner, bands = _owners(parts, growing)
    _give_marks(parts, owner, bands)
    _stretch(parts, owner, bands)
    if grow_over_fragments(parts, owner, bands, page.rules):
        _give_marks(parts, owner, bands)
    for one, other in reversed(met(bands, parts.em, page.rules)):
        if growing[other].members:
            _unite(growing, owner, bands, one, other)
    owner[~parts.usable] = -1
    return tuple(_cut_out(page.pixels, parts, growing, owner, bands))


def _join_letters(parts: Components, rules: Sequence[VerticalRule]) -> list[_Growing]:
    indices = np.flatnonzero(parts.letter)
    indices = indices[np.argsort(parts.left[indices], kind="stable")]
    lefts, tops = parts.left[indices].tolist(), parts.top[indices].tolist()
    rights, bottoms = parts.right[indices].tolist(), parts.bottom[indices].tolist()
    lines: list[_Growing] = []
    active: list[_Growing] = []
    reach = _GAP_EM * parts.em
    for place, index in enumerate(indices.tolist()):
        left, top, right, bottom = lefts[place], tops[place], rights[place], bottoms[place]
        active = [line for line in active if left - line.right <= reach]
        best = _best_line(active, (left, top, right, bottom), rules, parts.em)
        if best is None:
            best = _Growing(right, top, bottom)
            lines.append(best)
            active.append(best)
        best.members.append(index)
        best.right = max(best.right, right)
        if bottom - top < 1.8 * parts.x_height:
            best.band_top += 0.2 * (top - best.band_top)
            best.band_bottom += 0.2 * (bottom - best.band_bottom)
    return lines


def _best_line(
    active: Sequence[_Growing],
    box: tuple[float, float, float, float],
    rules: Sequence[VerticalRule],
    em: float,
) -> _Growing | None:
    """The line whose band a letter shares best; a rule between them parts them."""
    left, top, _, bottom = box
    best, best_score = None, 0.0
    for line in active:
        if line.band_bottom <= top or line.band_top >= bottom:
            continue
        band = min(bottom - top, line.band_bottom - line.band_top)
        shared = min(bottom, line.band_bottom) - max(top, line.band_top)
        if band <= 0 or shared <= _OVERLAP * band:
            continue
        gap = left - line.right
        if gap > -0.3 * em and _ruled_off(line.right, box, rules, em):
            continue
        score = shared / band - max(0.0, gap) / em * 0.1
        if score > best_score:
            best, best_score = line, score
    return best


def _ruled_off(
    right: float,
    box: tuple[float, float, float, float],
    rules: Sequence[VerticalRule],
    em: float,
) -> bool:
    left, top, _, bottom = box
    slack = 0.25 * em
    return any(
        right - slack < rule.x < left + slack and rule.top < bottom and rule.bottom > top
        for rule in rules
    )


def _without_stray_marks(parts: Components, growing: Sequence[_Growing]) -> list[_Growing]:
    """Lines that are but a high mark (a hook on a circumflex) over another line are let go."""
    small = [line for line in growing if len(line.members) <= _STRAY_MEMBERS]
    large = [line for line in growing if len(line.members) > _STRAY_MEMBERS]
    if not small or not large:
        return list(growing)
    bands = np.array(
        [
            (
                parts.left[line.members].min(),
                median(parts.top[line.members].tolist()),
                parts.right[line.members].max(),
            )
            for line in large
        ]
    )
    kept = [line for line in small if not _is_stray(parts, line, bands)]
    return large + kept


def _is_stray(parts: Components, line: _Growing, bands: Numbers) -> bool:
    em = parts.em
    left, right = parts.left[line.members].min(), parts.right[line.members].max()
    top, bottom = parts.top[line.members].min(), parts.bottom[line.members].max()
    if bottom - top > _STRAY_HEIGHT_EM * em or right - left > 2 * em:
        return False
    under = (bands[:, 0] - 0.2 * em < left) & (right < bands[:, 2] + 0.2 * em)
    gap = bands[:, 1] - bottom
    return bool((under & (gap > -0.35 * em) & (gap < _STRAY_GAP_EM * em)).any())


def _owners(parts: Components, growing: Sequence[_Growing]) -> tuple[Labels, Numbers]:
    """Line number (from 1) of each piece, and each line's left, x-top, right, baseline."""
    owner: Labels = np.zeros(len(parts.left), np.int32)
    bands = np.zeros((len(growing), 4))
    for number, line in enumerate(growing, start=1):
        members = np.array(line.members)
        owner[members] = number
        bands[number - 1] = (
            parts.left[members].min(),
            median(parts.top[members].tolist()),
            parts.right[members].max(),
            median(parts.bottom[members].tolist()),
        )
    return owner, bands


def _stretch(parts: Components, owner: Labels, bands: Numbers) -> None:
    """Lines reach as far as the marks that were given to them."""
    owned = owner > 0
    np.minimum.at(bands[:, 0], owner[owned] - 1, parts.left[owned])
    np.maximum.at(bands[:, 2], owner[owned] - 1, parts.right[owned])


def _unite(
    growing: Sequence[_Growing], owner: Labels, bands: Numbers, one: int, other: int
) -> None:
    """Two lines (counted from 0) become the first of them; the second has nothing more."""
    owner[owner == other + 1] = one + 1
    bands[one, 2] = max(bands[one, 2], bands[other, 2])
    bands[other] = np.inf
    growing[one].members += growing[other].members
    growing[other].members.clear()


def _give_marks(parts: Components, owner: Labels, bands: Numbers) -> None:
    """Marks, points, hyphens and commas go to the nearest line that can own them.

    Some at a time: a page of noise has more marks times lines than memory has room for.
    """
    marks = np.flatnonzero(parts.usable & (owner == 0) & (parts.height < 1.2 * parts.typical_em))
    if not len(bands):
        return
    step = max(1, _MOST_PAIRS // len(bands))
    for start in range(0, len(marks), step):
        some = marks[start : start + step]
        owner[some] = _nearest_line(parts, some, bands)


def _nearest_line(parts: Components, marks: npt.NDArray[np.intp], bands: Numbers) -> Labels:
    """Number (from 1) of the line that each mark belongs to, 0 for none."""
    em = parts.em
    x = ((parts.left + parts.right) / 2)[marks][:, None]
    y = ((parts.top + parts.bottom) / 2)[marks][:, None]
    left, top, right, baseline = (column[None] for column in bands.T)
    away = np.maximum(np.maximum(top - y, y - baseline), 0)
    aside = np.maximum(np.maximum(left - x, x - right), 0)
    too_far = (
        (away > _FARTHEST_EM * em)
        | (aside > np.where(away < 0.06 * em, 1.2 * em, 0.35 * em))
        | (y - baseline > _FARTHEST_BELOW_EM * em)
    )
    cost = np.where(too_far, np.inf, away * np.where(y > baseline, _BELOW_COSTS, 1.0) + 0.3 * aside)
    nearest = cost.argmin(axis=1)
    reachable = np.isfinite(cost[np.arange(len(marks)), nearest])
    return np.asarray(np.where(reachable, nearest + 1, 0), dtype=np.int32)


def _cut_out(
    pixels: Pixels,
    parts: Components,
    growing: Sequence[_Growing],
    owner: Labels,
    bands: Numbers,
) -> list[FoundLine]:
    extents = _extents(parts, owner, len(growing))
    raised = raised_of(parts, owner, bands)
    masks: Labels = np.maximum(owner, 0)  # large things and specks are neither masked nor measured
    found = []
    for number, line in enumerate(growing, start=1):
        left, top, right, bottom = extents[number]
        em, baseline = parts.em, float(bands[number - 1, 3])
        if right - left < 0.12 * em:
            continue
        top, bottom = max(top, baseline - 1.25 * em), min(bottom, baseline + 0.5 * em)
        if len(line.members) == 1 and right - left < 0.3 * em and bottom - top > 1.1 * em:
            continue  # a bar
        ink = (left, top, right, bottom)
        crop, x0, y0 = _crop(pixels, parts.labels, masks, number, ink, em)
        if crop.shape[0] >= 5 and crop.shape[1] >= 3:
            height = float(median(parts.height[line.members].tolist()))
            boxes = tuple(_within(box, x0, y0) for box in raised.get(number, ()))
            found.append(FoundLine(crop, x0, y0, ink, baseline, height, boxes))
    return found


def _within(box: PixelBox, left: int, top: int) -> PixelBox:
    return box[0] - left, box[1] - top, box[2] - left, box[3] - top


def _extents(parts: Components, owner: Labels, count: int) -> Numbers:
    """Left, top, right, bottom of each line's ink; row 0 is nobody's."""
    extents = np.tile(np.array([1e9, 1e9, -1.0, -1.0]), (count + 1, 1))
    owned = owner > 0
    numbers = owner[owned]
    np.minimum.at(extents[:, 0], numbers, parts.left[owned])
    np.minimum.at(extents[:, 1], numbers, parts.top[owned])
    np.maximum.at(extents[:, 2], numbers, parts.right[owned])
    np.maximum.at(extents[:, 3], numbers, parts.bottom[owned])
    return extents


def _crop(
    pixels: Pixels,
    labels: Labels,
    masks: Labels,
    number: int,
    ink: tuple[float, float, float, float],
    em: float,
) -> tuple[Pixels, int, int]:
    """The line with margins, at least one em high, other lines' ink painted white."""
    left, top, right, bottom = ink
    left, right = left - _MARGIN_ACROSS_EM * em, right + _MARGIN_ACROSS_EM * em
    top, bottom = top - _MARGIN_DOWN_EM * em, bottom + _MARGIN_DOWN_EM * em
    missing = max(0.0, em - (bottom - top)) / 2
    x0, y0 = max(0, int(left)), max(0, int(top - missing))
    x1 = min(pixels.shape[1], int(right) + 1)
    y1 = min(pixels.shape[0], int(bottom + missing) + 1)
    crop = pixels[y0:y1, x0:x1]
    owners = masks[labels[y0:y1, x0:x1]]
    foreign = ((owners != number) & (owners != 0)).astype(np.uint8)
    if foreign.any():
        spread = cv2.dilate(foreign, np.ones((3, 3), np.uint8)) > 0
        crop = crop.copy()
        crop[spread & (owners != number)] = 250
    return crop, x0, y0
