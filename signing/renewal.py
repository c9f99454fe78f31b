# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Long-term care: how long a file proves itself, and how that is prolonged in time.

An archival time stamp (PAdES B-LTA, ETSI EN 319 142-1, 5.5 and 6.3) holds until its
authority's certificate ends. Before that day the evidence about that authority and a new
stamp over everything are appended; the bytes before stay as they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation import add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko_certvalidator.errors import PathError, ValidationError

from signing.sign import Strength, new_version, open_for_signing, proving_context
from signing.timestamps import UrlTimeStamper
from signing.validation.integrity import token_of
from signing.validation.reading import BROKEN, OpenedPdf, open_pdf
from vocabulary.errors import Conflict, MissingPart, UsageError

Because = Literal["archive_timestamp", "timestamp", "certificate"]
_DIGEST: Final = "sha256"
_NOT_PROVED: Final = (
    SignatureValidationError,
    ValidationInfoReadingError,
    ValidationError,
    PathError,
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Until when a file proves its signatures by itself, and what ends then.

    ``because``: the authority of the newest archival stamp, of a signature's time stamp, or
    the signer's certificate, for a file without stamps.
    """

    until: datetime
    because: Because


def lasting(pdf: Path) -> Lasting | None:
    """How long the file lasts; None for one without a signature that can be read."""
    with open_pdf(pdf) as opened:
        try:
            archive = _newest_archive(opened)
            if archive is not None:
                return archive
            ends = list(_signature_ends(opened))
        except BROKEN:
            return None
    return min(ends, key=lambda one: one.until) if ends else None


def _newest_archive(opened: OpenedPdf) -> Lasting | None:
    for field in reversed(opened.fields):
        if field.is_timestamp:
            token = token_of(field.contents)
            if token is not None:
                return Lasting(_end_of(token), "archive_timestamp")
    return None


def _signature_ends(opened: OpenedPdf) -> Iterator[Lasting]:
    """A signature lasts as long as the best that vouches for it: its stamp, else its signer."""
    for field in opened.fields:
        data = token_of(field.contents)
        if data is None or field.is_timestamp:
            continue
        stamps = list(extract_tst_data_iter(data["signer_infos"][0], signed=False))
        if stamps:
            yield Lasting(max(_end_of(one) for one in stamps), "timestamp")
        else:
            yield Lasting(_end_of(data), "certificate")


def _end_of(signed_data: Any) -> datetime:
    """When the first certificate on the way up ends; roots are named by who judges."""
    found = extract_certs_for_validation(signed_data)
    certificate, others = found.signer_cert, list(found.other_certs)
    end: datetime = certificate.not_valid_after
    for _ in range(10):
        issuer = _issuer(certificate, others)
        if issuer is None:
            break
        certificate = issuer
        end = min(end, issuer.not_valid_after)
    return end


def _issuer(
    certificate: asn1_x509.Certificate, others: Iterable[asn1_x509.Certificate]
) -> asn1_x509.Certificate | None:
    wanted = certificate.issuer.dump()
    return next(
        (one for one in others if one.subject.dump() == wanted and one.issuer.dump() != wanted),
        None,
    )


def lengthen(pdf: Path, out: Path, strength: Strength, moment: datetime | None = None) -> None:
    """Write ``out``: ``pdf`` with evidence for all its signatures, and at B-LTA a stamp over all.

    For signatures that were made elsewhere, and for files that had less before.

    Args:
        pdf: signed; its bytes are a prefix of the result.
        out: the result, complete and on stable storage, or not there at all.
        strength: B-LT or B-LTA, with what proves it.
        moment: another moment than now; then nothing is asked of authorities' lists.

    Raises:
        MissingPart: ``evidence_missing``, ``tsa_unreachable``.
        Conflict: ``unsigned``.
    """
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        names = [one.field_name for one in _signatures(writer.prev)]
        if not names:
            raise Conflict(
                "Tệp chưa có chữ ký số nên không có gì để gia hạn.",
                "The file bears no signature, so there is nothing to prolong.",
                code="unsigned",
            )
        for name in names:
            reader = PdfFileReader(stream)
            (signature,) = (one for one in _signatures(reader) if one.field_name == name)
            with _named():
                add_validation_info(
                    signature,
                    proving_context(strength, moment=moment),
                    in_place=True,
                    add_vri_entry=False,
                )
        if strength.level == "B-LTA":
            with _named():
                _stamper(strength).timestamp_pdf(
                    IncrementalPdfFileWriter(stream),
                    _DIGEST,
                    proving_context(strength, moment=moment),
                    in_place=True,
                )


def renew(pdf: Path, out: Path, strength: Strength, moment: datetime | None = None) -> None:
    """Write ``out``: ``pdf`` with a new archival stamp, and the evidence for the one before.

    A file that never had one gets its first, with evidence for its signatures. Arguments and
    errors: as :func:`lengthen`.
    """
    if strength.level != "B-LTA":
        raise UsageError(
            "Gia hạn dấu thời gian cần mức B-LTA.", "Renewing an archival stamp needs level B-LTA."
        )
    with open_pdf(pdf) as opened:
        first = not any(field.is_timestamp for field in opened.fields)
    if first:
        lengthen(pdf, out, strength, moment)
        return
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer, _named():
        _stamper(strength).update_archival_timestamp_chain(
            writer.prev, proving_context(strength, moment=moment), in_place=True
        )


def _stamper(strength: Strength) -> PdfTimeStamper:
    assert strength.tsa_url is not None
    return PdfTimeStamper(UrlTimeStamper(strength.tsa_url))


def _signatures(reader: PdfFileReader) -> Sequence[Any]:
    return [one for one in reader.embedded_regular_signatures if one is not None]


class _named:  # noqa: N801 - used as a context manager, like a function
    """What cannot be proved now is a state in which the file waits."""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, _NOT_PROVED):
            raise MissingPart(
                "Chưa lấy đủ bằng chứng (chứng thư, thu hồi) để gia hạn. Hãy kiểm tra chứng thư "
                "gốc, thư mục danh sách thu hồi hoặc mạng.",
                "The evidence (certificates, revocation) for prolonging is not complete. Check "
                "the roots, the folder of revocation lists, or the network.",
                code="evidence_missing",
                note=str(error),
            ) from error
