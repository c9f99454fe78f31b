"""The logbook: each call gets its correlation id, is counted, timed and written down in one line.

Outermost of all, so that it sees what the caller got. A line names the route's template,
never the address that was asked, its query, a body or a person: who did what stands in the
audit log.
"""

import logging
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Identity
from api.meters import UNMATCHED, Meters
from vocabulary import correlation, tracing

LOG: Final = logging.getLogger("sohoa.http")
HEADER: Final = "X-Request-Id"
TEMPLATE: Final = "sohoa_route"
"""Where the guard notes in the scope which route answers."""

_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics", "/static/{name}"})
"""Asked every few seconds: told at level debug."""


class Logbook:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, *, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = correlation.accepted(Headers(scope=scope).get(HEADER)) or correlation.new()
        began = time.perf_counter()
        status = 500  # what the server answers where the app has said nothing

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        method = scope["method"][:16]
        with correlation.bound(name), tracing.span(method, "server") as span:
            try:
                await self._app(scope, receive, send_named)
            finally:
                self._note(scope, status, time.perf_counter() - began)
                route = scope.get(TEMPLATE, UNMATCHED)
                span.rename(f"{method} {route}")
                span.note({
                    "http.request.method": method, "http.route": route,
                    "http.response.status_code": status,
                })  # fmt: skip
                if status >= 500:
                    span.fail(str(status))

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get(TEMPLATE, UNMATCHED)
        self._meters.request(scope["method"], route, status, seconds)
        quiet = route in _QUIET and status < 400
        LOG.log(
            logging.DEBUG if quiet else logging.INFO,
            "answered",
            extra={
                "method": scope["method"][:16],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "role": _role(scope),
            },
        )


def _role(scope: Scope) -> str:
    """The caller's role; who it was stands in the audit log."""
    identity = scope.get("state", {}).get("identity")
    if not isinstance(identity, Identity):
        return "nobody"
    return ",".join(sorted(str(role) for role in identity.roles))
