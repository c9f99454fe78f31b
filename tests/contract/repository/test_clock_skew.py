"""A clock that is wrong is found: by what was written down, and by the server's own clock."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.readiness import _clock, _database, _workers
from repository import audit, workers
from repository.audit import AuditEntry
from repository.database import Database
from repository.jobs import LeaseQueue
from vocabulary.clock import FixedClock
from vocabulary.errors import MissingPart


def house(database: Database, at: datetime) -> Any:
    """As much of a house as these checks look at."""
    clock = FixedClock(at)
    return SimpleNamespace(database=database, clock=clock, queue=LeaseQueue(database, clock))


def test_a_right_clock_is_no_matter(database: Database) -> None:
    now = datetime.now(UTC)
    assert _database(house(database, now)) is None
    assert _clock(house(database, now)) is None


@pytest.mark.parametrize(("ahead", "state"), [(5, "degraded"), (60, "down")])
def test_what_was_written_lies_in_the_future(database: Database, ahead: int, state: str) -> None:
    now = datetime.now(UTC)
    with database.write() as tx:
        audit.append(tx, AuditEntry("login", "clerk", now + timedelta(seconds=ahead)))
    if state == "down":
        with pytest.raises(MissingPart, match="clock differs"):
            _clock(house(database, now))
        return
    found = _clock(house(database, now))
    assert found is not None
    assert (found.state, found.needed) == ("degraded", False)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.servers
@pytest.mark.parametrize("off", [-60, 60])
def test_the_servers_clock_is_another(database: Database, off: int) -> None:
    with pytest.raises(MissingPart, match="NTP"):
        _clock(house(database, datetime.now(UTC) + timedelta(seconds=off)))


def test_workers_seen_lately(database: Database) -> None:
    now = datetime.now(UTC)
    found = _workers(house(database, now))
    assert found is not None
    assert found.state == "degraded"
    with database.write() as tx:
        workers.beat(tx, "a:1:1", now, now, 2, 0, {})
    assert _workers(house(database, now)) is None
