# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""When was it signed, and what proves it.

A signer's own statement of the time is a claim. A timestamp token of a trusted authority
over the signature proves a moment; a document timestamp proves that everything under it
existed, so that certificates may end in the meantime.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pyhanko.pdf_utils import generic
from pyhanko.sign.general import byte_range_digest

from signing.entries import entry
from signing.validation.changes import judge_changes
from signing.validation.integrity import (
    DigestOf,
    Finding,
    Token,
    judge_token,
    padded,
    token_of,
)
from signing.validation.reading import BROKEN, FilledField, OpenedPdf
from signing.validation.trust import Evidence, judge_chain
from vocabulary.clock import VIETNAM


@dataclass(frozen=True, slots=True)
class DocumentTimestamps:
    """All document timestamps of a file together.

    ``sound``: those that hold. ``broken_since``: newest revision with one that does not,
    -1 without. ``known_since``: for each signature (by field number) the earliest moment at
    which a later trusted timestamp proves that it existed. ``remarks``: what is odd about
    the stamps or behind them. ``judged_at``: the same moment for each stamp itself.
    """

    sound: tuple[FilledField, ...]
    broken_since: int
    known_since: dict[int, datetime]
    remarks: tuple[str, ...]
    judged_at: dict[int, datetime]


def digest_of(pdf: OpenedPdf, field: FilledField) -> DigestOf:
    """Hashes the byte range of a signature."""

    def digest(algorithm: str) -> bytes:
        spans = list(zip(field.byte_range[::2], field.byte_range[1::2], strict=True))
        if any(start < 0 or length < 0 or start + length > pdf.size for start, length in spans):
            raise ValueError("the byte range leaves the file")
        value: bytes = byte_range_digest(pdf.stream, field.byte_range, algorithm)[1]
        return value

    return digest


def imprint_of(finding: Finding) -> DigestOf:
    """Hashes what a signature timestamp stands for: the signature value (RFC 3161, A)."""
    return lambda algorithm: hashlib.new(algorithm, finding.signature).digest()


def proved_moment(
    tokens: Sequence[Token], evidence: Evidence, latest: datetime
) -> tuple[datetime | None, tuple[str, ...]]:
    """The earliest moment that a trusted timestamp proves; what is wrong with the others."""
    moments, remarks = [], []
    for token in tokens:
        if token.finding.integrity == "broken" or token.moment is None:
            remarks.append("timestamp_invalid")
        elif trusted_token(token, evidence, latest):
            moments.append(token.moment)
        else:
            remarks.append("timestamp_no_trust_anchor")
    proved = min(moments, default=None)
    if proved:
        remarks = [remark for remark in remarks if remark == "timestamp_invalid"]
    return proved, tuple(dict.fromkeys(remarks))


def trusted_token(token: Token, evidence: Evidence, latest: datetime) -> bool:
    """Whether an authority that is trusted vouches for the token's moment, seen at ``latest``."""
    finding = token.finding
    if finding.integrity != "intact" or finding.certificate is None or token.moment is None:
        return False
    more = evidence.with_more(finding.others)
    chain = judge_chain(finding.certificate, more, latest, "timestamping")
    return chain.trust == "trusted" and token.moment <= latest


def document_timestamps(pdf: OpenedPdf, evidence: Evidence, now: datetime) -> DocumentTimestamps:
    """Judge every document timestamp of the file.

    Judged from the newest back: each proves that what lies under it existed in its time,
    and so lets the older one's certificate end in the meantime (ETSI EN 319 142-1, 5.5).
    """
    sound: list[FilledField] = []
    known_since: dict[int, datetime] = {}
    judged_at: dict[int, datetime] = {}
    broken, latest = -1, now
    remarks: list[str] = []
    for field in reversed(pdf.fields):
        if not field.is_timestamp:
            known_since[field.number] = latest
            continue
        judged_at[field.number] = latest
        token = stamp_token(pdf, field)
        changes = judge_changes(pdf, field)
        remarks += [one for one in changes.remarks if one == "trailing_bytes"]
        remarks += ["padding_not_zero"] if padded(field.contents) else []
        covers = changes.covers
        if token is None or token.finding.integrity == "broken" or covers == "unclear":
            broken = max(broken, field.revision)
            continue
        sound.append(field)
        if token.moment is not None and trusted_token(token, evidence, latest):
            latest = token.moment
    return DocumentTimestamps(tuple(sound), broken, known_since, tuple(remarks), judged_at)


def stamp_token(pdf: OpenedPdf, field: FilledField) -> Token | None:
    """The token of a document time stamp and whether it holds; None where there is none."""
    data = token_of(field.contents)
    return judge_token(data, digest_of(pdf, field)) if data is not None else None


def signed_at(
    field: FilledField, finding: Finding, tokens: Sequence[Token]
) -> tuple[datetime | None, Literal["timestamp", "claimed"] | None]:
    """The moment of signing and where it is from: a timestamp token, or the signer's claim."""
    moments = [t.moment for t in tokens if t.moment and t.finding.integrity != "broken"]
    if moments:
        return min(moments), "timestamp"
    claimed = finding.claimed or _pdf_date(entry(field.value, "/M"))
    return claimed, ("claimed" if claimed else None)


def _pdf_date(value: object) -> datetime | None:
    try:
        moment = generic.parse_pdf_date(str(value or ""), strict=False)
    except BROKEN:
        return None
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def moment_or_now(at: datetime | None) -> datetime:
    """The moment of validation: as given, else the machine's time."""
    return at if at is not None else datetime.now(UTC)
