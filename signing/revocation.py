# mypy: disable-error-code="import-untyped,misc,no-untyped-call,no-any-return"
"""Where revocation data and missing certificates come from: a folder, and the network.

A closed network has no way to an authority's CRL or OCSP responder: an administrator puts
lists, answers and chains into a folder (:class:`Held`), and nothing else is asked. How the
network is asked: :mod:`signing.asking`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from asn1crypto import crl, ocsp, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko_certvalidator.fetchers import Fetchers
from pyhanko_certvalidator.policy_decl import RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.util import get_declared_revinfo

from signing.asking import new_fetchers
from signing.keys import common_name
from vocabulary.errors import InvalidRequest, MissingPart

LARGEST: Final = 64 << 20
"""Bytes of one file of the folder."""
_MOST_FILES: Final = 5000
_DECLARED: Final = RevocationCheckingRule.CHECK_IF_DECLARED
_EITHER: Final = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED


@dataclass(frozen=True, slots=True)
class Held:
    """What a folder holds; ``unread`` names files that are nothing of the kind."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revocation:
    """``folder`` that an administrator fills, if any; ``online``: whether to ask authorities."""

    folder: Path | None = None
    online: bool = True

    def held(self) -> Held:
        """What the folder holds now.

        Raises:
            MissingPart: ``revocation_folder_missing``.
        """
        if self.folder is None:
            return Held()
        try:
            found = sorted(path for path in self.folder.rglob("*") if path.is_file())
            marks = tuple(
                (str(path), path.stat().st_mtime_ns, path.stat().st_size)
                for path in found[:_MOST_FILES]
            )
            if not self.folder.is_dir():
                raise NotADirectoryError(self.folder)
        except OSError as error:
            raise MissingPart(
                f"Không đọc được thư mục danh sách thu hồi {self.folder}. "
                "Hãy kiểm tra SOHOA_REVOCATION_FOLDER và quyền đọc.",
                f"The folder of revocation lists {self.folder} cannot be read. "
                "Check SOHOA_REVOCATION_FOLDER and its rights.",
                code="revocation_folder_missing",
            ) from error
        return _read(marks)

    def fetchers(self) -> Fetchers | None:
        """What asks authorities in one judgement; None offline."""
        return new_fetchers() if self.online else None


def checking(
    certificate: asn1_x509.Certificate,
    others: Iterable[asn1_x509.Certificate],
    crls: Sequence[crl.CertificateList],
) -> RevocationCheckingPolicy:
    """What must be checked: what a certificate says can be, and what lists at hand tell of it.

    pyHanko looks at lists at hand only where the certificate names a list itself; in a closed
    network a list stands in for an OCSP responder, and for what an old certificate leaves out.
    """
    issuers = {one.issuer.dump() for one in crls}
    listed, answered = get_declared_revinfo(certificate)
    by_list = certificate.issuer.dump() in issuers and not listed
    above = any(
        one.issuer.dump() in issuers and one.issuer.dump() != one.subject.dump()
        and get_declared_revinfo(one) == (False, True)
        for one in others if one.ca
    )  # fmt: skip
    return RevocationCheckingPolicy(
        _EITHER if by_list or (answered and not listed and crls) else _DECLARED,
        _EITHER if above else _DECLARED,
    )


def refuse_revoked(certificate: x509.Certificate, held: Held) -> None:
    """Refuse to sign with a certificate that a list at hand names.

    Raises:
        InvalidRequest: ``certificate_revoked``.
    """
    issuer, serial = certificate.issuer.public_bytes(), certificate.serial_number
    for one in held.crls:
        if one.issuer.dump() != issuer:
            continue
        for entry in one["tbs_cert_list"]["revoked_certificates"] or ():
            if entry["user_certificate"].native == serial:
                raise certificate_revoked(common_name(certificate))


def certificate_revoked(name: str) -> InvalidRequest:
    """The named state of a signer whose certificate was revoked."""
    return InvalidRequest(
        f"Chứng thư số của {name} đã bị thu hồi nên không ký được. Hãy dùng chứng thư khác.",
        f"The certificate of {name} was revoked and signs no more. Use another one.",
        code="certificate_revoked",
        field="key",
    )


@lru_cache(maxsize=4)
def _read(marks: tuple[tuple[str, int, int], ...]) -> Held:
    certificates: list[Any] = []
    crls: list[Any] = []
    ocsps: list[Any] = []
    unread: list[str] = []
    for name, _, size in marks:
        path = Path(name)
        known = False
        if size <= LARGEST:
            for kind, der in _blocks(path.read_bytes()):
                for wanted, into in (
                    (asn1_x509.Certificate, certificates),
                    (crl.CertificateList, crls),
                    (ocsp.OCSPResponse, ocsps),
                ):
                    item = _parsed(wanted, der, kind)
                    if item is not None:
                        into.append(item)
                        known = True
                        break
        if not known:
            unread.append(path.name)
    return Held(tuple(certificates), tuple(crls), tuple(ocsps), tuple(unread))


def _blocks(data: bytes) -> Iterator[tuple[str | None, bytes]]:
    if not pem.detect(data):
        yield None, data
        return
    try:
        for kind, _, der in pem.unarmor(data, multiple=True):
            yield kind, der
    except ValueError:
        return


def _parsed(wanted: Any, der: bytes, kind: str | None) -> Any:
    named = {"CERTIFICATE": asn1_x509.Certificate, "X509 CRL": crl.CertificateList}
    if kind is not None and named.get(kind) is not wanted:
        return None
    try:
        item = wanted.load(der, strict=True)
        if wanted is ocsp.OCSPResponse:
            item.response_data["responses"].native  # noqa: B018 - parses what load() leaves
        elif wanted is crl.CertificateList:
            item["tbs_cert_list"]["this_update"].native  # noqa: B018
        else:
            item["tbs_certificate"]["subject_public_key_info"].native  # noqa: B018
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return item
