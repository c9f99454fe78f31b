"""The tasks of :mod:`ingest.file_signing`: what is done in the child that reads the file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from ingest.fetching import fetch_through
from ingest.tasks import occupied_places
from ocr.opening import OpenLimits
from signing.batch import Job, Order, Outcome, sign_once, sign_one
from signing.key_outside import KeyOutside
from signing.renewal import Lasting, lasting
from vocabulary.papers import Box

SIGN: Final = "sign"

_Ask = Callable[[Any], Any]


def sign_file(ask: _Ask, job: Job, order: Order, limits: OpenLimits) -> Iterator[None]:
    """Sign one file with a key that is reached by ``ask``."""
    sign_one(job, _here(ask, order, limits))
    yield None


def sign_for_batch(ask: _Ask, job: Job, order: Order, limits: OpenLimits) -> Iterator[Outcome]:
    """The same in a batch, where the result may be there already."""
    yield sign_once(job, _here(ask, order, limits))


def lasts(path: Path) -> Iterator[Lasting | None]:
    """Until when a file's signatures prove themselves, and why not longer."""
    yield lasting(path)


def _here(ask: _Ask, order: Order, limits: OpenLimits) -> Order:
    """The order with the ways of this child: to the key, to authorities, to the page."""
    fetch_through(ask)
    assert isinstance(order.key, KeyOutside)
    key = order.key.asking(lambda data, digest: bytes(ask((SIGN, data, digest))))
    return replace(order, key=key, occupied=partial(_occupied, limits))


def _occupied(limits: OpenLimits, path: Path) -> tuple[Box, ...]:
    (found,) = occupied_places(path, limits)
    return found
