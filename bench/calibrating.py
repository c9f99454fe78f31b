"""``python -m bench.calibrating``: measure what the raw scores of fields are worth.

Reads papers whose fields are known (none of those that ``bench.reading`` reports on), fits
for each field a rising curve from raw score to the share that is right, sets its threshold
for review, and writes both into the product.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from bench import field_cases, fields
from bench.field_scoring import right_of
from bench.own_reading import Reader
from bench.report import say
from ocr.fields.calibration import Curve, at
from ocr.fields.extraction import fields_with_evidence
from vocabulary.papers import FIELD_NAMES

TABLE: Final = Path(__file__).parents[1] / "ocr/fields/data/calibration.json"
FIRST_SEED: Final = 100_000
SCAN_SEEDS: Final = (12, 13)
EXACT: Final = frozenset(("number_symbol", "issue_date", "holder_id", "expiry_date"))
"""Fields that decisions on reuse rest on: what nobody looks at is wrong once in a hundred."""

_LEAST: Final = 30  # readings of a field for a curve of its own
_BLOCK: Final = 12  # readings that a knot stands for, at least
_PRIOR: Final = 6.0  # readings' worth of the common curve in each knot
_CEILING: Final = 0.99
_LOWEST_EXACT: Final = 0.9
_LOWEST: Final = 0.8
_HIGHEST: Final = 0.95
"""Limits of thresholds: a single reading this doubtful is worth a look even where most are
right, and one this sure is not."""

Point = tuple[float, bool]
"""Raw score of a reading and whether it is right."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.calibrating", description=__doc__)
    parser.add_argument("--papers", type=int, default=48, help="generated papers of each kind")
    parser.add_argument("--kept", action="store_true", help="readings made by older code do")
    chosen = parser.parse_args(arguments)
    points = measured(Reader("own", old_ones_do=chosen.kept), chosen.papers)
    table = fitted(points)
    TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for name, here in points.items():
        wrong = sum(not right for _, right in here)
        say(f"{name}: {len(here)} readings, {wrong} wrong, review under "
            f"{table['thresholds'].get(name)}")  # fmt: skip


def measured(reader: Reader, papers: int) -> Mapping[str, list[Point]]:
    """Raw scores of all fields of all papers."""
    points: dict[str, list[Point]] = {name: [] for name in FIELD_NAMES}
    scans = (field_cases.scans_of_files(reader, level, 300, seed)
             for level in ("office", "poor") for seed in SCAN_SEEDS)  # fmt: skip
    cases = chain(
        field_cases.files(reader),
        chain.from_iterable(scans) if field_cases.labels() else (),
        fields.generated(reader, FIRST_SEED, papers),
    )
    for case in cases:
        for name, read in fields_with_evidence(case.pages).items():
            if name not in case.unknown:
                points[name].append((read.confidence, right_of(case, name, read.value)))
    return points


def fitted(points: Mapping[str, Sequence[Point]]) -> dict[str, dict[str, object]]:
    """Curves and thresholds of the fields that enough papers have."""
    common = rising(list(chain.from_iterable(points.values())), ())
    curves = {
        name: rising(here, common) for name, here in points.items() if len(here) >= _LEAST
    }  # fmt: skip
    return {
        "curves": {name: [list(knot) for knot in curve] for name, curve in curves.items()},
        "thresholds": {name: threshold(name, points[name], curve)
                       for name, curve in curves.items()},
    }  # fmt: skip


def rising(points: Sequence[Point], common: Curve) -> Curve:
    """The curve that never falls and is nearest to the points (pool adjacent violators).

    Ayer et al. 1955, as used for calibration by Zadrozny and Elkan 2002. Each knot leans
    to the common curve (or to one wrong of ten where there is none), the more the fewer
    readings it stands for: a field that was never seen wrong is not thereby never wrong.
    """
    blocks: list[list[float]] = []  # raw scores summed, right ones, readings
    for group in _groups(sorted(points)):
        blocks.append(group)
        while len(blocks) > 1 and _share(blocks[-2]) >= _share(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    knots = []
    for raw_sum, right, count in blocks:
        raw = raw_sum / count
        expected = at(common, raw) if common else 0.9 * raw
        share = (right + _PRIOR * expected) / (count + _PRIOR)
        knots.append((round(raw, 4), min(_CEILING, share)))
    highest = np.maximum.accumulate([share for _, share in knots])
    return tuple((raw, round(float(share), 4))
                 for (raw, _), share in zip(knots, highest, strict=True))  # fmt: skip


def _groups(points: Sequence[Point]) -> Iterable[list[float]]:
    """Neighbouring readings, some each; equal scores stay together."""
    group = [0.0, 0.0, 0.0]
    for place, (raw, right) in enumerate(points):
        group = [group[0] + raw, group[1] + right, group[2] + 1]
        ends = place + 1 == len(points)
        if ends or (group[2] >= _BLOCK and points[place + 1][0] > raw):
            yield group
            group = [0.0, 0.0, 0.0]


def _share(block: Sequence[float]) -> float:
    return block[1] / block[2]


def threshold(name: str, points: Sequence[Point], curve: Curve) -> float:
    """The lowest confidence at and over which few are wrong: 1 % of exact fields, else 2 %.

    Where few are wrong among all readings, nothing is known against those below them either.
    """
    allowed, least = (0.01, _LOWEST_EXACT) if name in EXACT else (0.02, _LOWEST)
    shown = sorted(((at(curve, raw), right) for raw, right in points), reverse=True)
    lowest, wrong = _HIGHEST, 0
    for count, (confidence, right) in enumerate(shown, start=1):
        wrong += not right
        last = count == len(shown) or shown[count][0] < confidence
        if last and wrong <= allowed * count:
            lowest = least if count == len(shown) else confidence
    return round(min(_HIGHEST, max(least, lowest)), 3)


if __name__ == "__main__":
    main()
