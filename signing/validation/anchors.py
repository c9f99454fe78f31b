# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Trusted roots: data that an administrator gives, each with the time in which it is trusted.

A root may be trusted for a time that is not its own validity: an authority loses its licence,
or gets one later. The text before a certificate in a PEM file may say so, a line each::

    trusted-from: 2019-01-01
    trusted-until: 2027-06-30
    -----BEGIN CERTIFICATE-----

(RFC 7468, section 5.2, allows such text.) Days are Vietnam's, both included. What counts is
the moment that is proved: a signature of 2026 stays good after the end of its root's trust.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509

from signing.validation.reading import BROKEN
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest, MissingPart

_DAY: Final = re.compile(r"^\s*#?\s*trusted-(from|until)\s*:\s*(\S+)\s*$", re.M)
_END: Final = "-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A trusted root, and the first and last day of that trust; None: no limit."""

    certificate: asn1_x509.Certificate
    since: date | None = None
    until: date | None = None

    def trusted_at(self, moment: datetime) -> bool:
        """Whether signatures of this moment may be trusted on its account."""
        day = moment.astimezone(VIETNAM).date()
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def read_anchors(paths: Sequence[Path]) -> tuple[Anchor, ...]:
    """Roots of PEM (also several in one file) or DER files.

    Raises:
        MissingPart: ``trust_file_missing``.
        InvalidRequest: ``trust_file_unreadable``.
    """
    anchors: list[Anchor] = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise MissingPart(
                f"Không đọc được chứng thư gốc {path.name}. Hãy kiểm tra đường dẫn.",
                f"The root certificate {path.name} cannot be read. Check its path.",
                code="trust_file_missing",
                file=path.name,
            ) from error
        try:
            anchors += _in_pem(data) if pem.detect(data) else [_anchor(data, "")]
        except BROKEN as error:
            raise InvalidRequest(
                f"{path.name} không phải chứng thư (PEM hoặc DER), hoặc ghi sai ngày "
                "trusted-from, trusted-until. Hãy chọn đúng tệp, ghi ngày như 2027-06-30.",
                f"{path.name} is not a certificate (PEM or DER), or its trusted-from or "
                "trusted-until is no date. Choose the right file, write days as 2027-06-30.",
                code="trust_file_unreadable",
                field="trust",
            ) from error
    return tuple(anchors)


def _in_pem(data: bytes) -> Iterator[Anchor]:
    for part in data.decode("utf-8", "replace").split(_END)[:-1]:
        text, begin, body = part.partition("-----BEGIN")
        _, _, der = pem.unarmor((begin + body + _END).encode())
        yield _anchor(der, text)


def _anchor(der: bytes, text: str) -> Anchor:
    certificate = asn1_x509.Certificate.load(der, strict=True)
    certificate.subject.native  # noqa: B018 - parses what load() leaves for later
    days = {name: date.fromisoformat(day) for name, day in _DAY.findall(text)}
    return Anchor(certificate, days.get("from"), days.get("until"))
