"""A way to a server that can be slow, broken off, busy or blocked: a small proxy on loopback."""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_BLOCK = 64 * 1024


@dataclass
class TroubledWay:
    """Forwards bytes to ``port`` of loopback; its troubles may be changed at any time.

    ``delay``: seconds before a connection is served. ``refusals``: so many of the next
    requests get ``refusal`` instead of the server's answer. ``cut_after``: the next
    answers break off after so many bytes. ``unknown``: requests with these words in their
    head are answered 501. ``silent``: nothing is let through, in neither direction, until
    it is False again. ``last_words``: it turns silent with the bytes that have these, and
    ``unsaid`` at their end is left out. ``told``: these words of the server are told as those.
    ``served``, ``passed``: connections, and bytes of the server's answers, so far.
    """

    port: int
    delay: float = 0
    refusals: int = 0
    refusal: bytes = b""
    cut_after: int | None = None
    cuts: int = 0
    tls: ssl.SSLContext | None = None
    unknown: bytes = b""
    silent: bool = False
    last_words: bytes = b""
    unsaid: bytes = b""
    told: tuple[bytes, bytes] = (b"", b"")
    served: int = 0
    passed: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)
    _open: set[socket.socket] = field(default_factory=set)

    @property
    def address(self) -> str:
        name, port = self._listener.getsockname()
        return f"{'https' if self.tls else 'http'}://{name}:{port}"

    def refuse(self, status: str, body: str = "", times: int = 1_000_000) -> None:
        """Answer in the server's place."""
        data = body.encode()
        kind = "application/xml" if body.startswith("<") else "text/html"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        self.refusal = f"{head}Connection: close\r\n\r\n".encode() + data
        self.refusals = times
        self.drop_connections()

    def drop_connections(self) -> None:
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def listen(self, host: str = "127.0.0.1") -> None:
        self._listener.bind((host, 0))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        self.served += 1
        try:
            if self.tls is not None:
                near = self.tls.wrap_socket(near, server_side=True)
            with near:
                self._open.add(near)
                if self.refusals > 0:
                    self.refusals -= 1
                    self._refuse(near)
                    return
                time.sleep(self.delay)
                with socket.create_connection(("127.0.0.1", self.port)) as far:
                    self._open.add(far)
                    thread = threading.Thread(target=self._ask, args=(near, far), daemon=True)
                    thread.start()
                    self._answer(far, near)
                    thread.join()
                    self._open.discard(far)
        except OSError:
            pass
        finally:
            self._open.discard(near)

    def _refuse(self, near: socket.socket) -> None:
        """Take the whole request first: an answer to half of one is a broken connection."""
        near.settimeout(5)
        data = b""
        while b"\r\n\r\n" not in data:
            data += near.recv(_BLOCK) or b"\r\n\r\n"
        head, _, rest = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n")
             if line.startswith(b"content-length:")), 0,
        )  # fmt: skip
        left = length - len(rest)
        while left > 0 and (more := near.recv(_BLOCK)):
            left -= len(more)
        near.sendall(self.refusal)

    def _ask(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(_BLOCK):
                if self.unknown and self.unknown in data.lower():
                    near.sendall(b"HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n")
                    near.shutdown(socket.SHUT_RDWR)
                    break
                self._hush()
                if self.last_words and self.last_words in data:
                    data = data.removesuffix(self.unsaid)
                    self.silent = True
                far.sendall(data)
            far.shutdown(socket.SHUT_WR)

    def _hush(self) -> None:
        while self.silent:
            time.sleep(0.05)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        passed = 0
        while data := far.recv(_BLOCK):
            self._hush()
            data = data.replace(*self.told) if self.told[0] else data
            passed += len(data)
            self.passed += len(data)
            if self.cut_after is not None and self.cuts > 0 and passed > self.cut_after:
                self.cuts -= 1
                near.sendall(data[: len(data) // 2])
                break
            near.sendall(data)
        for one in (near, far):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def troubled_way(
    port: int, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[TroubledWay]:
    """A proxy before that port on an address of this machine, closed at the end."""
    way = TroubledWay(port, tls=tls)
    way.listen(host)
    try:
        yield way
    finally:
        way.close()


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that vouches for itself; ``ca.pem`` in the folder is it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "ca.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context
