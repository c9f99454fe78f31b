"""The empty place for a stamp, against looking at every place one by one."""

import math
import random

import pytest

from signing.empty_place import CLEAR, Ground
from vocabulary.papers import Box

PAGE = (200.0, 280.0)
EVERYWHERE = Box(0, 0, *PAGE)


def touches(place: Box, taken: list[Box]) -> bool:
    """With the clearance, and boxes grown to whole points, as the cells have them."""
    return any(
        place.x0 - CLEAR < math.ceil(one.x1) and math.floor(one.x0) < place.x1 + CLEAR
        and place.y0 - CLEAR < math.ceil(one.y1) and math.floor(one.y0) < place.y1 + CLEAR
        for one in taken
    )  # fmt: skip


def boxes(seed: int, count: int) -> list[Box]:
    chance = random.Random(seed)
    corners = [(chance.uniform(-9, 200), chance.uniform(-9, 280)) for _ in range(count)]
    return [Box(x, y, x + chance.uniform(1, 60), y + chance.uniform(1, 9)) for x, y in corners]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("count", [0, 5, 40, 400])
def test_it_is_empty_and_the_nearest(seed: int, count: int) -> None:
    taken = boxes(seed, count)
    size, corner = (50.0, 24.0), (10.0, 10.0)
    found = Ground.of(*PAGE, taken).nearest_empty(corner, size, EVERYWHERE)
    free = [
        Box(x, y, x + size[0], y + size[1])
        for x in range(0, 151, 2)
        for y in range(0, 257, 2)
        if not touches(Box(x, y, x + size[0], y + size[1]), taken)
    ]
    assert (found is None) == (not free)
    if found is not None:
        assert not touches(found, taken)
        nearest = min(math.hypot(one.x0 - 10, one.y0 - 10) for one in free)
        assert math.hypot(found.x0 - 10, found.y0 - 10) == pytest.approx(nearest)


def test_the_corner_itself_is_taken_where_it_is_free() -> None:
    found = Ground.of(*PAGE, [Box(100, 100, 120, 110)]).nearest_empty((33, 7), (40, 12), EVERYWHERE)
    assert found == Box(33, 7, 73, 19)


def test_what_is_larger_than_its_part_has_no_place() -> None:
    assert Ground.of(*PAGE, []).nearest_empty((0, 0), (201, 10), EVERYWHERE) is None
    assert Ground.of(*PAGE, []).nearest_empty((0, 0), (10, 41), Box(0, 0, 200, 40)) is None


def test_huge_pages_are_looked_at_more_coarsely() -> None:
    ground = Ground.of(14_400, 14_400, [Box(0, 0, 14_400, 7_200)])
    assert ground.sums.size < 5_000_000
    found = ground.nearest_empty((10, 10), (200, 40), Box(10, 10, 14_390, 14_390))
    assert found is not None
    assert found.y0 >= 7_200
