"""Settings of an office on the embedded parts, and of one on the servers; tests run on both."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.postgresql import PostgreSql

ON_BOTH = ["embedded", pytest.param("servers", marks=pytest.mark.servers)]
"""Parameters of a fixture that runs a test on either."""

Engines = dict[str, Any]
"""Names and values of ``api.settings.Settings``."""


class Servers:
    """Hands out engines that nobody has used yet."""

    def __init__(self, postgresql: PostgreSql) -> None:
        self._postgresql = postgresql

    def fresh(self) -> Engines:
        """Settings of a new, empty office on the servers."""
        return {"database_url": self._postgresql.database(), "jobs": "procrastinate"}


@pytest.fixture(scope="session")
def servers(postgresql: PostgreSql) -> Servers:
    """PostgreSQL with procrastinate."""
    return Servers(postgresql)


@pytest.fixture(scope="module", params=ON_BOTH)
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    """Settings of a new office: once embedded, once on the servers."""
    if request.param == "embedded":
        yield {}
        return
    made: Servers = request.getfixturevalue("servers")
    yield made.fresh()
