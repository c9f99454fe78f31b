"""Legal holds (lệnh giữ, niêm phong): what nobody may dispose of, whatever the schedule says.

A hold is on one document, on all papers of a dossier, or on all of a subject: those that
are theirs and those of their dossiers, also what comes in later.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.named_objects import objects_of
from repository.schema import (
    documents,
    dossier_papers,
    dossiers,
    legal_holds,
    object_holds,
    subject_merges,
)
from vocabulary.errors import Conflict, InvalidRequest, NotFound

Scope = Literal["document", "dossier", "subject"]
SCOPES: Final = ("document", "dossier", "subject")


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds what, why, on what legal basis, since when; and the same of its end.

    ``target``: id of the document or subject, code of the dossier.
    """

    id: str
    scope: Scope
    target: str
    reason: str
    legal_basis: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None


def place(
    tx: Session, scope: Scope, target: str, reason: str, legal_basis: str, by: str, now: datetime
) -> Hold:
    """Holds a document, a dossier's or a subject's papers, until somebody lifts it.

    The caller has made sure that the target is there.

    Raises:
        InvalidRequest: reason or legal basis is missing.
    """
    hold = Hold(
        new_id(), scope, target, _said("reason", reason), _said("legal_basis", legal_basis), by, now
    )
    values = {name: getattr(hold, name) for name in Hold.__dataclass_fields__}
    tx.execute(legal_holds.insert().values(**values))
    return hold


def lift(tx: Session, hold_id: str, reason: str, by: str, now: datetime) -> Hold:
    """Ends a hold; others on the same papers go on.

    Raises:
        NotFound: there is none.
        Conflict: ``hold_lifted``: it was lifted before.
        InvalidRequest: the reason is missing.
    """
    if get(tx, hold_id).lifted_at is not None:
        raise Conflict(
            "Lệnh giữ này đã được gỡ trước đó.",
            "This hold was lifted before.",
            code="hold_lifted",
        )
    values = {"lifted_by": by, "lifted_at": now, "lift_reason": _said("reason", reason)}
    tx.execute(update(legal_holds).where(legal_holds.c.id == hold_id).values(**values))
    return get(tx, hold_id)


def get(tx: Session, hold_id: str) -> Hold:
    """One hold.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(legal_holds).where(legal_holds.c.id == hold_id)).one_or_none()
    if row is None:
        raise NotFound("Không có lệnh giữ này.", "There is no such hold.")
    return _hold(row)


def every(tx: Session, *, active_only: bool = True, limit: int = 1000) -> list[Hold]:
    """Holds, newest first."""
    query = select(legal_holds).order_by(legal_holds.c.placed_at.desc(), legal_holds.c.id)
    if active_only:
        query = query.where(legal_holds.c.lifted_at.is_(None))
    return [_hold(row) for row in tx.execute(query.limit(limit))]


def held_among(tx: Session, ids: Collection[str]) -> frozenset[str]:
    """Which of these documents are under a hold now."""
    return frozenset(tx.execute(_held(tx).where(documents.c.id.in_(ids))).scalars())


def held_objects(tx: Session) -> frozenset[str]:
    """Hashes of all objects of documents under a hold."""
    held = list(tx.execute(_held(tx).where(documents.c.status != "disposed")).scalars())
    return frozenset(name for one in held for name in objects_of(tx, one))


def set_in_store(tx: Session) -> frozenset[str]:
    """Objects that this service has put under hold in the store."""
    return frozenset(tx.execute(select(object_holds.c.sha256)).scalars())


def note_in_store(tx: Session, sha256: str, now: datetime, *, on: bool) -> None:
    """Remembers what was done in the store."""
    if on:
        insert_once(tx, object_holds, {"sha256": sha256, "set_at": now})
    else:
        tx.execute(object_holds.delete().where(object_holds.c.sha256 == sha256))


def _held(tx: Session) -> Select[Any]:
    """Ids of the documents under a hold."""
    active = legal_holds.c.lifted_at.is_(None)

    def targets(scope: Scope) -> Select[Any]:
        return select(legal_holds.c.target).where(active, legal_holds.c.scope == scope)

    whose = _with_joined(tx, set(tx.execute(targets("subject")).scalars()))
    in_held_dossier = (
        select(dossier_papers.c.document_id)
        .join(dossiers, dossiers.c.code == dossier_papers.c.dossier)
        .where(or_(dossiers.c.code.in_(targets("dossier")), dossiers.c.subject_id.in_(whose)))
    )
    return select(documents.c.id).where(
        or_(
            documents.c.id.in_(targets("document")),
            documents.c.subject_id.in_(whose),
            documents.c.id.in_(in_held_dossier),
        )
    )


def _with_joined(tx: Session, subjects: set[str]) -> set[str]:
    """Also those that a held subject was found to be the same as: a merge frees nobody."""
    if not subjects:
        return subjects
    merges = tx.execute(
        select(subject_merges.c.gone, subject_merges.c.kept).where(
            subject_merges.c.undone_at.is_(None)
        )
    ).all()
    before = 0
    while len(subjects) != before:
        before = len(subjects)
        subjects |= {kept for gone, kept in merges if gone in subjects}
    return subjects


def _said(name: str, text: str) -> str:
    if not text.strip():
        raise InvalidRequest(
            "Lệnh giữ cần lý do và căn cứ pháp lý.",
            "A hold needs a reason and a legal basis.",
            field=name,
        )
    return text.strip()


def _hold(row: Row[Any]) -> Hold:
    values = row._mapping
    return Hold(
        **{name: values[name] for name in Hold.__dataclass_fields__ if name != "scope"},
        scope=cast(Scope, row.scope),
    )
