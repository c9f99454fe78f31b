"""Lines that go on in fragments: print so faint or hollow that its letters fall into pieces.

Such a line ends where its last whole letter stands. Pieces in its band that lie close behind
its end, each behind the one before, belong to it, too. Where a line so, or by the marks that it
was given, comes upon another at the same height, both are one.
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
_MET_EM: Final = 0.6  # a space between words is a quarter, and letters have lost their edges
_LEVEL_EM: Final = 0.35
_SHARED: Final = 0.6  # of the lower band
_MOST: Final = 2000  # pieces: a page with more is noise


def grow_over_fragments(
    parts: Components, owner: Labels, bands: Numbers, rules: Sequence[VerticalRule]
) -> bool:
    """Give nobody's pieces to the lines that they go on; says whether there were any.

    Args:
        parts: of the page.
        owner: line number (from 1) of each piece, 0 for none; is changed.
        bands: left, x-top, right, baseline of each line, its marks counted; left and right
            are moved.
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
        return False
    grown = False
    for piece in loose[np.argsort(parts.left[loose], kind="stable")].tolist():
        grown |= _given(parts, owner, bands, rules, piece, to_the_right=True)
    for piece in loose[np.argsort(-parts.right[loose], kind="stable")].tolist():
        if owner[piece] == 0:
            grown |= _given(parts, owner, bands, rules, piece, to_the_right=False)
    return grown


def met(bands: Numbers, em: float, rules: Sequence[VerticalRule]) -> list[tuple[int, int]]:
    """Pairs of lines that have come upon each other and so are one, the left one first.

    Pairs go from left to right: taken from the last to the first, none is of a line that
    another has taken in before, but for its second.
    """
    pairs = []
    order = np.argsort(bands[:, 0], kind="stable")
    for place, left in enumerate(order.tolist()):
        top, bottom = bands[left, 1], bands[left, 3]
        shared = np.minimum(bands[:, 3], bottom) - np.maximum(bands[:, 1], top)
        level = shared > _SHARED * np.minimum(bands[:, 3] - bands[:, 1], bottom - top)
        beside = level & (bands[:, 0] - bands[left, 2] < _MET_EM * em)
        beside &= np.abs(bands[:, 3] - bottom) < _LEVEL_EM * em
        beside[order[: place + 1]] = False
        for right in np.flatnonzero(beside).tolist():
            ends = sorted((float(bands[left, 2]), float(bands[right, 0])))
            if not _ruled(rules, ends, top, bottom):
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
) -> bool:
    left, right = parts.left[piece], parts.right[piece]
    top, bottom = parts.top[piece], parts.bottom[piece]
    em = parts.em
    gap = left - bands[:, 2] if to_the_right else bands[:, 0] - right
    behind = (gap > -_GAP_EM * em) & (gap < _GAP_EM * em)
    within = (top > bands[:, 1] - _OVER_EM * em) & (bottom < bands[:, 3] + _UNDER_EM * em)
    nearest = np.flatnonzero(behind & within)
    if not len(nearest):
        return False
    line = int(nearest[np.abs(gap[nearest]).argmin()])
    ends = sorted((left, bands[line, 2]) if to_the_right else (right, bands[line, 0]))
    if _ruled(rules, ends, top, bottom):
        return False
    owner[piece] = line + 1
    bands[line, 0] = min(bands[line, 0], left)
    bands[line, 2] = max(bands[line, 2], right)
    return True


def _ruled(rules: Sequence[VerticalRule], ends: Sequence[float], top: float, bottom: float) -> bool:
    """Whether a rule stands between the ends, at the height of ``top`` to ``bottom``."""
    return any(
        ends[0] <= rule.x <= ends[1] and rule.top < bottom > top < rule.bottom for rule in rules
    )
