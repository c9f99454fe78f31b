"""A time stamping authority and the revocation list of its root, on this machine over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.unit.signing.office import NOW, Root, make_key


@dataclass
class Authority:
    """Where it listens; ``revoked`` are serial numbers on its list."""

    root: Root
    url: str
    crl_url: str
    revoked: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def crl(self, at: datetime = NOW) -> bytes:
        """The list of a day; today's starts before every signature of the tests."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(at - timedelta(minutes=1))
            .next_update(at + timedelta(days=30))
        )
        for serial in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            builder = builder.add_revoked_certificate(
                entry.revocation_date(NOW - timedelta(days=1)).build()
            )
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.DER)


@contextmanager
def authority_at_work(
    root: Root, at: datetime | None = None, end: datetime | None = None
) -> Iterator[Authority]:
    """Runs while the block runs; ``at``: its clock stands there, ``end``: of its certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    base = f"http://127.0.0.1:{server.server_port}"
    authority = Authority(root, f"{base}/tsa", f"{base}/root.crl")
    key = make_key(root, "Dấu thời gian thử", number=3, timestamping=True, crl=authority.crl_url,
                   start=at and at - timedelta(days=400), end=end)  # fmt: skip
    server.authority = authority  # type: ignore[attr-defined]
    server.stamper = DummyTimeStamper(  # type: ignore[attr-defined]
        asn1_x509.Certificate.load(key.certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(
            key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        fixed_dt=at,
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = tsp.TimeStampReq.load(body)
        answer = self.server.stamper.request_tsa_response(request)  # type: ignore[attr-defined]
        self._send("application/timestamp-reply", answer.dump())

    def do_GET(self) -> None:
        self.server.authority.asked.append(self.path)  # type: ignore[attr-defined]
        self._send("application/pkix-crl", self.server.authority.crl())  # type: ignore[attr-defined]

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
