"""Points that the national portal gives for a figure (Decision 766/QĐ-TTg), as far as recorded.

Two sources disagree on whether the full points come from 80 % on or only at 100 %, so both
are told: with the threshold, and plainly. Maxima and thresholds are data with dates
(``repository/data/scores.json``).
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Final

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Score:
    """``most``: points at best. ``full_from``: percent from which all are given; None: at 100."""

    figure: str
    metric: str
    most: int
    full_from: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Points:
    """Points with the threshold, and as the plain part of the maximum; two decimals."""

    score: Score
    points: str
    plain: str


def points_of(figure: str, numerator: int, denominator: int, on: date) -> Points | None:
    """Points for a figure; None where there are none for it, or nothing was counted."""
    score = next((one for one in _all() if one.figure == figure and _holds(one, on)), None)
    if score is None or denominator == 0:
        return None
    part = Decimal(numerator) / Decimal(denominator)
    lifted = part if score.full_from is None else part * 100 / score.full_from
    return Points(score, _text(score.most * min(lifted, Decimal(1))), _text(score.most * part))


def _holds(score: Score, on: date) -> bool:
    return score.valid_from <= on and (score.valid_to is None or on <= score.valid_to)


def _text(value: Decimal) -> str:
    return str(value.quantize(_CENT, ROUND_HALF_UP))


@cache
def _all() -> tuple[Score, ...]:
    text = resources.files("repository.data").joinpath("scores.json").read_text("utf-8")
    return tuple(
        Score(
            one["figure"], one["metric"], one["most"], one["full_from"],
            date.fromisoformat(one["valid_from"]),
            date.fromisoformat(one["valid_to"]) if one["valid_to"] else None,
        )
        for one in json.loads(text)["scores"]
    )  # fmt: skip
