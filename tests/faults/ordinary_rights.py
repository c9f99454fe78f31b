"""Root may write everywhere; without two capabilities it is bound by the modes as others are."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION_3 = 0x20080522
_PASSES_OVER_MODES = (1 << 1) | (1 << 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""

_Header = ctypes.c_uint32 * 2
_Sets = ctypes.c_uint32 * 6
"""Effective, permitted and inheritable capabilities: those of low number, then the others."""


@contextmanager
def ordinary_rights() -> Iterator[None]:
    """This thread and what it forks obey the modes of files until the block ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, before = _Header(_VERSION_3, 0), _Sets()
    _must(libc.capget(header, before))
    without = _Sets(*before)
    without[0] &= ~_PASSES_OVER_MODES
    _must(libc.capset(header, without))
    try:
        yield
    finally:
        _must(libc.capset(header, before))


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
