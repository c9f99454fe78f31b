"""A worker shows life often enough for the lease that it holds."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.worker import Worker
from vocabulary.clock import SystemClock


@pytest.mark.parametrize(("lease", "most"), [(10, 3.0), (60, 15.0), (600, 15.0)])
def test_beats_fit_into_the_lease_more_than_three_times(lease: int, most: float) -> None:
    queue = SimpleNamespace(lease=timedelta(seconds=lease))
    house: Any = SimpleNamespace(queue=queue, clock=SystemClock())
    assert Worker(house, 1)._beat <= most
