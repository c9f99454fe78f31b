# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""The document security store (DSS, ETSI EN 319 142-1, 5.4): validation data in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509

from signing.entries import entry
from signing.validation.reading import BROKEN, OpenedPdf

_MOST_ENTRIES: Final = 500


@dataclass(frozen=True, slots=True)
class SecurityStore:
    """Certificates and revocation data that the file brings.

    ``timestamped``: revisions whose document timestamp covers the store.
    """

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    timestamped: frozenset[int] = frozenset()

    @staticmethod
    def read(pdf: OpenedPdf) -> "SecurityStore":
        """The store of a file; entries that cannot be read are left out."""
        reader = pdf.reader
        if reader is None:
            return SecurityStore()
        try:
            store = entry(reader.root, "/DSS")
            stamps = {field.revision for field in pdf.fields if field.is_timestamp}
            return SecurityStore(
                tuple(_parsed(store, "/Certs", asn1_x509.Certificate)),
                tuple(_parsed(store, "/CRLs", crl.CertificateList)),
                tuple(_parsed(store, "/OCSPs", ocsp.OCSPResponse)),
                frozenset(n for n in stamps if "/DSS" in reader.get_historical_root(n)),
            )
        except BROKEN:
            return SecurityStore()


def _parsed(store: Any, key: str, kind: Any) -> Iterator[Any]:
    for stream, _ in zip(entry(store, key, ()), range(_MOST_ENTRIES), strict=False):
        try:
            value = kind.load(stream.get_object().data)
            value.native  # noqa: B018 - parses what load() leaves for later
        except BROKEN:
            continue
        yield value
