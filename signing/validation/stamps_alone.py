# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Files that bear document time stamps and no signature.

A time stamp proves that the file existed at a moment; nobody has vouched for what it says.
So no verdict on it is better than undecided, and one that does not hold is invalid.
"""

from signing.validation.changes import judge_changes
from signing.validation.integrity import padded
from signing.validation.names import name_of
from signing.validation.reading import FilledField, OpenedPdf
from signing.validation.timing import DocumentTimestamps, stamp_token, trusted_token
from signing.validation.trust import Evidence
from vocabulary.clock import vietnam_time
from vocabulary.papers import SignatureRecord
from vocabulary.text import nfc


def stamps_alone(
    pdf: OpenedPdf, evidence: Evidence, stamps: DocumentTimestamps
) -> tuple[SignatureRecord, ...]:
    """A record for each document time stamp of a file without signatures."""
    return tuple(_record(pdf, field, evidence, stamps) for field in pdf.fields)


def _record(
    pdf: OpenedPdf, field: FilledField, evidence: Evidence, stamps: DocumentTimestamps
) -> SignatureRecord:
    token, changes = stamp_token(pdf, field), judge_changes(pdf, field)
    integrity = token.finding.integrity if token is not None else "broken"
    latest = stamps.judged_at.get(field.number)
    trusted = token is not None and latest is not None and trusted_token(token, evidence, latest)
    remarks = ["timestamp_only", *changes.remarks]
    if pdf.prefix:
        remarks.insert(0, "transport_prefix")
    if integrity == "broken":
        remarks.append("timestamp_invalid")
    elif not trusted:
        remarks.append("timestamp_no_trust_anchor")
    remarks += ["padding_not_zero"] if padded(field.contents) else []
    harmless = changes.changes in ("none", "evidence")
    if not harmless:
        remarks.append("changed_after_signing")
    sound = integrity != "broken" and changes.covers != "unclear" and harmless
    certificate = token.finding.certificate if token is not None else None
    moment = token.moment if token is not None else None
    return SignatureRecord(
        field=nfc(field.name),
        signer=name_of(certificate, "subject"),
        certificate_issuer=name_of(certificate, "issuer"),
        level="legacy",
        verdict="undecided" if sound else "invalid",
        remarks=tuple(dict.fromkeys(remarks)),
        integrity=integrity,
        trust="trusted" if trusted else "unknown",
        covers=changes.covers,
        changes_after=changes.changes,
        signed_at=vietnam_time(moment) if moment else None,
        time_source="timestamp" if moment else None,
    )
