"""How often a reading with such evidence is right: the confidence that is shown.

A rule's raw score orders readings well but is no chance. ``data/calibration.json`` holds,
for each field, the curve from raw score to the share that was right on papers whose fields
are known (generated ones and scans of real decisions), and the level under which a person
looks at the field. ``python -m bench.calibrating`` measures and writes it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from ocr.fields.evidence import Evidence

_HAND: Final = 0.3
"""Likelihood of handwriting from which no curve raises what the rules said."""

_UNLIKELY: Final = 0.5
"""Raw score under which the rules themselves hold a value for unlikely: a blank to complete,
a bare symbol. That such values are often right is no reason to spare a person the look."""

Curve = Sequence[tuple[float, float]]
"""Knots (raw score, share that is right), both rising; straight between them."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves and thresholds for review, by name of field."""

    curves: Mapping[str, Curve]
    thresholds: Mapping[str, float]


@cache
def calibration() -> Calibration:
    """What was measured, as shipped."""
    text = files("ocr.fields").joinpath("data/calibration.json").read_text(encoding="utf-8")
    table = json.loads(text)
    curves = {name: tuple((x, y) for x, y in knots) for name, knots in table["curves"].items()}
    return Calibration(curves, table["thresholds"])


def calibrated(name: str, evidence: Evidence, raw: float) -> float:
    """The confidence of a field from its evidence and its raw score, both 0..1.

    Fields that too few papers have keep the raw score. What looks written by hand, failed a
    check, is contradicted elsewhere on the paper or is unlikely to begin with is never raised.
    """
    curve = calibration().curves.get(name)
    if not curve:
        return raw
    shown = at(curve, raw)
    contradicted = evidence.check < 0 or evidence.agreement < 0
    doubted = contradicted or evidence.hand >= _HAND or raw < _UNLIKELY
    return min(raw, shown) if doubted else shown


def at(curve: Curve, raw: float) -> float:
    """The curve's value; outside its knots it runs to (0, 0) and stays level."""
    scores, shares = zip((0.0, 0.0), *curve, strict=True)
    return float(np.interp(raw, scores, shares))
