"""How long, how fast, in what batches."""

from collections.abc import Iterator
from itertools import islice

import pytest

from ocr.engines.own.training.crops import Crop, CropSource
from ocr.engines.own.training.schedule import Plan, batches, steps_within

PLAN = Plan(seed=5, steps=400)


def test_the_rate_rises_stays_and_falls_to_almost_nothing() -> None:
    rates = [PLAN.rate(step) for step in range(PLAN.steps)]
    top = max(rates)
    assert top == pytest.approx(PLAN.top_rate)
    assert rates[0] < top / 4
    assert rates[PLAN.steps // 2] < top
    fall = rates[rates.index(top) + 10 :]
    assert fall == sorted(fall, reverse=True)
    assert rates[-1] < top / 100


@pytest.fixture(scope="module")
def some() -> list[list[Crop]]:
    made: Iterator[list[Crop]] = batches(CropSource(5), PLAN)
    return list(islice(made, 30))


def test_a_batch_holds_lines_of_like_width_and_fits_in_memory(some: list[list[Crop]]) -> None:
    for batch in some:
        widths = [crop.pixels.shape[1] for crop in batch]
        assert len(batch) == 1 or len(batch) * max(widths) <= 12_000


def test_the_first_steps_see_short_lines_only(some: list[list[Crop]]) -> None:
    short = [step for step in range(30) if PLAN.short_lines_only(step)]
    assert short == list(range(10))
    assert all(len(crop.text) <= 25 for step in short for crop in some[step])
    assert any(len(crop.text) > 25 for batch in some[10:] for crop in batch)


def test_a_machine_that_is_fast_enough_takes_every_step() -> None:
    assert steps_within(10_000, seconds=3600, a_step=0.26) == 10_000


def test_a_slower_machine_takes_the_steps_that_the_time_holds() -> None:
    assert steps_within(10_000, seconds=3600, a_step=1.2) == 3000


def test_where_no_time_is_left_a_step_is_taken_so_that_there_are_weights() -> None:
    assert steps_within(10_000, seconds=-5, a_step=1.2) == 1
