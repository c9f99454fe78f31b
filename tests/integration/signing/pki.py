"""A public key infrastructure with all its responders on this machine, run by certomancer.

Root, an intermediate that no file embeds, signers (one of them revoked), an authority for
time stamps; OCSP for the intermediate's certificates, a CRL of the root, certificates to
fetch: all over real HTTP.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.keys import SigningKey
from tests.unit.signing.office import NOW, rsa_key

KEYS = ("root", "interm", "signer", "officer", "revoked", "tsa", "ocsp")


def _at(days: int) -> str:
    return (NOW + timedelta(days=days)).strftime('"%Y-%m-%dT%H:%M:%S+0000"')


USABLE = f"validity: {{valid-from: {_at(-400)}, valid-to: {_at(4000)}}}"
CA = """
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [key_cert_sign, crl_sign]}}
"""  # noqa: E501
LEAF = """
          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [digital_signature, non_repudiation]}}
          - id: authority_information_access
            smart-value: {schema: aia-urls, params: {ocsp-responder-names: [interm], ca-issuer-links: [{repo: interm}]}}
          - id: crl_distribution_points
            smart-value: {schema: crl-dist-url, params: {crl-repo-names: [interm]}}
"""  # noqa: E501


def _config(address: str) -> str:
    keys = "\n".join(f"      {name}: {{path: {name}.pem}}" for name in KEYS)
    entities = "\n".join(f"      {name}: {{common-name: {name} cua bai kiem}}" for name in KEYS)
    signers = "\n".join(
        f"""
      {name}:
        subject: {name}
        issuer: interm
        {USABLE}
        extensions: {LEAF}
        {f"revocation: {{revoked-since: {_at(-100)}}}" if name == "revoked" else ""}
"""
        for name in ("signer", "officer", "revoked")
    )
    return f"""
external-url-prefix: "{address}"
keysets:
  bai-kiem:
    path-prefix: .
    keys:
{keys}
pki-architectures:
  bai-kiem:
    keyset: bai-kiem
    entities:
{entities}
    certs:
      root:
        subject: root
        issuer: root
        {USABLE}
        extensions: {CA}
      interm:
        subject: interm
        issuer: root
        {USABLE}
        extensions: {CA}
          - id: crl_distribution_points
            smart-value: {{schema: crl-dist-url, params: {{crl-repo-names: [root]}}}}
{signers}
      ocsp:
        subject: ocsp
        issuer: interm
        {USABLE}
        extensions:
          - {{id: extended_key_usage, value: [ocsp_signing]}}
          - {{id: ocsp_no_check, value: null}}
      tsa:
        subject: tsa
        issuer: root
        {USABLE}
        extensions:
          - {{id: extended_key_usage, critical: true, value: [time_stamping]}}
          - id: crl_distribution_points
            smart-value: {{schema: crl-dist-url, params: {{crl-repo-names: [root]}}}}
    services:
      ocsp:
        interm: {{for-issuer: interm, responder-cert: ocsp}}
      crl-repo:
        root: {{for-issuer: root, signing-key: root, simulated-update-schedule: P30D}}
        interm: {{for-issuer: interm, signing-key: interm, simulated-update-schedule: P30D}}
      cert-repo:
        interm: {{for-issuer: interm}}
      time-stamping:
        tsa: {{signing-cert: tsa}}
"""


@dataclass
class Pki:
    """Where it answers, what it was asked, and the keys of its signers."""

    address: str
    folder: Path
    app: Animator
    asked: list[str] = field(default_factory=list)

    @property
    def tsa(self) -> str:
        return f"{self.address}/bai-kiem/tsa/tsa"

    @property
    def root(self) -> Path:
        """The root's certificate, as a file of trusted roots."""
        path = self.folder / "root-certificate.pem"
        path.write_bytes(self.certificate("root").public_bytes(Encoding.PEM))
        return path

    def certificate(self, name: str) -> x509.Certificate:
        arch = self.app.architectures[ArchLabel("bai-kiem")]
        return x509.load_der_x509_certificate(arch.get_cert(CertLabel(name)).dump())

    def key(self, name: str) -> SigningKey:
        """A signer's key that brings no chain: the intermediate has to be found."""
        return SigningKey(self.certificate(name), (), rsa_key(200 + KEYS.index(name)))

    def ask(self, path: str) -> bytes:
        """What an administrator fetches elsewhere and carries into the closed network."""
        import httpx

        return httpx.get(f"{self.address}/bai-kiem/{path}").raise_for_status().content


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def pki_at_work(folder: Path) -> Iterator[Pki]:
    """Runs while the block runs."""
    for number, name in enumerate(KEYS):
        (folder / f"{name}.pem").write_bytes(
            rsa_key(200 + number).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    apps: list[Any] = []
    server = make_server("127.0.0.1", 0, lambda *call: apps[0](*call), handler_class=_Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig.from_yaml(
        _config(address), key_search_dir=str(folder), config_search_dir=str(folder)
    )
    animator = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
    pki = Pki(address, folder, animator)

    def answered(environ: Any, start: Any) -> Any:
        pki.asked.append(environ["PATH_INFO"])
        return animator(environ, start)

    apps.append(answered)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield pki
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
