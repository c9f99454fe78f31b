"""Signatures as real signers of the Vietnamese state make them, off the standards.

A CMS can be written again in place: the byte range does not cover it, so that nothing
else changes.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import algos, cms, core, parser, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from signing.keys import SigningKey
from signing.sign import (
    Placed,
    Strength,
    apply,
    make_fields,
    new_version,
    open_for_signing,
    sign_file,
)
from tests.unit.signing.office import blank_pdf
from tests.unit.signing.tampering import hole


def with_pss_parameters(path: Path) -> Path:
    """The file with its signature's algorithm written as rsaEncryption with PSS parameters.

    Byte by byte, because no library writes that.
    """
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
            "salt_length": 32,
        }
    )
    name = core.ObjectIdentifier("1.2.840.113549.1.1.1").dump()
    return _rewritten(
        path, lambda der: _replaced(der, _ALGORITHM, _tlv(0x30, name + parameters.dump()))
    )


_ALGORITHM = (1, 0, -1, 0, 4)
"""Way from ContentInfo to the signatureAlgorithm of the only SignerInfo (RFC 5652, 5.3)."""


def _rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    data = path.read_bytes()
    start, end = hole(data, -1)
    der = bytes.fromhex(data[start:end].decode())
    digits = change(der[: _length(der)]).hex().encode()
    path.write_bytes(data[:start] + digits.ljust(end - start, b"0") + data[end:])
    return path


def _length(der: bytes) -> int:
    _, _, _, header, content, trailer = parser.parse(der, strict=False)
    return len(header) + len(content) + len(trailer)


def _replaced(der: bytes, way: tuple[int, ...], new: bytes) -> bytes:
    if not way:
        return new
    _, _, _, header, content, _ = parser.parse(der, strict=True)
    children = []
    while content:
        length = _length(content)
        children.append(content[:length])
        content = content[length:]
    children[way[0]] = _replaced(children[way[0]], way[1:], new)
    return _tlv(header[0], b"".join(children))


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


@dataclass(frozen=True)
class RawSigner:
    """A key that signs by a function of its own."""

    key: SigningKey
    raw: Callable[[bytes, SigningKey], bytes]

    @property
    def certificate(self) -> object:
        return self.key.certificate

    @property
    def chain(self) -> object:
        return self.key.chain

    def sign(self, data: bytes, digest: str) -> bytes:
        assert digest == "sha256"
        return self.raw(data, self.key)


def without_null(data: bytes, key: SigningKey) -> bytes:
    """PKCS #1 v1.5 over a DigestInfo whose algorithm lacks the NULL parameter."""
    value = hashlib.sha256(data).digest()
    info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + value
    return _textbook(info, key)


def with_loose_padding(data: bytes, key: SigningKey) -> bytes:
    """A DigestInfo without NULL and rubbish behind it: what a forger of small exponents makes."""
    value = hashlib.sha256(data).digest()
    info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + value
    return _textbook(info + b"rubbish", key)


def _textbook(info: bytes, key: SigningKey) -> bytes:
    private = key.private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    numbers = private.private_numbers()
    modulus = numbers.public_numbers.n
    length = (modulus.bit_length() + 7) // 8
    block = b"\x00\x01" + b"\xff" * (length - 3 - len(info)) + b"\x00" + info
    return pow(int.from_bytes(block, "big"), numbers.d, modulus).to_bytes(length, "big")


def as_pss(data: bytes, key: SigningKey) -> bytes:
    private = key.private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    return private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def signed_by(
    folder: Path, key: SigningKey, raw: Callable[[bytes, SigningKey], bytes] | None = None
) -> Path:
    """A one-page file with one signature of ``key``."""
    blank_pdf(folder / "in.pdf")
    signer = key if raw is None else RawSigner(key, raw)
    sign_file(folder / "in.pdf", folder / "signed.pdf", signer, "organisation")
    return folder / "signed.pdf"


def signed_unchecked(folder: Path, key: SigningKey, moment: datetime) -> Path:
    """As a careless program signs: nobody looks whether the certificate is valid."""
    blank_pdf(folder / "in.pdf")
    out = folder / "signed.pdf"
    with new_version(folder / "in.pdf", out) as stream, open_for_signing(stream) as writer:
        stamps = make_fields(writer, {"S": (("Ký",), "left")})
        apply(writer, key, Placed("S", stamps["S"], moment), Strength())
    return out


def embedded(
    folder: Path,
    subfilter: str,
    make: Callable[[bytes], bytes],
    certificate: bytes | None = None,
    *,
    digest: str = "sha1",
    permission: MDPPerm | None = None,
) -> Path:
    """A signature whose /Contents ``make`` builds from the digest of the byte range."""
    writer = IncrementalPdfFileWriter(io.BytesIO(blank_pdf(folder / "in.pdf").read_bytes()))
    steps = PdfCMSEmbedder(SigFieldSpec("S")).write_cms("S", writer)
    next(steps)
    value = PdfSignedData(pdf_name("/Sig"), bytes_reserved=16384)
    value["/SubFilter"] = pdf_name(subfilter)
    if certificate is not None:
        value["/Cert"] = generic.ByteStringObject(certificate)
    mdp = None if permission is None else SigMDPSetup(digest, certify=True, docmdp_perms=permission)
    steps.send(SigObjSetup(value, mdp_setup=mdp))
    prepared, out = steps.send(SigIOSetup(digest))
    steps.send(make(prepared.document_digest))
    (folder / "signed.pdf").write_bytes(out.getvalue())
    return folder / "signed.pdf"


def cms_of(
    key: SigningKey, digest_algorithm: str, *, enclose: bool = False
) -> Callable[[bytes], bytes]:
    """A CMS over the digest; with ``enclose`` the digest itself is its content."""

    def make(document_digest: bytes) -> bytes:
        hash_type = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}[digest_algorithm]
        enclosed = document_digest if enclose else None
        digest = hashlib.new(digest_algorithm, enclosed).digest() if enclosed else document_digest
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["data"]},
                {"type": "message_digest", "values": [digest]},
            ]
        )
        certificate = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
        private = key.private_key
        assert isinstance(private, rsa.RSAPrivateKey)
        info = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            },
            "digest_algorithm": {"algorithm": digest_algorithm},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": private.sign(attributes.dump(), padding.PKCS1v15(), hash_type),
        }
        enclosing = {"content_type": "data"} | ({"content": enclosed} if enclosed else {})
        signed_data = {
            "version": "v1",
            "digest_algorithms": [{"algorithm": digest_algorithm}],
            "encap_content_info": enclosing,
            "certificates": [certificate],
            "signer_infos": [info],
        }
        return cms.ContentInfo(
            {"content_type": "signed_data", "content": cms.SignedData(signed_data)}
        ).dump()

    return make
