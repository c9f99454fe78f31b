"""How much the confidence of a field is worth: of those said to be sure, how many are wrong."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bench.field_scoring import Said
from bench.report import Cell, Section, Table, Target
from vocabulary.papers import FIELD_NAMES

SURE: Final = 0.95
BINS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0001)
_NORMAL_95: Final = 1.6449  # one-sided


def upper_bound(wrong: int, count: int) -> float:
    """The share of wrong ones that is not exceeded with 95 % certainty (Wilson; 3/n for none)."""
    if count == 0:
        return 1.0
    if wrong == 0:
        return min(1.0, -math.log(0.05) / count)
    share, square = wrong / count, _NORMAL_95**2
    middle = share + square / (2 * count)
    spread = _NORMAL_95 * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return min(1.0, (middle + spread) / (1 + square / count))


def told_of(said: Sequence[Said]) -> list[tuple[str, str, float, bool]]:
    return [
        (one.name, one.group, one.confidence, one.right)
        for one in said
        if one.confidence is not None
    ]


def section(said: Sequence[Said]) -> Section:
    """Sure fields that are wrong, by field and by kind of paper; the reliability table."""
    told = told_of(said)
    sure = [one for one in told if one[2] >= SURE]
    wrong = sum(not one[3] for one in sure)
    rows: list[tuple[Cell, ...]] = []
    for place, names in ((0, FIELD_NAMES), (1, tuple(dict.fromkeys(one[1] for one in told)))):
        for name in names:
            all_here = [one for one in told if one[place] == name]
            here = [one for one in all_here if one[2] >= SURE]
            if all_here:
                rows.append((name, len(all_here), *_counts([one[3] for one in here])))
    rows.append(("all", len(told), *_counts([one[3] for one in sure])))
    bins = tuple(_bins([(one[2], one[3]) for one in told]))
    errors = tuple(
        f"sure and wrong: {one.case} {one.name} ({one.confidence}): {one.told!r} read {one.value!r}"
        for one in said
        if one.confidence is not None and one.confidence >= SURE and not one.right
    )
    return Section(
        "confidence",
        (
            Table(f"Fields said with confidence >= {SURE}",
                  ("field or papers", "said", "sure", "wrong", "wrong %", "95 % bound %"),
                  tuple(rows)),
            Table("Reliability: confidence said against share that is right",
                  ("confidence", "fields", "said, mean %", "right %"), bins),
        ),
        (Target("wrong of sure fields %", 1.0, 100 * wrong / max(len(sure), 1), "most"),),
        errors,
    )  # fmt: skip


def _counts(right: Sequence[bool]) -> tuple[Cell, ...]:
    wrong = len(right) - sum(right)
    if not right:
        return 0, 0, None, None
    return len(right), wrong, 100 * wrong / len(right), 100 * upper_bound(wrong, len(right))


def _bins(points: Sequence[tuple[float, bool]]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for low, high in pairwise(BINS):
        here = [point for point in points if low <= point[0] < high]
        if here:
            mean = sum(confidence for confidence, _ in here) / len(here)
            right = sum(right for _, right in here) / len(here)
            rows.append((f"{low:g} - {min(high, 1.0):g}", len(here), 100 * mean, 100 * right))
    return rows
