"""Curves and thresholds fitted to readings whose truth is known."""

from hypothesis import given
from hypothesis import strategies as st

from bench.calibrating import rising, threshold

points = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200)


@given(points)
def test_a_fitted_curve_never_falls_and_never_says_certain(
    points: list[tuple[float, bool]],
) -> None:
    curve = rising(points, ())
    assert [x for x, _ in curve] == sorted(x for x, _ in curve)
    shares = [share for _, share in curve]
    assert shares == sorted(shares)
    assert all(0 <= share <= 0.99 for share in shares)


def test_the_share_that_was_right_is_what_is_shown() -> None:
    poor = [(0.6, place % 2 == 0) for place in range(600)]
    good = [(0.95, True)] * 600
    (low, half), (high, sure) = rising(poor + good, ())
    assert (low, high) == (0.6, 0.95)
    assert abs(half - 0.5) < 0.01
    assert sure == 0.99


def test_few_readings_lean_to_what_all_fields_show() -> None:
    always_right = [(0.7, True)] * 12
    ((_, few),) = rising(always_right, ((0.5, 0.5), (0.9, 0.5)))
    ((_, many),) = rising(always_right * 50, ((0.5, 0.5), (0.9, 0.5)))
    assert 0.5 < few < 0.9 < many


def test_a_threshold_leaves_one_wrong_in_a_hundred_of_exact_fields() -> None:
    curve = ((0.0, 0.0), (1.0, 1.0))
    readings = [(0.97, True)] * 200 + [(0.93, False)] * 3 + [(0.91, True)] * 20
    assert threshold("number_symbol", readings, curve) == 0.95
    assert threshold("subject", readings, curve) == 0.8  # nothing speaks against less
    assert threshold("subject", [*readings, (0.85, False)], curve) == 0.8
    assert threshold("subject", [*readings, *[(0.85, False)] * 9], curve) == 0.91
