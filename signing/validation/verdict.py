# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""From findings to one reasoned verdict a signature.

Three questions are judged apart and only then together: do the signed bytes hold
(integrity), may the signer be trusted (chain), and does the file still show what was
signed (coverage, later changes).

The moment that counts for the certificate is the one that is proved: by a timestamp of
a trusted authority, else only the present (ETSI EN 319 102-1, 5.5). A signature made
outside the certificate's validity by its own account is invalid; one whose certificate
ended since, without proof of its age, is undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils import generic

from signing.entries import entry
from signing.keys import is_test_certificate
from signing.validation.changes import ChangeFinding, judge_changes
from signing.validation.integrity import (
    Finding,
    Token,
    judge_bare,
    judge_contents,
    judge_token,
)
from signing.validation.names import name_of
from signing.validation.reading import BROKEN, FilledField, OpenedPdf
from signing.validation.security_store import SecurityStore
from signing.validation.stamps_alone import stamps_alone
from signing.validation.timing import (
    DocumentTimestamps,
    digest_of,
    document_timestamps,
    imprint_of,
    proved_moment,
    signed_at,
)
from signing.validation.trust import ChainFinding, Evidence, judge_chain
from vocabulary.clock import vietnam_time
from vocabulary.papers import SignatureRecord
from vocabulary.text import nfc

Verdict = Literal["valid", "valid_with_remarks", "undecided", "invalid"]

