"""Points of the national portal: with the threshold and plainly, from the day they hold."""

from datetime import date

import pytest

from repository.scores import points_of

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("figure", "good", "all_of_them", "points", "plain"),
    [
        ("digitised", 18139, 130254, "0.70", "0.56"),  # the two sources' own example
        ("digitised", 80, 100, "4.00", "3.20"),
        ("digitised", 79, 100, "3.95", "3.16"),
        ("digitised", 100, 100, "4.00", "4.00"),
        ("reused-as-the-portal-counts", 1, 4, "0.63", "0.50"),
        ("electronic-results", 1, 2, "3.00", "3.00"),
        ("on-time", 9, 10, "18.00", "18.00"),
        ("on-time", 0, 10, "0.00", "0.00"),
    ],
)
def test_points(figure: str, good: int, all_of_them: int, points: str, plain: str) -> None:
    found = points_of(figure, good, all_of_them, ON)
    assert found is not None
    assert (found.points, found.plain) == (points, plain)


def test_no_points_without_a_score_a_divisor_or_a_decision() -> None:
    assert points_of("asked-again", 1, 2, ON) is None
    assert points_of("digitised", 0, 0, ON) is None
    assert points_of("digitised", 1, 2, date(2022, 6, 22)) is None
    assert points_of("digitised", 1, 2, date(2022, 6, 23)) is not None
