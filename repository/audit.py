"""The audit log: who read, decided, refused; append-only and chained by hashes.

Each entry's hash covers the one before, so a change, a removal or an insertion
anywhere breaks the chain at that place. A cut at the end is seen by comparing
with a head that was kept elsewhere (signed receipts carry it). A person is
named by a keyed hash of the identifier: with the office's key one can ask
"who looked at this person's papers", without it the log names nobody.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from repository.schema import audit_log
from repository.subjects import normalise
from repository.together import last_answer
from vocabulary.errors import InvalidRequest
from vocabulary.given import whole_number

START: Final = "0" * 64
"""What the first entry names as its predecessor."""

_LOCK: Final = 0x50_4F_48_4F_41
"""Key of the advisory lock that lines up writers on PostgreSQL (SQLite has one writer anyway)."""

_HEAD: Final = "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1"
_LAST: Final = text(_HEAD)
_LOCK_AND_LAST: Final = [f"SELECT pg_advisory_xact_lock({_LOCK})", _HEAD]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that must be answerable for later.

    ``actor``: user name, client id or ``system``. ``outcome``: ``ok``,
    ``refused``, ``not_found`` ... ``detail``: JSON-ready, without personal data
    (purpose, legal basis, procedure, dossier, digests).
    """

    event_type: str
    actor: str
    occurred_at: datetime
    document_id: str | None = None
    subject_lookup: str | None = None
    outcome: str = "ok"
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry in its place in the chain."""

    seq: int
    entry: AuditEntry
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """What a check of the chain found; ``first_broken`` is the first entry that does not fit."""

    entries: int
    intact: bool
    first_broken: int | None
    head: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries an inspector asks for; None means any."""

    document_id: str | None = None
    subject_lookup: str | None = None
    actor: str | None = None
    event_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first; ``next`` is the cursor of the following page."""

    items: tuple[Recorded, ...]
    next: str | None


def subject_lookup(key: bytes, scheme: str, value: str) -> str:
    """How the log names a person: HMAC-SHA-256 of ``scheme|identifier`` with the office's key."""
    identifier = normalise(scheme, value)
    plain = f"{identifier.scheme}|{identifier.value}".encode()
    return hmac.new(key, plain, hashlib.sha256).hexdigest()


def append(tx: Session, entry: AuditEntry) -> Recorded:
    """Adds an entry in the caller's transaction: no entry, no act, and the other way round."""
    return append_all(tx, [entry])[0]


def append_all(tx: Session, entries: Sequence[AuditEntry]) -> list[Recorded]:
    """:func:`append` for several, in their order."""
    if tx.get_bind().dialect.name == "postgresql":
        last = last_answer(tx, _LOCK_AND_LAST)
    else:
        last = tx.execute(_LAST).one_or_none()
    seq, head = (0, START) if last is None else (last[0], last[1])
    written = []
    for entry in entries:
        seq += 1
        made = _hash(seq, entry, _canonical(entry.detail), head)
        written.append(Recorded(seq, entry, head, made))
        head = made
    tx.execute(_ADD, [_row(one) for one in written])
    return written


_ADD: Final = audit_log.insert()


def _row(recorded: Recorded) -> dict[str, Any]:
    entry = recorded.entry
    return {
        "seq": recorded.seq,
        "occurred_at": entry.occurred_at,
        "event_type": entry.event_type,
        "actor": entry.actor,
        "document_id": entry.document_id,
        "subject_lookup": entry.subject_lookup,
        "outcome": entry.outcome,
        "detail": _canonical(entry.detail),
        "prev_hash": recorded.prev_hash,
        "hash": recorded.hash,
    }


def verify(tx: Session, known_head: tuple[int, str] | None = None) -> ChainStatus:
    """Recomputes the whole chain.

    Args:
        tx: a reading session.
        known_head: number and hash of an entry kept outside, which must be in the chain.
    """
    entries, head = 0, START
    for row in tx.execute(select(audit_log).order_by(audit_log.c.seq)).yield_per(1000):
        expected = _hash(row.seq, _entry(row), row.detail, head)
        if row.seq != entries + 1 or row.prev_hash != head or row.hash != expected:
            return ChainStatus(entries, False, entries + 1, head)
        entries, head = row.seq, row.hash
        if known_head is not None and known_head[0] == entries and known_head[1] != head:
            return ChainStatus(entries, False, entries, head)
    if known_head is not None and known_head[0] > entries:
        return ChainStatus(entries, False, entries + 1, head)
    return ChainStatus(entries, True, None, head)


def page_of(
    tx: Session, wanted: AuditFilter, cursor: str | None = None, limit: int = 50
) -> AuditPage:
    """Entries for an inspector, newest first.

    Raises:
        InvalidRequest: the cursor is not one that was given out.
    """
    query = select(audit_log).order_by(audit_log.c.seq.desc())
    for name in ("document_id", "subject_lookup", "actor", "event_type"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(audit_log.c[name] == value)
    if wanted.since is not None:
        query = query.where(audit_log.c.occurred_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit_log.c.occurred_at < wanted.until)
    if cursor is not None:
        before = whole_number(cursor, 18)
        if before is None:
            raise InvalidRequest(
                "Vị trí trang không hợp lệ.", "The cursor is not valid.", field="cursor"
            )
        query = query.where(audit_log.c.seq < before)
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(_recorded(row) for row in rows[:limit])
    return AuditPage(items, str(items[-1].seq) if len(rows) > limit else None)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(seq: int, entry: AuditEntry, detail: str, prev_hash: str) -> str:
    # The detail goes in as the text that is stored: a database that reorders
    # or rewrites JSON must not be able to break the chain.
    covered = _canonical(
        [
            seq,
            prev_hash,
            entry.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.event_type,
            entry.actor,
            entry.document_id,
            entry.subject_lookup,
            entry.outcome,
            detail,
        ]
    )
    return hashlib.sha256(covered.encode()).hexdigest()


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        event_type=row.event_type,
        actor=row.actor,
        occurred_at=row.occurred_at,
        document_id=row.document_id,
        subject_lookup=row.subject_lookup,
        outcome=row.outcome,
    )


def _recorded(row: Row[Any]) -> Recorded:
    entry = _entry(row)
    whole = AuditEntry(
        entry.event_type, entry.actor, entry.occurred_at, entry.document_id,
        entry.subject_lookup, entry.outcome, json.loads(row.detail),
    )  # fmt: skip
    return Recorded(row.seq, whole, row.prev_hash, row.hash)