_UNDECIDING = {
    "weak_digest_sha1",
    "weak_digest_md5",
    "no_trust_anchor",
    "certificate_missing",
    "algorithm_unknown",
    "changed_after_signing",
    "certificate_expired",
    "later_signature_not_valid",
}
_FATAL = {"revoked", "chain_invalid", "key_usage", "certificate_not_yet_valid", "cms_unreadable"}


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything found about one signature."""

    field: FilledField
    finding: Finding
    changes: ChangeFinding
    chain: ChainFinding
    tokens: tuple[Token, ...]
    proved: datetime | None
    token_remarks: tuple[str, ...]
    level: str


def judge_signatures(
    pdf: OpenedPdf, evidence: Evidence, now: datetime
) -> tuple[SignatureRecord, ...]:
    """A record for every filled signature field, in the order in which they were made."""
    store = SecurityStore.read(pdf)
    evidence = evidence.with_more(store.certificates, store.crls, store.ocsps)
    stamps = document_timestamps(pdf, evidence, now)
    judged = [
        _judge_one(pdf, field, evidence, stamps, store)
        for field in pdf.fields
        if not field.is_timestamp
    ]
    records: list[SignatureRecord] = []
    behind = ["trailing_bytes"] if pdf.tail_is_odd() else []
    for place, one in enumerate(judged):
        later = judged[place + 1 :]
        extra = ["timestamp_invalid"] if stamps.broken_since > one.field.revision else []
        extra += [*stamps.remarks, *behind]
        records.append(_record(pdf, one, later, extra))
    records = _doubt_by_later(records)
    if not judged:
        records += stamps_alone(pdf, evidence, stamps)
    records += [_unreadable(name, pdf.prefix) for name in pdf.unreadable_fields]
    return tuple(records)


def _judge_one(
    pdf: OpenedPdf,
    field: FilledField,
    evidence: Evidence,
    stamps: DocumentTimestamps,
    store: SecurityStore,
) -> Judged:
    latest = stamps.known_since[field.number]
    if field.subfilter == "adbe.x509.rsa_sha1":
        finding = judge_bare(field.contents, entry(field.value, "/Cert"), digest_of(pdf, field))
    else:
        finding = judge_contents(field.contents, field.subfilter, digest_of(pdf, field))
    evidence = evidence.with_more(finding.others, finding.crls, finding.ocsps)
    tokens = tuple(judge_token(token, imprint_of(finding)) for token in finding.tokens)
    proved, token_remarks = proved_moment(tokens, evidence, latest)
    chain = _chain(finding, evidence, proved or latest, signed_at(field, finding, tokens)[0])
    return Judged(
        field=field,
        finding=finding,
        changes=judge_changes(pdf, field),
        chain=chain,
        tokens=tokens,
        proved=proved,
        token_remarks=token_remarks,
        level=_level(field, finding, tokens, stamps.sound, store),
    )


def _chain(
    finding: Finding, evidence: Evidence, moment: datetime, signed: datetime | None
) -> ChainFinding:
    certificate = finding.certificate
    if certificate is None:
        return ChainFinding("unknown")
    try:
        begin, end = certificate.not_valid_before, certificate.not_valid_after
        if signed is not None and signed > end:
            return ChainFinding("untrusted", ("certificate_expired",))
        if signed is not None and signed < begin:
            return ChainFinding("untrusted", ("certificate_not_yet_valid",))
    except BROKEN:
        return ChainFinding("untrusted", ("chain_invalid",))
    chain = judge_chain(certificate, evidence, moment, "signing")
    if chain.remarks == ("certificate_expired",):
        # It was good when it signed by its own account, which nothing proves.
        return ChainFinding("unknown", chain.remarks)
    return chain


def _level(
    field: FilledField,
    finding: Finding,
    tokens: Sequence[Token],
    stamps: Sequence[FilledField],
    store: SecurityStore,
) -> str:
    """PAdES baseline level (ETSI EN 319 142-1, 6) as far as its parts are there and hold."""
    if field.subfilter != "ETSI.CAdES.detached" or not finding.names_certificate:
        return "legacy"
    later = [stamp for stamp in stamps if stamp.revision > field.revision]
    timed = later or any(token.finding.integrity == "intact" for token in tokens)
    if not timed:
        return "B-B"
    if not (store.certificates and (store.crls or store.ocsps)):
        return "B-T"
    return "B-LTA" if any(stamp.revision in store.timestamped for stamp in later) else "B-LT"


def _record(
    pdf: OpenedPdf, one: Judged, later: Sequence[Judged], extra: Sequence[str]
) -> SignatureRecord:
    finding, changes = one.finding, one.changes
    remarks = ["transport_prefix"] if pdf.prefix else []
    remarks += [*finding.remarks, *one.chain.remarks, *one.token_remarks, *changes.remarks, *extra]
    vouched = _vouched(later)
    harmless = changes.changes in ("none", "evidence") or (
        changes.changes == "form_filling" and changes.permitted and vouched
    )
    if not harmless:
        remarks.append("changed_after_signing")
    certificate = finding.certificate
    signed, source = signed_at(one.field, finding, one.tokens)
    remarks = list(dict.fromkeys(remarks))
    return SignatureRecord(
        field=nfc(one.field.name),
        signer=name_of(certificate, "subject") or _text(entry(one.field.value, "/Name")),
        certificate_issuer=name_of(certificate, "issuer"),
        level=one.level,
        verdict=_verdict(one, remarks, vouched=vouched),
        remarks=tuple(remark for remark in remarks if remark),
        integrity=finding.integrity,
        trust=one.chain.trust,
        covers=changes.covers,
        changes_after=changes.changes,
        signed_at=vietnam_time(signed) if signed else None,
        time_source=source,
        test_authority=_is_test(certificate),
    )


def _vouched(later: Sequence[Judged]) -> bool:
    """Whether the last signature of the file is later, intact, and closes the file."""
    if not later or any(other.finding.integrity != "intact" for other in later):
        return False
    last = later[-1].changes
    return last.covers == "whole_file" or last.changes in ("none", "evidence")


def _verdict(one: Judged, remarks: Sequence[str], *, vouched: bool) -> Verdict:
    changes = one.changes
    if one.finding.integrity == "broken" or changes.covers == "unclear":
        return "invalid"
    if one.chain.trust == "untrusted" or _FATAL.intersection(remarks):
        return "invalid"
    if "timestamp_invalid" in remarks:
        return "invalid"
    if changes.changes in ("other", "annotations") and not vouched:
        return "invalid"
    if changes.changes == "form_filling" and not changes.permitted:
        return "invalid"
    if one.finding.integrity == "undecided" or one.chain.trust == "unknown":
        return "undecided"
    if _UNDECIDING.intersection(remarks):
        return "undecided"
    return "valid_with_remarks" if remarks else "valid"


def _doubt_by_later(records: list[SignatureRecord]) -> list[SignatureRecord]:
    """A good signature followed by one that is worse trusted may be painted over by that one."""
    doubted = []
    for place, record in enumerate(records):
        worse = any(
            other.verdict == "invalid" or (record.trust == "trusted" and other.trust != "trusted")
            for other in records[place + 1 :]
        )
        if worse and record.verdict in ("valid", "valid_with_remarks"):
            remarks = (*record.remarks, "later_signature_not_valid")
            record = replace(record, verdict="undecided", remarks=remarks)
        doubted.append(record)
    return doubted


def _unreadable(name: str, prefix: int) -> SignatureRecord:
    remarks = ("transport_prefix", "cms_unreadable") if prefix else ("cms_unreadable",)
    return SignatureRecord(
        field=nfc(name),
        signer="",
        certificate_issuer="",
        level="legacy",
        verdict="invalid",
        remarks=remarks,
        integrity="broken",
        trust="unknown",
        covers="unclear",
        changes_after="other",
        signed_at=None,
        time_source=None,
    )


def _text(value: object) -> str:
    return nfc(str(value)) if isinstance(value, generic.TextStringObject) else ""


def _is_test(certificate: asn1_x509.Certificate | None) -> bool:
    if certificate is None:
        return False
    try:
        return is_test_certificate(x509.load_der_x509_certificate(certificate.dump()))
    except ValueError:
        return False
