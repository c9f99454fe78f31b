"""The signer port and its PKCS#12 adapter.

A :class:`Signer` is whatever can sign bytes for one certificate: a PKCS#12 file
here, a token or a remote service elsewhere. The key of a PKCS#12 file is parsed
once and kept: pyHanko's own ``SimpleSigner`` parses and checks the RSA key anew
for every signature, which costs four (RSA-2048) to ten times (RSA-3072) the CPU.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from vocabulary.errors import InvalidRequest, MissingPart

SMALLEST_RSA: Final = 2048
"""Bits; what public certification authorities in Vietnam issue at least."""

TEST_POLICY: Final = x509.ObjectIdentifier("1.3.6.1.4.1.32473.766.2021.1")
"""Certificate policy of sohoa's own test authority.

Under the enterprise number that RFC 5612 reserves for examples, so that it can
never collide with the policy of a real authority.
"""

TEST_MARK: Final = "THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
"""What a person reads in every name of a test certificate: "test, no legal value"."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class Signer(Protocol):
    """Signs for one certificate; where the key lives is its own affair."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """Issuers of :attr:`certificate`, in any order, as far as they are known."""
        ...

    def sign(self, data: bytes, digest: str) -> bytes:
        """Raw signature over ``data`` hashed with ``digest`` ("sha256" ...).

        PKCS #1 v1.5 for RSA, DER-encoded ECDSA for elliptic curves.
        """
        ...


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key in this process's memory, parsed once."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private_key: PrivateKey

    def sign(self, data: bytes, digest: str) -> bytes:
        algorithm = _HASHES[digest]
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), algorithm)
        return self.private_key.sign(data, ec.ECDSA(algorithm))

    def __repr__(self) -> str:
        return f"SigningKey({common_name(self.certificate)!r})"


def load_pkcs12(path: Path, passphrase: str, now: datetime | None = None) -> SigningKey:
    """The key of a PKCS#12 file (.p12, .pfx).

    Args:
        path: the file.
        passphrase: its passphrase (mã PIN); may be empty.
        now: moment at which the certificate must be valid; the machine's time by default.

    Raises:
        MissingPart: ``key_file_missing``.
        InvalidRequest: ``wrong_pin``, ``key_unreadable``, ``key_missing``, ``weak_key``,
            ``certificate_expired``, ``certificate_not_yet_valid``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingPart(
            f"Không đọc được tệp khóa {path.name}. Hãy kiểm tra đường dẫn và quyền đọc.",
            f"The key file {path.name} cannot be read. Check its path and permissions.",
            code="key_file_missing",
            file=path.name,
        ) from error
    key, certificate, chain = _unlock(data, passphrase, path.name)
    private_key = _accepted(key, path.name)
    check_validity(certificate, now or datetime.now(UTC))
    return SigningKey(certificate, chain, private_key)


def check_validity(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse a certificate outside its validity: a signature made with it is void.

    Raises:
        InvalidRequest: ``certificate_expired`` or ``certificate_not_yet_valid``.
    """
    name = common_name(certificate)
    if now > certificate.not_valid_after_utc:
        ended = certificate.not_valid_after_utc.date().isoformat()
        raise InvalidRequest(
            f"Chứng thư số của {name} đã hết hạn ngày {ended}. Hãy gia hạn trước khi ký.",
            f"The certificate of {name} ended on {ended}. Renew it before signing.",
            code="certificate_expired",
            field="key",
            ended=ended,
        )
    if now < certificate.not_valid_before_utc:
        begins = certificate.not_valid_before_utc.date().isoformat()
        raise InvalidRequest(
            f"Chứng thư số của {name} chỉ có hiệu lực từ {begins}. Hãy kiểm tra đồng hồ máy.",
            f"The certificate of {name} is valid from {begins} on. Check the machine's clock.",
            code="certificate_not_yet_valid",
            field="key",
            begins=begins,
        )


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name, else its organisation, else the whole name."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        values = certificate.subject.get_attributes_for_oid(kind)
        if values:
            return str(values[0].value)
    return certificate.subject.rfc4514_string()


def is_test_certificate(certificate: x509.Certificate) -> bool:
    """Whether the certificate carries the mark of sohoa's test authority.

    Either mark is enough: a certificate that only pretends to be a test one is
    worth as little.
    """
    names = [*certificate.subject, *certificate.issuer]
    if any(TEST_MARK in str(attribute.value) for attribute in names):
        return True
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return any(policy.policy_identifier == TEST_POLICY for policy in policies.value)


def _unlock(
    data: bytes, passphrase: str, name: str
) -> tuple[object, x509.Certificate, tuple[x509.Certificate, ...]]:
    secret = passphrase.encode() if passphrase else None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, TypeError) as error:
        if _is_pkcs12(data):  # sound file, so it can only be the passphrase
            raise InvalidRequest(
                "Sai mã PIN (mật khẩu) của tệp khóa. Hãy nhập lại.",
                "The passphrase of the key file is wrong. Enter it again.",
                code="wrong_pin",
                field="passphrase",
            ) from error
        raise InvalidRequest(
            f"Tệp {name} không phải tệp khóa PKCS#12 (.p12, .pfx). Hãy chọn đúng tệp.",
            f"{name} is not a PKCS#12 key file (.p12, .pfx). Choose the right file.",
            code="key_unreadable",
            field="key",
        ) from error
    if key is None or certificate is None:
        raise InvalidRequest(
            f"Tệp {name} không có khóa bí mật kèm chứng thư số. Hãy xuất lại cả hai.",
            f"{name} has no private key with its certificate. Export both again.",
            code="key_missing",
            field="key",
        )
    return key, certificate, tuple(others)


def _is_pkcs12(data: bytes) -> bool:
    try:
        content = asn1_pkcs12.Pfx.load(data, strict=True)["auth_safe"]["content_type"].native
    except (ValueError, TypeError):
        return False
    return bool(content == "data")


def _accepted(key: object, name: str) -> PrivateKey:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size >= 256:
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA:
        return key
    raise InvalidRequest(
        f"Khóa trong {name} quá yếu hoặc thuộc loại không dùng được. "
        f"Hãy dùng RSA từ {SMALLEST_RSA} bit hoặc ECDSA từ 256 bit.",
        f"The key in {name} is too weak or of a kind that cannot be used. "
        f"Use RSA of {SMALLEST_RSA} bits or ECDSA of 256 bits at least.",
        code="weak_key",
        field="key",
    )
