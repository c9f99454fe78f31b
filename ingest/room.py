"""A full disk is no fault of the file that was being worked on when it filled up."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vocabulary.errors import MissingPart, Stopped

_LEAST: Final = 1 << 20
"""Less free space than this on the scratch disk is a full disk."""


def full_disk(place: Path | str) -> MissingPart:
    """What to say of a disk without room."""
    return MissingPart(
        f"Ổ đĩa của «{place}» đã đầy. Hãy dọn chỗ trống rồi chạy lại: việc đã xong không mất.",
        f"The disk of {str(place)!r} is full. Free some space and run again: "
        "finished work is kept.",
        code="disk_full",
    )


def is_full_disk(error: BaseException) -> bool:
    """Whether the system has said that there is no room."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def room_in(scratch: Path) -> Iterator[None]:
    """Writers that die of a full disk (qpdf aborts) must not make the file look damaged.

    Raises:
        MissingPart: ``disk_full`` instead of the stop, where ``scratch`` has no room.
    """
    try:
        yield
    except Stopped as stop:
        blamed = stop.reason in ("damaged", "engine_failed")
        if blamed and shutil.disk_usage(scratch).free < _LEAST:
            raise full_disk(scratch) from stop
        raise
