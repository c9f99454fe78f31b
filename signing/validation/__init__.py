"""Judge the signatures of an incoming file: a reasoned verdict each, never an exception.

Wraps pyHanko (integrity, difference analysis) and pyhanko-certvalidator (chains), offline
unless told otherwise, and adds what real files need: foreign bytes before ``%PDF``,
signatures whose encoding deviates, fields that cannot be read, what was painted later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from signing.presence import has_signatures
from signing.revocation import Revocation
from signing.validation.anchors import read_anchors
from signing.validation.reading import open_pdf
from signing.validation.remarks import REMARKS, Remark
from signing.validation.timing import moment_or_now
from signing.validation.trust import Evidence
from signing.validation.verdict import judge_signatures
from vocabulary.papers import RecordState, SignatureRecord

__all__ = ["REMARKS", "Remark", "VerifyReport", "has_signatures", "verify_file"]

_WORST_FIRST: Final = ("invalid", "undecided", "valid_with_remarks", "valid")


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What one file's signatures are worth.

    ``transport_prefix``: foreign bytes before ``%PDF`` (0 as a rule). ``state``: "done";
    "needs_review" where a signature is undecided; "stopped" where the file could not be
    read, with its code of :data:`vocabulary.reasons.REASONS` in ``reason``.
    """

    signatures: tuple[SignatureRecord, ...]
    transport_prefix: int
    encrypted: bool
    state: RecordState
    reason: str | None = None

    @property
    def verdict(self) -> str:
        """The worst verdict of all, "unsigned" without a signature."""
        found = {signature.verdict for signature in self.signatures}
        return next((verdict for verdict in _WORST_FIRST if verdict in found), "unsigned")

    def to_json(self) -> dict[str, Any]:
        """As ``sohoa verify --json`` prints it (without the file's name)."""
        return {
            "signatures": [signature.to_json() for signature in self.signatures],
            "transport_prefix": self.transport_prefix,
            "encrypted": self.encrypted,
            "verdict": self.verdict,
            "state": self.state,
            "reason": self.reason,
        }


def verify_file(
    path: Path,
    anchors: Sequence[Path],
    at: datetime | None = None,
    online: bool = False,
    folder: Path | None = None,
) -> VerifyReport:
    """Judge every signature of a PDF.

    Args:
        path: the file; read, never written.
        anchors: trusted root certificates (PEM or DER files); without any, trust stays
            unknown and no verdict is better than "undecided".
        at: moment of validation, timezone-aware; the machine's time by default.
        online: whether certificates and revocation data may be fetched.
        folder: certificates, CRLs and OCSP answers that an administrator keeps here.

    Raises:
        MissingPart: ``trust_file_missing``, ``revocation_folder_missing``.
        InvalidRequest: ``trust_file_unreadable``.
        OSError: the file itself cannot be opened.
    """
    source = Revocation(folder, online)
    held = source.held()
    evidence = Evidence(
        read_anchors(anchors), held.certificates, held.crls, held.ocsps, source.fetchers()
    )
    with open_pdf(path) as pdf:
        if pdf.reader is None:
            return VerifyReport((), pdf.prefix, pdf.encrypted, "stopped", pdf.trouble)
        records = judge_signatures(pdf, evidence, moment_or_now(at))
        undecided = any(record.verdict == "undecided" for record in records)
        state: RecordState = "needs_review" if undecided else "done"
        return VerifyReport(records, pdf.prefix, pdf.encrypted, state)
