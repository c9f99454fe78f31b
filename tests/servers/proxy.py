"""A small proxy on loopback before a real server: for what the server itself cannot do.

It demands a password, speaks TLS, says another version, or goes away: one thing at a
time, chosen by its attributes while it runs.
"""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx


class Proxy:
    """Forwards to ``target``. ``calls``: how many came in."""

    def __init__(self, target: str) -> None:
        self.demanded: str | None = None
        self.down = False
        self.replaced: dict[str, str] = {}
        self.dropped_header: str | None = None
        self.calls = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Quiet."""

            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                proxy.calls += 1
                if proxy.down:
                    self._send(503, b"away", {})
                elif proxy.demanded and self.headers.get("Authorization") != proxy.demanded:
                    self._send(401, b'{"error":{"type":"security_exception"},"status":401}', {
                        "Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch",
                    })  # fmt: skip
                else:
                    self._forward(body)

            def _forward(self, body: bytes) -> None:
                kept = ("content-type", "accept")
                headers = {k: v for k, v in self.headers.items() if k.lower() in kept}
                answer = httpx.request(
                    self.command, f"{target}{self.path}", content=body, headers=headers, timeout=30
                )
                content = answer.content
                for old, new in proxy.replaced.items():
                    content = content.replace(old.encode(), new.encode())
                passed = ("content-type", "x-elastic-product")
                told = {k: v for k, v in answer.headers.items() if k.lower() in passed}
                told.pop(proxy.dropped_header or "", None)
                self._send(answer.status_code, content, told)

            def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

        for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{method}", Handler._answer)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def speak_tls(self, certificate: Path, key: Path) -> None:
        """From here on https, with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = self.url.replace("http://", "https://")

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Answers until the context ends."""
        self._server.daemon_threads = True
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()
