"""From where to where a word reaches: the net says which letters, the ink says where.

A letter's peak in the net's output stands somewhere within the letter, so a
word's ends are looked for in the ink: between two words lies the widest white
gap between the last peak of one and the first peak of the next.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def word_spans(
    ink: npt.NDArray[np.bool_], peaks: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Left and right end of each word, in columns of the line.

    Args:
        ink: whether a column has ink.
        peaks: columns of the first and last letter's peak of each word, left to right.
    """
    columns = np.flatnonzero(ink)
    if not len(columns):
        return [(first, last + 1) for first, last in peaks]
    cuts = [float(columns[0])]
    for (_, last), (first, _) in itertools.pairwise(peaks):
        cuts.append(_widest_gap(ink, last, first))
    cuts.append(float(columns[-1]) + 1)
    return [_on_ink(columns, left, right) for left, right in itertools.pairwise(cuts)]


def _widest_gap(ink: npt.NDArray[np.bool_], left: float, right: float) -> float:
    """Middle of the longest run of white columns; of the stretch itself where there is none."""
    start, end = max(0, int(left)), min(len(ink), int(right) + 1)
    white = np.flatnonzero(~ink[start:end])
    if end <= start or not len(white):
        return (left + right) / 2
    ends = np.flatnonzero(np.diff(white) > 1)
    firsts = white[np.concatenate(([0], ends + 1))]
    lasts = white[np.concatenate((ends, [-1]))]
    longest = int((lasts - firsts).argmax())
    return start + float(firsts[longest] + lasts[longest] + 1) / 2


def _on_ink(columns: npt.NDArray[np.intp], left: float, right: float) -> tuple[float, float]:
    """The stretch shrunk to its ink; at least one column wide."""
    inside = columns[(columns >= left - 0.5) & (columns < right)]
    if not len(inside):
        return left, max(right, left + 1)
    return float(inside[0]), float(inside[-1]) + 1
