"""The test authority: keys that let a fresh installation sign, and are worth nothing in law.

Made once on first start: a root and two certificates under it, one of an officer
and one of the organisation. The root's private key is thrown away as soon as both
are issued, so nobody can ever issue another certificate that such an installation
trusts. Every name says "THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" and every
certificate carries a policy of its own (:data:`signing.keys.TEST_POLICY`), by which
stamps, verdicts and receipts mark themselves.
"""

import contextlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from signing.keys import TEST_MARK, TEST_POLICY
from vocabulary.errors import MissingPart

_ROOT, _OFFICER, _ORGANISATION, _PASSPHRASE = (
    "root.pem",
    "officer.p12",
    "organisation.p12",
    "passphrase.txt",
)
_LEAF_YEARS: Final = 10
_ROOT_YEARS: Final = 20
_SUFFIX: Final = " (THỬ NGHIỆM)"
_NAME_LIMIT: Final = 64
"""Of a common name or organisation: ub-common-name of RFC 5280, appendix A.

Counted in bytes of UTF-8, as strict readers do.
"""


@dataclass(frozen=True, slots=True)
class TestAuthority:
    """Where the test authority's files are, and the passphrase of both keys."""

    __test__ = False  # a class of the product, not of its tests

    root_pem: Path
    officer: Path
    organisation: Path
    passphrase: str


def ensure_test_authority(
    folder: Path,
    now: datetime,
    *,
    officer_name: str = "Nguyễn Thị Mẫu",
    organisation_name: str = "Sở Khoa học và Công nghệ mẫu",
) -> TestAuthority:
    """The test authority in ``folder``; made there if it is not yet.

    All files appear at once (a folder renamed into place), readable by their owner
    alone (mode 0600). Names are used only when the authority is made.

    Raises:
        MissingPart: ``folder_not_writable``.
    """
    if not _complete(folder):
        _make(folder, now, officer_name, organisation_name)
    return TestAuthority(
        root_pem=folder / _ROOT,
        officer=folder / _OFFICER,
        organisation=folder / _ORGANISATION,
        passphrase=(folder / _PASSPHRASE).read_text("utf-8"),
    )


def _complete(folder: Path) -> bool:
    return all((folder / n).is_file() for n in (_ROOT, _OFFICER, _ORGANISATION, _PASSPHRASE))


def _make(folder: Path, now: datetime, officer_name: str, organisation_name: str) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _not_writable(folder) from error
    try:
        for name, content in _issue(now, officer_name, organisation_name).items():
            _write_secret(fresh / name, content)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        # Two first starts at once: whoever renames second finds a complete folder.
        with contextlib.suppress(OSError):
            fresh.rename(folder)
    except OSError as error:
        raise _not_writable(folder) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    if not _complete(folder):
        raise MissingPart(
            f"Thư mục {folder} có khóa thử nghiệm không đầy đủ. Hãy dọn thư mục này rồi chạy lại.",
            f"The folder {folder} holds an incomplete test authority. Clear it and start again.",
            code="test_authority_incomplete",
        )


def _issue(now: datetime, officer_name: str, organisation_name: str) -> dict[str, bytes]:
    passphrase = secrets.token_urlsafe(24)
    office = _cut(organisation_name, _NAME_LIMIT)
    root_name = _name("Cơ quan chứng thực thử nghiệm sohoa", "sohoa")
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    root = (
        _builder(root_name, root_name, root_key.public_key(), now, _ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    files = {_ROOT: root.public_bytes(Encoding.PEM), _PASSPHRASE: passphrase.encode()}
    for file, person in ((_OFFICER, officer_name), (_ORGANISATION, organisation_name)):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
        certificate = (
            _builder(_name(_marked(person), office), root_name, key.public_key(), now, _LEAF_YEARS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
                critical=False,
            )
            .sign(root_key, hashes.SHA256())
        )
        files[file] = pkcs12.serialize_key_and_certificates(
            b"sohoa", key, certificate, [root], BestAvailableEncryption(passphrase.encode())
        )
    return files


def _marked(name: str) -> str:
    """Viewers show the common name alone, so the mark stands there too."""
    return _cut(name, _NAME_LIMIT - len(_SUFFIX.encode())) + _SUFFIX


def _cut(name: str, limit: int) -> str:
    return name.encode()[:limit].decode(errors="ignore").rstrip()


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    start = now - timedelta(hours=1)  # clocks of two machines never agree to the second
    policy = x509.PolicyInformation(
        TEST_POLICY, [x509.UserNotice(notice_reference=None, explicit_text=TEST_MARK)]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write_secret(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _not_writable(folder: Path) -> MissingPart:
    return MissingPart(
        f"Không ghi được vào thư mục {folder.parent}. Hãy cấp quyền ghi rồi chạy lại.",
        f"The folder {folder.parent} cannot be written. Grant the right to write and start again.",
        code="folder_not_writable",
    )
