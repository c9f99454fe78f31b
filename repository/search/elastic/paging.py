"""The opaque cursor: where the page before ended, and the view in which it was searched.

The second page opens a view of the index (point in time) that the following ones
share. A view that is gone (it was idle too long, the server was restarted) is no
error: hits are ordered by score and id, so the next page goes on from there.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

from repository.search.ranking import LEVELS
from vocabulary.errors import InvalidRequest
from vocabulary.given import read_json

KEEP: Final = "5m"
"""How long a view waits for the next page."""


@dataclass(frozen=True, slots=True)
class Place:
    """``seen``: hits so far; ``after``: sort values of the last; ``view``: of the pages, if any."""

    level: int = 0
    seen: int = 0
    after: tuple[Any, ...] = ()
    view: str | None = None


def place_of(cursor: str | None) -> Place:
    """Reads a cursor; None is the first page.

    Raises:
        InvalidRequest: it is not one that was given.
    """
    if cursor is None:
        return Place()
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        level, seen, after, view = read_json(packed)
    except (ValueError, TypeError):
        raise _unknown() from None
    fits = (
        isinstance(level, int)
        and 0 <= level < len(LEVELS)
        and isinstance(seen, int)
        and isinstance(after, list)
        and len(after) == 2
        and isinstance(after[0], int | float)
        and isinstance(after[1], str)
        and (view is None or isinstance(view, str))
    )
    if not fits:
        raise _unknown()
    return Place(level, seen, tuple(after), view)


def cursor_of(place: Place) -> str:
    """The text that callers send back."""
    packed = json.dumps([place.level, place.seen, list(place.after), place.view]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unknown() -> InvalidRequest:
    return InvalidRequest(
        "Vị trí trang không hợp lệ. Hãy tìm lại từ đầu.",
        "The cursor is not valid. Search anew.",
        field="cursor",
    )
