"""A key that stays in another process than the file it signs.

Files that are signed may be hostile; the process that reads them has only the certificate
and asks for each signature. What it asks for is looked at: nothing but the signed
attributes of a CMS of that certificate is ever signed for it (RFC 5652, section 5.4).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import Signer
from vocabulary.errors import IntegrityFailure

SignRemotely = Callable[[bytes, str], bytes]
"""Bytes to sign and the digest's name ("sha256") to the raw signature."""


@dataclass(frozen=True)
class KeyOutside:
    """The public side of a :class:`signing.keys.Signer`; can be handed to another process.

    ``issued`` and ``issuers`` are certificates, DER. ``ask``: how the key is reached; None
    until the process is there that has no key of its own (:meth:`asking`).
    """

    issued: bytes
    issuers: tuple[bytes, ...]
    ask: SignRemotely | None = None

    @classmethod
    def of(cls, key: Signer) -> "KeyOutside":
        """What may be known of ``key`` elsewhere."""
        der = Encoding.DER
        return cls(
            key.certificate.public_bytes(der), tuple(one.public_bytes(der) for one in key.chain)
        )

    def asking(self, ask: SignRemotely) -> "KeyOutside":
        """The same with a way to the key."""
        return replace(self, ask=ask)

    @cached_property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.issued)

    @cached_property
    def chain(self) -> Sequence[x509.Certificate]:
        return tuple(x509.load_der_x509_certificate(one) for one in self.issuers)

    def sign(self, data: bytes, digest: str) -> bytes:
        """As :meth:`signing.keys.Signer.sign`, by whoever has the key."""
        assert self.ask is not None, "no way to the key"
        return self.ask(data, digest)


def sign_for(key: Signer, data: bytes, digest: str) -> bytes:
    """Sign what a process asks for that has read a stranger's file.

    Raises:
        IntegrityFailure: ``not_a_signature_of_a_file``: these are not the signed attributes
            of a CMS of this key's certificate; nothing is signed.
    """
    if not _are_signed_attributes(data, key.certificate.public_bytes(Encoding.DER)):
        raise IntegrityFailure(
            "Tệp đã làm chương trình đọc đòi ký một nội dung không phải chữ ký của tệp. "
            "Không ký gì cả; hãy báo cho người quản trị.",
            "The file made its reader ask for a signature over something else than a file. "
            "Nothing was signed; tell the administrator.",
            code="not_a_signature_of_a_file",
        )
    return key.sign(data, digest)


def _are_signed_attributes(data: bytes, certificate: bytes) -> bool:
    try:
        attributes = cms.CMSAttributes.load(data, strict=True)
        held = {one["type"].native: list(one["values"]) for one in attributes}
        (kind,) = held["content_type"]
        (value,) = held["message_digest"]
        (named,) = held["signing_certificate_v2"]
        first = named["certs"][0]
        digest = hashlib.new(first["hash_algorithm"]["algorithm"].native, certificate).digest()
        return (
            kind.native == "data"
            and len(value.native) == hashlib.sha256().digest_size
            and first["cert_hash"].native == digest
        )
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
