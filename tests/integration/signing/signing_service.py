"""A signing service on loopback that speaks the Cloud Signature Consortium's API 2 over HTTP.

Written from the specification, apart from the client: it checks what it is sent, binds
every authorisation to the digests named in it and uses it up.
"""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import SigningKey

PSS = "1.2.840.113549.1.1.10"
TOKEN, PIN = "ma-truy-cap", "864200"


@dataclass
class Service:
    """The service's keys, what it granted and what it counted."""

    keys: dict[str, SigningKey]
    address: str = ""
    most: int = 100
    status: dict[str, str] = field(default_factory=dict)
    granted: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    wrong_tries: int = 0
    clients: dict[str, str] = field(default_factory=dict)
    one_time_codes: set[str] | None = None
    algorithms: list[str] = field(default_factory=list)

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.calls.append(method)
        if method == "oauth2/token":
            known = self.clients.get(body["client_id"]) == body["client_secret"]
            if body["grant_type"] != "client_credentials" or not known:
                return 401, {"error": "invalid_client"}
            return 200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
        name = body.get("credentialID", "")
        if name not in self.keys:
            return 404, {"error": "invalid_request", "error_description": "no such credential"}
        if method == "credentials/info":
            return 200, self._info(name)
        if method == "credentials/authorize":
            return self._authorise(name, body)
        if method == "signatures/signHash":
            return self._sign(name, body)
        return 404, {"error": "not_found"}

    def _info(self, name: str) -> dict[str, Any]:
        key = self.keys[name]
        chain = [key.certificate, *key.chain]
        return {
            "key": {"status": self.status.get("key", "enabled"), "algo": self.algorithms},
            "cert": {
                "status": self.status.get("cert", "valid"),
                "certificates": [
                    base64.b64encode(item.public_bytes(Encoding.DER)).decode() for item in chain
                ],
            },
            "SCAL": "2",
            "multisign": self.most,
        }

    def _authorise(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        given = {item["id"]: item["value"] for item in body["authData"]}
        if self.wrong_tries >= 3:
            return 400, {"error": "pin_locked"}
        if given.get("PIN") != PIN:
            self.wrong_tries += 1
            return 400, {"error": "invalid_pin"}
        if self.one_time_codes is not None:
            if given.get("OTP") not in self.one_time_codes:
                return 400, {"error": "invalid_otp"}
            self.one_time_codes.discard(given["OTP"])
        if body["numSignatures"] != len(body["hashes"]):
            return 400, {"error": "invalid_request"}
        grant = secrets.token_urlsafe(16)
        self.granted[grant] = (name, list(body["hashes"]))
        return 200, {"SAD": grant, "expiresIn": 300}

    def _sign(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        if self.granted.pop(body["SAD"], None) != (name, body["hashes"]):
            return 400, {"error": "invalid_request", "error_description": "not authorised"}
        digests = [base64.b64decode(item) for item in body["hashes"]]
        made = [_signed(self.keys[name], digest, body) for digest in digests]
        return 200, {"signatures": [base64.b64encode(item).decode() for item in made]}


def _signed(key: SigningKey, digest: bytes, wanted: dict[str, Any]) -> bytes:
    hashed = Prehashed(hashes.SHA256())
    if isinstance(key.private_key, rsa.RSAPrivateKey):
        if wanted["signAlgo"] == PSS:
            given = algos.RSASSAPSSParams.load(base64.b64decode(wanted["signAlgoParams"]))
            assert given["hash_algorithm"]["algorithm"].native == "sha256"
            assert given["mask_gen_algorithm"]["parameters"]["algorithm"].native == "sha256"
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), given["salt_length"].native)
            return key.private_key.sign(digest, pss, hashed)
        assert wanted["signAlgo"] == "1.2.840.113549.1.1.11"
        return key.private_key.sign(digest, padding.PKCS1v15(), hashed)
    assert wanted["signAlgo"] == "1.2.840.10045.4.3.2"
    return key.private_key.sign(digest, ec.ECDSA(hashed))


@contextmanager
def service_at_work(**keys: SigningKey) -> Iterator[Service]:
    """The service on a free port of this machine."""
    service = Service(keys)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            if not known and not self.path.endswith("/oauth2/token"):
                status, answer = 401, {"error": "invalid_token"}
            else:
                status, answer = service.answer(self.path.removeprefix("/csc/v2/"), body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.address = f"http://127.0.0.1:{server.server_port}/csc/v2"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield service
        finally:  # else the thread would go on, without its socket, as fast as it can
            server.shutdown()
            thread.join()
