"""Two entries that are one person or organisation: joined with the reason, and parted again.

Never by a name alone: a person says so, and why (an old identity card that names the new
number, a register). What was moved is kept, so that the joining can be undone exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Table, select, update
from sqlalchemy.orm import Session

from repository import subjects
from repository.ids import new_id
from repository.schema import (
    documents,
    dossiers,
    subject_identifiers,
    subject_links,
    subject_merges,
)
from repository.subjects import Subject
from vocabulary.errors import Conflict, InvalidRequest, NotFound


@dataclass(frozen=True, slots=True)
class Merge:
    """One joining: ``gone`` went into ``kept``; what was moved, by whom, why."""

    id: str
    kept: str
    gone: str
    identifiers: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    dossiers: tuple[str, ...]
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """Where it is known from that an identifier belongs to a subject."""

    scheme: str
    value: str
    source: str
    by: str
    at: datetime


def link(
    tx: Session, subject_id: str, scheme: str, value: str, source: str, by: str, now: datetime
) -> Subject:
    """Another number of the same subject (an old identity card), with where it is known from.

    Raises:
        InvalidRequest: the number does not fit, or nothing says where it is known from.
        Conflict: ``identifier_taken``; then the two are to be joined (:func:`merge`).
    """
    said = _said(source)
    found = subjects.link(tx, subject_id, scheme, value)
    identifier = subjects.normalise(scheme, value)
    tx.execute(
        subject_links.insert().values(
            id=new_id(), subject_id=subject_id, scheme=identifier.scheme, value=identifier.value,
            source=said, linked_by=by, linked_at=now,
        )
    )  # fmt: skip
    return found


def links_of(tx: Session, subject_id: str) -> list[Link]:
    """Provenance of a subject's further numbers, oldest first."""
    rows = tx.execute(
        select(subject_links)
        .where(subject_links.c.subject_id == subject_id)
        .order_by(subject_links.c.linked_at)
    )
    return [Link(row.scheme, row.value, row.source, row.linked_by, row.linked_at) for row in rows]


def merge(tx: Session, kept: str, gone: str, reason: str, by: str, now: datetime) -> Merge:
    """Everything of ``gone`` belongs to ``kept`` from now on.

    Raises:
        NotFound: one of them is not there.
        InvalidRequest: no reason, or the same entry twice.
    """
    said = _said(reason)
    if kept == gone:
        raise InvalidRequest(
            "Hai mục phải khác nhau.", "The two entries must differ.", field="other"
        )
    subjects.get(tx, kept)
    subjects.get(tx, gone)
    made = Merge(
        new_id(), kept, gone,
        tuple((row.scheme, row.value) for row in tx.execute(
            select(subject_identifiers).where(subject_identifiers.c.subject_id == gone))),
        _ids(tx, documents, documents.c.id, gone),
        _ids(tx, dossiers, dossiers.c.code, gone),
        said, by, now, None,
    )  # fmt: skip
    _move(tx, made, kept)
    tx.execute(
        subject_merges.insert().values(
            id=made.id, kept=kept, gone=gone, identifiers=[list(one) for one in made.identifiers],
            documents=list(made.documents), dossiers=list(made.dossiers), reason=said,
            merged_by=by, merged_at=now,
        )
    )  # fmt: skip
    return made


def undo(tx: Session, merge_id: str, by: str, now: datetime) -> Merge:
    """Give back what the joining moved; what came since stays where it is.

    Raises:
        NotFound: there was no such joining.
        Conflict: it was undone before (``already_undone``).
    """
    row = tx.execute(select(subject_merges).where(subject_merges.c.id == merge_id)).one_or_none()
    if row is None:
        raise NotFound("Không có lần gộp này.", "There is no such merge.")
    made = _merge(row)
    if made.undone_at is not None:
        raise Conflict(
            "Lần gộp này đã được hoàn tác.", "This merge was undone before.", code="already_undone"
        )
    _move(tx, made, made.gone)
    tx.execute(
        update(subject_merges)
        .where(subject_merges.c.id == merge_id)
        .values(undone_by=by, undone_at=now)
    )
    return made


def merges_of(tx: Session, subject_id: str) -> list[Merge]:
    """Joinings in which a subject was kept or went, newest first."""
    mine = (subject_merges.c.kept == subject_id) | (subject_merges.c.gone == subject_id)
    rows = tx.execute(
        select(subject_merges).where(mine).order_by(subject_merges.c.merged_at.desc())
    )
    return [_merge(row) for row in rows]


def _move(tx: Session, made: Merge, to: str) -> None:
    for scheme, value in made.identifiers:
        tx.execute(
            update(subject_identifiers)
            .where(subject_identifiers.c.scheme == scheme, subject_identifiers.c.value == value)
            .values(subject_id=to)
        )
    _hand(tx, documents, documents.c.id, _not_disposed(tx, made.documents), to)
    _hand(tx, dossiers, dossiers.c.code, made.dossiers, to)


def _not_disposed(tx: Session, ids: Sequence[str]) -> Sequence[str]:
    """The tombstone of a paper belongs to nobody any more."""
    rows = tx.execute(
        select(documents.c.id).where(documents.c.id.in_(ids), documents.c.status != "disposed")
    )
    return list(rows.scalars())


def _hand(tx: Session, table: Table, key: object, ids: Sequence[str], to: str) -> None:
    for one in ids:
        tx.execute(update(table).where(key == one).values(subject_id=to))  # type: ignore[arg-type]


def _ids(tx: Session, table: Table, key: object, subject_id: str) -> tuple[str, ...]:
    rows = tx.execute(select(key).where(table.c.subject_id == subject_id).order_by(key))  # type: ignore[call-overload]
    return tuple(str(one) for one in rows.scalars())


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidRequest(
            "Hãy ghi rõ căn cứ (giấy tờ, cơ sở dữ liệu): không nối hai người chỉ vì trùng tên.",
            "Say where it is known from (a paper, a register): a name alone joins nobody.",
            code="source_needed",
            field="reason",
        )
    return reason.strip()


def _merge(row: Row[tuple[object, ...]]) -> Merge:
    return Merge(
        row.id, row.kept, row.gone, tuple((scheme, value) for scheme, value in row.identifiers),
        tuple(row.documents), tuple(row.dossiers), row.reason, row.merged_by, row.merged_at,
        row.undone_at,
    )  # fmt: skip
