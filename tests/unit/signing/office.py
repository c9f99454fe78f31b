"""Keys, certificates and small PDFs that the tests of signing work with."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.authority import TestAuthority, ensure_test_authority
from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey, load_pkcs12

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Root:
    """A certification authority of the tests."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def pem(self, folder: Path) -> Path:
        path = folder / f"{self.certificate.serial_number}.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path


@cache
def rsa_key(number: int = 0, size: int = 2048) -> rsa.RSAPrivateKey:
    """Keys are slow to make: one a number for the whole run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def make_root(
    name: str = "Gốc của bài kiểm thử", number: int = 100, *, end: datetime | None = None
) -> Root:
    key = rsa_key(number)
    certificate = _certificate(name, key.public_key(), name, key, authority=True, end=end)
    return Root(key, certificate)


def make_key(
    root: Root,
    name: str = "Trần Thị Ký",
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    kind: str = "rsa",
    number: int = 0,
    size: int = 2048,
    timestamping: bool = False,
    crl: str | None = None,
) -> SigningKey:
    """A key with a certificate of ``root``."""
    key = rsa_key(number, size) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(
        name,
        key.public_key(),
        root.certificate,
        root.key,
        start=start,
        end=end,
        timestamping=timestamping,
        crl=crl,
    )
    return SigningKey(certificate, (root.certificate,), key)


def write_p12(path: Path, key: SigningKey, passphrase: str = "bi mat") -> Path:
    secret = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"k", key.private_key, key.certificate, list(key.chain), secret
        )
    )
    return path


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    name: str,
    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    issuer: str | x509.Certificate,
    key: rsa.RSAPrivateKey,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    authority: bool = False,
    timestamping: bool = False,
    crl: str | None = None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer) if isinstance(issuer, str) else issuer.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start or NOW - timedelta(days=400))
        .not_valid_after(end or NOW + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority and not timestamping,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if timestamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    if crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(key, hashes.SHA256())


def blank_pdf(
    path: Path, width: float = 595.276, height: float = 841.89, *, rotate: int = 0, pages: int = 1
) -> Path:
    """A PDF with a line of drawing on each page."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(width, height))
            page = pdf.pages[-1]
            page.Contents = pdf.make_stream(b"0 0 10 10 re f")
            if rotate:
                page.obj.Rotate = rotate
        pdf.save(path)
    return path


def update(data: bytes, number: int, content: bytes | None = None, at: int | None = None) -> bytes:
    """Append a revision by hand: object ``number`` is ``content``, or what stands ``at``."""
    last = int(data.rsplit(b"startxref", 1)[1].split()[0])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
    if content is not None:
        at = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    assert at is not None
    start = len(data)
    data += b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    data += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size, root, last)
    return data + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    """The test authority of a fresh installation."""
    return ensure_test_authority(tmp_path_factory.mktemp("home") / "authority", NOW)


@pytest.fixture(scope="session")
def officer(authority: TestAuthority) -> SigningKey:
    return load_pkcs12(authority.officer, authority.passphrase)


@pytest.fixture(scope="session")
def organisation(authority: TestAuthority) -> SigningKey:
    return load_pkcs12(authority.organisation, authority.passphrase)


@pytest.fixture(scope="session")
def order(officer: SigningKey, organisation: SigningKey) -> CertifyOrder:
    return CertifyOrder(
        officer=officer,
        organisation=organisation,
        officer_name="Nguyễn Văn Ánh",
        organisation_name="Sở Khoa học và Công nghệ tỉnh Hưng Yên",
        scanned_at=NOW - timedelta(minutes=5),
        signed_at=NOW,
    )


@pytest.fixture(scope="session")
def certified(order: CertifyOrder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-page paper, certified by officer and organisation."""
    folder = tmp_path_factory.mktemp("certified")
    certify(blank_pdf(folder / "in.pdf", pages=2), folder / "out.pdf", order)
    return folder / "out.pdf"
