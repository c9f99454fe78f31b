"""Text of annotations set into the lines that it completes.

A number stamped on a decision lies in a gap left for it ("Số:   /QĐ-UBND"):
it belongs to the line it stands in, though it comes from another part of the
file.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from vocabulary.papers import Baseline, Line

_SAME_BASELINE_EM: Final = 0.6
_REACH_EM: Final = 2.0
_OVERLAP_EM: Final = 0.5


def set_in(lines: Sequence[Line], stamps: Sequence[Line]) -> list[Line]:
    """Join each stamp with the lines left and right of it on its baseline; others stay lines."""
    joined = list(lines)
    for stamp in stamps:
        beside = [line for line in joined if _beside(line, stamp)]
        if not beside:
            joined.append(stamp)
            continue
        left = [line for line in beside if line.box.x0 < stamp.box.x0]
        right = [line for line in beside if line.box.x0 >= stamp.box.x0]
        parts = [stamp]
        if left:
            parts.append(max(left, key=lambda line: line.box.x1))
        if right:
            parts.append(min(right, key=lambda line: line.box.x0))
        joined = [line for line in joined if not any(line is part for part in parts)]
        joined.append(_join(parts, base=parts[1]))
    return joined


def _beside(line: Line, stamp: Line) -> bool:
    em = max(line.height, stamp.height, 1.0)
    middle = (line.baseline.y0 + line.baseline.y1) / 2
    stamp_middle = (stamp.baseline.y0 + stamp.baseline.y1) / 2
    if abs(middle - stamp_middle) > _SAME_BASELINE_EM * em:
        return False
    if not 0.5 < line.height / max(stamp.height, 1.0) < 2:
        return False
    box, stamp_box = line.box, stamp.box
    gap = max(box.x0 - stamp_box.x1, stamp_box.x0 - box.x1)
    if gap > _REACH_EM * em:
        return False
    return all(
        min(word.box.x1, stamp_box.x1) - max(word.box.x0, stamp_box.x0) < _OVERLAP_EM * em
        for word in line.words
    )


def _join(parts: Sequence[Line], base: Line) -> Line:
    words = sorted((word for part in parts for word in part.words), key=lambda word: word.box.x0)
    ends = sorted((part.baseline for part in parts), key=lambda baseline: baseline.x0)
    start, end = ends[0], max(ends, key=lambda baseline: baseline.x1)
    slope = base.baseline
    return replace(
        base,
        words=tuple(words),
        baseline=Baseline(start.x0, _height_at(slope, start.x0), end.x1, _height_at(slope, end.x1)),
    )


def _height_at(baseline: Baseline, x: float) -> float:
    run = baseline.x1 - baseline.x0
    if abs(run) < 1e-6:
        return baseline.y0
    return baseline.y0 + (baseline.y1 - baseline.y0) * (x - baseline.x0) / run
