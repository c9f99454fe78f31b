"""The moment that these tests live in; ``database`` is a fresh catalogue on each database."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW
