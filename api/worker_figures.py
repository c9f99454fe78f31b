"""A worker's own small HTTP face: /metrics for Prometheus, /healthz for whoever restarts it.

By the standard library alone. On loopback it asks nobody who they are; elsewhere only with
the token of ``SOHOA_METRICS_TOKEN_FILE``.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from prometheus_client.exposition import generate_latest

from api.auth import scraping
from api.meters import MEDIA_TYPE, worker_registry
from ingest.worker import Worker
from vocabulary.errors import UsageError

ALIVE_S: Final = 90.0
"""A worker whose lease thread has not come round for so long is stuck: restart it."""


@contextmanager
def serve_figures(
    crew: Worker, listener: socket.socket, host: str, token_file: Path | None
) -> Iterator[str]:
    """Serve until the block ends; yields the address.

    Raises:
        UsageError: the address is not loopback and no token is set.
    """
    token = scraping.load_token(token_file)
    if token is None and not _is_loopback(host):
        listener.close()
        raise UsageError(
            f"--metrics-host {host} mở ra ngoài máy này: cần SOHOA_METRICS_TOKEN_FILE.",
            f"--metrics-host {host} is seen from outside: it needs SOHOA_METRICS_TOKEN_FILE.",
        )
    registry = worker_registry(crew.tally, crew.concurrency)

    class Face(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "sohoa"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/healthz":
                alive = time.monotonic() - crew.last_beat < ALIVE_S
                self._answer(200 if alive else 503, "text/plain", b"ok" if alive else b"stuck")
            elif self.path != "/metrics":
                self._answer(404, "text/plain", b"")
            elif token and not scraping.shows(token, self.headers.get("Authorization", "")):
                self._answer(401, "text/plain", b"")
            else:
                self._answer(200, MEDIA_TYPE, generate_latest(registry))

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Asked every few seconds: not told."""

    server = ThreadingHTTPServer(listener.getsockname()[:2], Face, bind_and_activate=False)
    server.daemon_threads = True
    server.socket.close()
    server.socket = listener
    server.server_activate()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
