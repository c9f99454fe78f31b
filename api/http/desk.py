"""What every address needs: the house, the settings of this face, who is calling.

One :class:`Desk` stands in ``app.state``; :func:`desk_of` and
:func:`caller_of` fetch it and the caller of a request.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from fastapi import Request

from api.access import Identity
from api.http.answered import Answers
from api.meters import Meters
from ingest.house import House
from ingest.readiness import Readiness
from repository.scribe import Scribe
from vocabulary.errors import NotAuthenticated

UPLOAD_LIMIT: Final = 2 * 1024**3
"""Bytes of one request at least allowed: a batch of a few hundred 300-dpi scans."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The house and the ways of this face. ``https``: people reach it encrypted.

    ``public_url``: the address that people and QR codes use. ``metrics_token``: what
    Prometheus shows, None where it has to be a client or an administrator. ``scribe`` notes
    what changes nothing but the log.
    """

    house: House
    https: bool
    session_length: timedelta
    answers: Answers
    public_url: str
    meters: Meters
    readiness: Readiness
    scribe: Scribe
    metrics_token: bytes | None = None


def desk_of(request: Request) -> Desk:
    """The desk of the app that this request came to."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def house_of(request: Request) -> House:
    """The house of the app that this request came to."""
    return desk_of(request).house


def caller_of(request: Request) -> Identity:
    """Who is calling; the guard has put it there.

    Raises:
        NotAuthenticated: nobody (only an address that is PUBLIC can see this).
    """
    identity = known_caller(request)
    if identity is None:
        raise not_logged_in()
    return identity


def known_caller(request: Request) -> Identity | None:
    """Who is calling, or None for nobody."""
    identity: Any = request.scope.get("state", {}).get("identity")
    return identity if isinstance(identity, Identity) else None


def not_logged_in() -> NotAuthenticated:
    """The answer to nobody."""
    return NotAuthenticated(
        "Bạn cần đăng nhập để dùng địa chỉ này.",
        "This address needs a login (session or bearer token).",
    )


def address_of(request: Request) -> str:
    """The caller's network address as the server sees it."""
    return request.client.host if request.client else "unknown"
