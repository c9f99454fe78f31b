"""Prometheus shows a token of its own: it may read the figures of /metrics and nothing else."""

import hmac
from pathlib import Path
from typing import Final

from vocabulary.errors import MissingPart

_SHORTEST: Final = 16


def load_token(path: Path | None) -> bytes | None:
    """The token that Prometheus shows (``SOHOA_METRICS_TOKEN_FILE``); None where none is set.

    Raises:
        MissingPart: the file cannot be read, or holds fewer than 16 characters.
    """
    if path is None:
        return None
    try:
        token = path.read_bytes().strip()
    except OSError:
        token = b""
    if len(token) < _SHORTEST:
        raise MissingPart(
            f"SOHOA_METRICS_TOKEN_FILE: {path} không đọc được hoặc ngắn hơn 16 ký tự.",
            f"SOHOA_METRICS_TOKEN_FILE: {path} cannot be read or has fewer than 16 characters.",
        )
    return token


def shows(token: bytes | None, authorization: str) -> bool:
    """Whether an ``Authorization`` header carries the token; never where none is set."""
    scheme, _, given = authorization.partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), token)
