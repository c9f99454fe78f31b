"""The fixity sweep (kiểm tra toàn vẹn định kỳ): every object is read and compared in its turn.

Slow on purpose: in an hour as many objects as it takes to come round in the time set, with
pauses between them. A damaged object is named, never deleted nor replaced: what it was
stands in the backup.
"""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ingest.house import House
from repository.keeping import fixity
from repository.keeping.fixity import Found
from repository.named_objects import is_named
from vocabulary.errors import IntegrityFailure, NotFound, SohoaError

LOG: Final = logging.getLogger("sohoa.keeping")
TURN: Final = timedelta(hours=1)
_AHEAD: Final = 1.25
"""A quarter faster than needed, so that days without a worker are made up for."""

_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What one turn has read, by what was found."""

    checked: int
    damaged: tuple[str, ...]
    missing: tuple[str, ...]


def sweep(
    house: House,
    every: timedelta,
    most: int | None = None,
    pause: Callable[[], bool] = bool,
) -> Swept:
    """One turn: check those never or least recently checked; each result is kept at once.

    Args:
        house: with the store.
        every: in what time each object is to be read once.
        most: objects in this turn; by default its share of an hour.
        pause: called after each object; True ends the turn.

    Raises:
        MissingPart: the store does not answer; that says nothing of its objects.
    """
    with house.database.read() as tx:
        share = most or lot(fixity.named_now(tx), every)
        wanted = fixity.candidates(tx, house.clock.now(), every, share)
    with house.database.write() as tx:
        names = fixity.claim(tx, wanted, house.clock.now())
    found: list[tuple[str, Found]] = []
    for name in names:
        state = _look(house, name)
        with house.database.write() as tx:
            if state == "missing" and not is_named(tx, name):  # disposed of meanwhile
                fixity.forget(tx, name)
                continue
            fixity.record(tx, name, state, house.clock.now())
        found.append((name, state))
        if state != "ok":
            LOG.error("stored object not intact", extra={"object": name, "state": state})
        if pause():
            break
    return Swept(
        len(found),
        tuple(name for name, state in found if state == "damaged"),
        tuple(name for name, state in found if state == "missing"),
    )


def lot(named: int, every: timedelta) -> int:
    """Objects in one turn of an hour, so that all have had theirs in time."""
    return min(_MOST, max(1, math.ceil(_AHEAD * named * (TURN / every))))


def care(house: House, stop: threading.Event) -> None:
    """The worker's duty: a turn an hour, spread over it, until the worker stops."""
    while not stop.is_set():
        try:
            rest = _turn(house, stop)
        except (SohoaError, OSError) as error:
            code = error.error_code if isinstance(error, SohoaError) else type(error).__name__
            LOG.warning("fixity sweep not done, tried again", extra={"code": code})
            rest = TURN.total_seconds()
        if stop.wait(rest):
            return


def _turn(house: House, stop: threading.Event) -> float:
    """One turn; returns the seconds until the next."""
    with house.database.read() as tx:
        seconds = TURN.total_seconds() / (lot(fixity.named_now(tx), house.fixity_every) + 1)
    done = sweep(house, house.fixity_every, pause=lambda: stop.wait(seconds))
    return max(seconds, TURN.total_seconds() - done.checked * seconds)


def _look(house: House, name: str) -> Found:
    try:
        house.objects.check(name)
    except NotFound:
        return "missing"
    except IntegrityFailure:
        return "damaged"
    return "ok"
