"""Days and moments as callers write them: ISO 8601, never a number of seconds."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BeforeValidator

_WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: Any) -> Any:
    """Refuses what the library would take for seconds since 1970: ``0`` is no day."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or _WRITTEN.match(value) is None:
        raise ValueError("write it like 2026-11-24")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
