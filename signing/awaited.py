"""Certificates of those who sign elsewhere: at their own computer, or at a remote service.

Only the certificate is here; the key never is. What is handed out to be signed and how the
answer is taken back: :mod:`signing.deferred`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Protocol

from cryptography import x509

from signing.keys import Signer, check_validity
from vocabulary.errors import MissingPart

How = Literal["own_computer", "remote"]
"""Where the key is: with the officer, or at a service that signs for its owner."""


@dataclass(frozen=True, slots=True)
class AwaitedSigner:
    """Certificate of one whose key is not here."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes, digest: str) -> bytes:
        """Never: the key is elsewhere."""
        raise AssertionError(f"{len(data)} bytes ({digest}) were to be signed without the key")


class Elsewhere(Protocol):
    """A signer whose signatures are awaited."""

    @property
    def how(self) -> How: ...

    def awaited(self, accounts: Sequence[str]) -> AwaitedSigner:
        """Who has to sign a paper that these accounts have worked on, nearest first.

        Raises:
            MissingPart, InvalidRequest: the certificate cannot be had, or signs no more.
        """
        ...

    def still_awaited(self, certificate: bytes) -> bool:
        """Whether a signature of this certificate (DER) is still what is wanted."""
        ...


def is_elsewhere(signer: "Signer | Elsewhere") -> bool:
    """Whether the signature is made elsewhere and awaited."""
    return hasattr(signer, "awaited")


@dataclass(frozen=True, slots=True)
class OwnComputers:
    """Officers who sign with a token in their own computer.

    ``files``: a PEM file for each officer, the certificate first and its issuers after it.
    A file that is called like an account belongs to that account; a paper is signed by who
    confirmed it, else who handed it in, else by the first of the files.
    """

    files: tuple[Path, ...]
    how: Final = "own_computer"

    def awaited(self, accounts: Sequence[str]) -> AwaitedSigner:
        named = {path.stem: path for path in self.files}
        path = next((named[name] for name in accounts if name in named), self.files[0])
        signer = _read(path)
        check_validity(signer.certificate, datetime.now(UTC))
        return signer

    def still_awaited(self, certificate: bytes) -> bool:
        wanted = x509.load_der_x509_certificate(certificate)
        if wanted.not_valid_after_utc < datetime.now(UTC):
            return False
        return any(_read(path).certificate == wanted for path in self.files)


def _read(path: Path) -> AwaitedSigner:
    try:
        first, *others = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise MissingPart(
            f"Không đọc được chứng thư số của công chức trong {path.name}. "
            "Hãy kiểm tra SOHOA_OFFICER_CERTIFICATES (tệp PEM).",
            f"The officer's certificate in {path.name} cannot be read. "
            "Check SOHOA_OFFICER_CERTIFICATES (PEM files).",
            code="certificate_file_missing",
            file=path.name,
        ) from error
    return AwaitedSigner(first, tuple(others))
