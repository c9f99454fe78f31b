"""Lines that go on in fragments: print so faint or hollow that its letters fall into pieces.

Such a line ends where its last whole letter stands. Pieces in its band that lie close behind
its end, each behind the one before, belong to it, too; where it so comes upon another line of
the same height, whole letters stood behind broken ones, and both are one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ocr.engines.own.components import Components, Numbers
from ocr.pieces import Labels
from ocr.ports import VerticalRule

_LEAST_HIGH: Final = 0.25  # of the x-height: points and hyphens are lower
_GAP_EM: Final = 0.8  # a word space and a broken letter; a line ends at 1.1
_OVER_EM: Final = 0.3
_UNDER_EM: Final = 0.2  # the baseline of broken letters lies too high
_MET_EM: Final = 0.4  # a space between words is a quarter
_LEVEL_EM: Final = 0.25
_MOST: Final = 2000  # pieces: a page with more is noise


def grow_over_fragments(
    parts: Components, owner: Labels, bands: Numbers, rules: Sequence[VerticalRule]
) -> frozenset[int]:
    """Give nobody's pieces to the lines that they go on; returns those lines, counted from 0.

    Args:
        parts: of the page.
        owner: line number (from 1) of each piece, 0 for none; is changed.
        bands: left, x-top, right, baseline of each line; left and right are moved.
        rules: that no line crosses.
    """
    high = parts.height
    loose = np.flatnonzero(
        parts.usable
        & (owner == 0)
        & (high > _LEAST_HIGH * parts.x_height)
        & (high < 1.2 * parts.typical_em)
    )
    if not len(bands) or not 0 < len(loose) <= _MOST:
        return frozenset()
    owned = owner > 0
    np.minimum.at(bands[:, 0], owner[owned] - 1, parts.left[owned])
    np.maximum.at(bands[:, 2], owner[owned] - 1, parts.right[owned])
    grown: set[int] = set()
    for piece in loose[np.argsort(parts.left[loose], kind="stable")].tolist():
        grown |= _given(parts, owner, bands, rules, piece, to_the_right=True)
    for piece in loose[np.argsort(-parts.right[loose], kind="stable")].tolist():
        if owner[piece] == 0:
            grown |= _given(parts, owner, bands, rules, piece, to_the_right=False)
    return frozenset(grown)


def met(
    grown: frozenset[int], bands: Numbers, em: float, rules: Sequence[VerticalRule]
) -> list[tuple[int, int]]:
    """Pairs of lines that are one, the left one first; each has grown or the other has."""
    pairs = []
    for left in np.argsort(bands[:, 0], kind="stable").tolist():
        gap = bands[:, 0] - bands[left, 2]
        level = np.abs(bands[:, (1, 3)] - bands[left, (1, 3)]).max(axis=1) < _LEVEL_EM * em
        met_it = (gap > -_GAP_EM * em) & (gap < _MET_EM * em)
        beside = level & met_it & (bands[:, 2] > bands[left, 2])
        for right in np.flatnonzero(beside).tolist():
            top, bottom = bands[left, 1], bands[left, 3]
            ends = sorted((float(bands[left, 2]), float(bands[right, 0])))
            if not {left, right} & grown or right == left or _ruled(rules, ends, top, bottom):
                continue
            pairs.append((left, right))
            break
    return pairs


def _given(
    parts: Components,
    owner: Labels,
    bands: Numbers,
    rules: Sequence[VerticalRule],
    piece: int,
    *,
    to_the_right: bool,
) -> set[int]:
    left, right = parts.left[piece], parts.right[piece]
    top, bottom = parts.top[piece], parts.bottom[piece]
    em = parts.em
    gap = left - bands[:, 2] if to_the_right else bands[:, 0] - right
    behind = (gap > -_GAP_EM * em) & (gap < _GAP_EM * em)
    within = (top > bands[:, 1] - _OVER_EM * em) & (bottom < bands[:, 3] + _UNDER_EM * em)
    nearest = np.flatnonzero(behind & within)
    if not len(nearest):
        return set()
    line = int(nearest[np.abs(gap[nearest]).argmin()])
    ends = sorted((left, bands[line, 2]) if to_the_right else (right, bands[line, 0]))
    if _ruled(rules, ends, top, bottom):
        return set()
    owner[piece] = line + 1
    bands[line, 0] = min(bands[line, 0], left)
    bands[line, 2] = max(bands[line, 2], right)
    return {line}


def _ruled(rules: Sequence[VerticalRule], ends: Sequence[float], top: float, bottom: float) -> bool:
    """Whether a rule stands between the ends, at the height of ``top`` to ``bottom``."""
    return any(
        ends[0] <= rule.x <= ends[1] and rule.top < bottom > top < rule.bottom for rule in rules
    )
