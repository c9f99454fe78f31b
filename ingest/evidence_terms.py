"""What another system asks for: the question, its refusals with their codes, its log entries."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ingest.house import House
from repository import audit
from repository.audit import AuditEntry
from signing.receipts import canonical
from vocabulary.errors import InvalidRequest, NotAllowed

ANCHORS: Final[Mapping[str, str]] = {
    "purpose_not_allowed": "EDM:ERR:0002",
    "insufficient_scope": "EDM:ERR:0002",
    "consent_missing": "EDM:ERR:0002",
    "preview_refused": "EDM:ERR:0002",
    "preview_expired": "EDM:ERR:0005",
    "invalid_request": "EDM:ERR:0003",
    "evidence_not_found": "EDM:ERR:0004",
    "unresolved_reference": "EDM:ERR:0006",
    "unsupported_capability": "EDM:ERR:0007",
    "replayed_request": "EDM:ERR:0003",
    "subject_ambiguous": "EDM:ERR:0003",
}
"""Our codes beside those of the EU once-only technical system (OOTS, exception data model)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What another system asks. ``body``: the request as it came, for its fingerprint.

    ``consent``: what the holder said, None where nobody asked because the law needs no
    consent (an authority doing its task). ``scope``: to which purposes the token was narrowed.
    ``conversation``: of a preview that this request carries on. ``number``: empty where the
    subject is named by name and birth date alone. ``name``: what the caller knows of it.
    ``formats``: media types that it takes, any where none is named.
    """

    request_id: str
    procedure: str
    case_ref: str
    legal_basis: tuple[Mapping[str, str], ...]
    scheme: str
    number: str
    type: str
    body: Mapping[str, Any]
    issued_at: datetime | None = None
    consent: bool | None = None
    min_issue_date: date | None = None
    valid_at: date | None = None
    officer: str = ""
    scope: str = ""
    conversation: str | None = None
    name: str = ""
    formats: tuple[str, ...] = ()


def refused(code: str, why: str) -> NotAllowed:
    """No right to ask; ``why`` stands in the log alone."""
    return NotAllowed(
        "Yêu cầu khai thác không được phép cho mục đích này. Hãy liên hệ cơ quan giữ giấy tờ.",
        "The evidence may not be asked for with this purpose. Contact the office that holds it.",
        code=code,
        anchor=ANCHORS[code],
        why=why,
    )


def unresolved(name: str, value: str) -> InvalidRequest:
    """Something named that is not known here."""
    return InvalidRequest(
        f"Không xác định được {name}: {value}.",
        f"{name} cannot be resolved: {value}.",
        code="unresolved_reference",
        field=name,
        anchor=ANCHORS["unresolved_reference"],
    )


def entry_of(
    house: House, question: Question, client: str, event: str, *, outcome: str = "ok", **detail: Any
) -> AuditEntry:
    """What the log says of a question; the subject by a keyed hash."""
    try:
        lookup = audit.subject_lookup(house.audit_key, question.scheme, question.number)
    except InvalidRequest:
        lookup = None
    told = {
        "request": question.request_id,
        "procedure": question.procedure,
        "case_ref": question.case_ref,
        "legal_basis": [dict(one) for one in question.legal_basis],
        "type": question.type,
        "officer": question.officer,
    }
    return AuditEntry(
        event, client, house.clock.now(), subject_lookup=lookup, outcome=outcome,
        detail={**told, **detail},
    )  # fmt: skip


def log(
    house: House, question: Question, client: str, event: str, *, outcome: str = "ok", **detail: Any
) -> None:
    """:func:`entry_of`, in a transaction of its own."""
    with house.database.write() as tx:
        audit.append(tx, entry_of(house, question, client, event, outcome=outcome, **detail))


def fingerprint_of(body: Mapping[str, Any]) -> str:
    """Hash of a request as it came: the same request gets the same answer."""
    return hashlib.sha256(canonical(_plain(body))).hexdigest()


def matter_of(body: Mapping[str, Any]) -> str:
    """Hash of what is asked, without what may change from call to call of a conversation."""
    changing = {"request_id", "conversation_id", "issued_at", "preview"}
    return fingerprint_of({name: one for name, one in body.items() if name not in changing})


def _plain(value: Any) -> Any:
    """The body as the fingerprint takes it: fractions as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, float) else value
