"""Idempotency-Key: a creating POST that is sent again gives the first answer again.

A caller that lost the answer (a cut line, a time-out) repeats the call with
the same key and gets what the first one made, instead of a second thing. The
same key with another body is refused. Errors are not remembered: the repeat
may succeed.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.http.desk import caller_of, desk_of
from vocabulary.errors import InvalidRequest

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200


def once(
    request: Request, outline: Any, work: Callable[[], tuple[int, dict[str, Any]]]
) -> Response:
    """Do the work, or give the answer that the same call got before.

    Args:
        request: with or without the header.
        outline: what makes the call what it is, JSON-ready (names and sizes of
            files, not their bytes).
        work: gives status and body.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return _response(work(), replayed=False)
    if not 0 < len(key) <= _LONGEST:
        raise InvalidRequest(
            f"Idempotency-Key phải có từ 1 đến {_LONGEST} ký tự.",
            f"The Idempotency-Key must have 1 to {_LONGEST} characters.",
            field=HEADER,
        )
    desk, caller = desk_of(request), caller_of(request).name
    fingerprint = fingerprint_of([request.method, request.url.path, outline])
    first = desk.answers.begin(caller, key, fingerprint, desk.house.clock.now())
    if first is not None:
        return _response(first, replayed=True)
    try:
        answer = work()
    except BaseException:
        desk.answers.abandon(caller, key)
        raise
    desk.answers.finish(caller, key, answer)
    return _response(answer, replayed=False)


def key_of(request: Request, part: int = 0) -> str | None:
    """The key under which the ``part``-th thing of this call is made once, even across a kill.

    The memory of answers in this process is quick and knows calls that are still at
    work; what a call has made is remembered in the catalogue by its maker.
    """
    key = request.headers.get(HEADER)
    return None if key is None else f"{key}#{part}"


def fingerprint_of(outline: Any) -> str:
    """A hash of what makes a call what it is."""
    plain = json.dumps(outline, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def _response(answer: tuple[int, dict[str, Any]], *, replayed: bool) -> Response:
    status, body = answer
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    if status == 201 and isinstance(body.get("url"), str):
        headers["Location"] = body["url"]
    return JSONResponse(body, status, headers=headers)
