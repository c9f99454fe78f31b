"""Values as others write them: JSON and whole numbers, refused in one way where they are none."""

import json
from typing import Any


def read_json(text: str | bytes) -> Any:
    """What the text says.

    Raises:
        ValueError: it is no JSON, or so deeply nested that it can be none of ours (the library
            has another error for that, which nobody expects).
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def whole_number(text: str, digits: int = 9) -> int | None:
    """A number from 0, in ASCII digits, at most so many; None for anything else.

    Beyond 18 no database takes it, beyond 4,300 Python refuses to look at it.
    """
    fits = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if fits else None
