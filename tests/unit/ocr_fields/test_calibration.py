"""The confidence that is shown: a rising curve of the raw score, which raises no doubted value."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.fields.calibration import at, calibrated, calibration
from ocr.fields.evidence import Evidence
from ocr.fields.extraction import DEFAULT_THRESHOLDS
from vocabulary.papers import FIELD_NAMES

SOUND = Evidence()
scores = st.floats(0, 1)


def test_every_curve_belongs_to_a_field_and_rises() -> None:
    assert calibration().curves
    for name, curve in calibration().curves.items():
        assert name in FIELD_NAMES
        assert list(curve) == sorted(curve)
        assert [share for _, share in curve] == sorted(share for _, share in curve)
        assert all(0 < share < 1 for _, share in curve)


@given(st.sampled_from(FIELD_NAMES), scores, scores)
def test_a_better_score_is_never_shown_as_less(name: str, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert 0 <= calibrated(name, SOUND, worse) <= calibrated(name, SOUND, better) <= 1


@pytest.mark.parametrize(
    "doubt",
    [{"hand": 0.5}, {"check": -1.0}, {"agreement": -1.0}],
    ids=lambda doubt: next(iter(doubt)),
)
@given(name=st.sampled_from(FIELD_NAMES), raw=scores)
def test_what_is_doubted_is_never_raised(doubt: dict[str, float], name: str, raw: float) -> None:
    assert calibrated(name, replace(SOUND, **doubt), raw) <= raw


@given(st.sampled_from(FIELD_NAMES), st.floats(0, 0.49))
def test_what_the_rules_hold_unlikely_is_never_raised(name: str, raw: float) -> None:
    assert calibrated(name, SOUND, raw) <= raw


def test_a_field_without_a_curve_keeps_its_score() -> None:
    assert calibrated("urgency", SOUND, 0.83) == 0.83


def test_between_knots_the_curve_is_straight_and_outside_it_stays() -> None:
    curve = ((0.5, 0.4), (0.9, 0.8))
    assert at(curve, 0.25) == pytest.approx(0.2)
    assert at(curve, 0.7) == pytest.approx(0.6)
    assert at(curve, 1.0) == pytest.approx(0.8)


def test_what_reuse_rests_on_is_looked_at_sooner_than_what_is_only_shown() -> None:
    for name in ("number_symbol", "issue_date", "holder_id", "expiry_date"):
        assert DEFAULT_THRESHOLDS[name] >= 0.9
    assert all(0.75 <= threshold <= 0.96 for threshold in DEFAULT_THRESHOLDS.values())
