# mypy: disable-error-code="import-untyped,misc"
"""Who a certificate speaks of, and who issued it, as people read it."""

from typing import Literal

from asn1crypto import x509 as asn1_x509

from signing.validation.reading import BROKEN
from vocabulary.text import nfc


def name_of(certificate: asn1_x509.Certificate | None, which: Literal["subject", "issuer"]) -> str:
    """The common name, else the organisation; empty where there is none that can be read."""
    if certificate is None:
        return ""
    try:
        names = certificate["tbs_certificate"][which].native
    except BROKEN:
        return ""
    found = names.get("common_name") or names.get("organization_name") or ""
    return nfc(found[0] if isinstance(found, list) else str(found))
