# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Certify a digitised paper: the officer's and the organisation's signature.

The officer who scanned signs top left and thereby certifies the file (DocMDP: only
further signatures may follow); the organisation signs top right. Both visible fields
are made before the first signature: difference analysis rejects a visible field that
appears after a certification.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields

from signing import keys
from signing.revocation import Revocation, refuse_revoked
from signing.sign import (
    Level,
    Placed,
    Strength,
    apply,
    make_fields,
    new_version,
    open_for_signing,
)
from signing.stamp import Corner, StampStyle, StampTexts
from vocabulary.errors import Conflict
from vocabulary.papers import Box

OFFICER_FIELD: Final = "CanBo"
ORGANISATION_FIELD: Final = "CoQuan"


@dataclass(frozen=True, slots=True)
class CertifyOrder:
    """Who certifies what, and when.

    ``scanned_at`` stands in the officer's stamp, ``signed_at`` in the organisation's and
    in both signatures. ``test`` marks both stamps as a test; keys of the test authority
    always do. ``avoid``: word boxes of page 1 (points) that the stamps should not cover.
    """

    officer: keys.Signer
    organisation: keys.Signer
    officer_name: str
    organisation_name: str
    scanned_at: datetime
    signed_at: datetime
    copy_form: str = "Sao y"
    test: bool = False
    texts: StampTexts = field(default_factory=StampTexts)
    level: Level = "B-B"
    tsa_url: str | None = None
    anchors: tuple[Path, ...] = ()
    revocation: Revocation = field(default_factory=Revocation)
    avoid: tuple[Box, ...] = ()


def certify(pdf: Path, out: Path, order: CertifyOrder) -> None:
    """Write ``out``: ``pdf`` with both signatures, PDF/A as before, durable or not at all.

    Raises:
        Conflict: ``already_signed``; a signed original is never certified over.
        Stopped: ``encrypted``, ``damaged``, ``empty``.
        InvalidRequest: ``certificate_expired``, ``certificate_not_yet_valid``,
            ``certificate_revoked``.
        MissingPart: font, time stamping authority or validation data missing.
    """
    for key in (order.officer, order.organisation):
        check_signer(key, order)
    with new_version(pdf, out) as stream:
        with open_for_signing(stream) as writer:
            stamps = make_both_fields(writer, order)
            apply(writer, order.officer, first_place(order, stamps), first_strength(order))
        with open_for_signing(stream) as writer:
            placed = Placed(ORGANISATION_FIELD, stamps[ORGANISATION_FIELD], order.signed_at)
            apply(writer, order.organisation, placed, strength_of(order))


def check_signer(key: keys.Signer, order: CertifyOrder) -> None:
    """Refuse a certificate that signs no more.

    Raises:
        InvalidRequest: ``certificate_expired``, ``certificate_not_yet_valid``,
            ``certificate_revoked``.
    """
    keys.check_validity(key.certificate, order.signed_at)
    refuse_revoked(key.certificate, order.revocation.held())


def strength_of(order: CertifyOrder) -> Strength:
    """How long the second signature, and with it the paper, must be provable."""
    return Strength(order.level, order.tsa_url, order.anchors, order.revocation)


def first_strength(order: CertifyOrder) -> Strength:
    """Long-term data belong behind the last signature; the first needs its time at most."""
    return Strength("B-B" if order.level == "B-B" else "B-T", order.tsa_url)


def make_both_fields(
    writer: IncrementalPdfFileWriter, order: CertifyOrder
) -> dict[str, StampStyle]:
    """Both visible fields, on a file that bears no signature yet.

    Raises:
        Conflict: ``already_signed``.
    """
    if next(enumerate_sig_fields(writer, filled_status=True), None):
        raise Conflict(
            "Tệp đã có chữ ký số nên không được ký chứng thực đè lên. Hãy giữ bản gốc.",
            "The file bears a signature and is not certified over. Keep it as it is.",
            code="already_signed",
        )
    return make_fields(writer, _wanted(order), order.avoid)


def first_place(order: CertifyOrder, stamps: dict[str, StampStyle]) -> Placed:
    """The officer's signature, which certifies the file."""
    return Placed(OFFICER_FIELD, stamps[OFFICER_FIELD], order.signed_at, certify=True)


def organisation_lines(order: CertifyOrder) -> tuple[str, ...]:
    """What the organisation's stamp says."""
    return _wanted(order)[ORGANISATION_FIELD][0]


def _wanted(order: CertifyOrder) -> dict[str, tuple[tuple[str, ...], Corner]]:
    texts = order.texts
    marked = [
        order.test or keys.is_test_certificate(key.certificate)
        for key in (order.officer, order.organisation)
    ]
    officer = texts.fill(
        texts.officer, name=order.officer_name, moment=order.scanned_at, test=marked[0]
    )
    organisation = texts.fill(
        texts.organisation,
        name=order.organisation_name,
        moment=order.signed_at,
        form=order.copy_form,
        test=marked[1],
    )
    return {
        OFFICER_FIELD: (officer, texts.officer_corner),
        ORGANISATION_FIELD: (organisation, texts.organisation_corner),
    }
