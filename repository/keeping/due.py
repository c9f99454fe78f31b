"""Which papers have fallen due on a day, and why others have not.

The reasons are asked in the same words when a list is drafted, when it is approved and
right before each paper goes: what came up in between (a hold, a dossier) wins.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from repository.documents.views import Document, document_of, selected
from repository.dossiers.views import OPEN
from repository.keeping.holds import held_among
from repository.keeping.schedule import EVERY, Paper, Rule, Schedule, Term, keep_until
from repository.schema import (
    disposal_entries,
    disposals,
    documents,
    dossier_papers,
    dossiers,
    evidence_links,
)
from vocabulary.clock import VIETNAM

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "disposed": ("đã hủy", "disposed of already"),
    "held": ("đang bị giữ theo lệnh", "under a legal hold"),
    "in_work": ("chưa xử lý xong", "still on its way"),
    "dossier_open": ("thuộc hồ sơ chưa kết thúc", "used by an open dossier"),
    "evidence": ("đang được khai thác làm bằng chứng", "given as evidence, not yet fetched"),
    "succeeds": ("thay thế một giấy tờ còn lưu", "replaces a paper that is kept"),
    "in_force": ("còn hiệu lực", "still in force"),
    "listed": ("đã nằm trong danh mục khác", "on another list"),
    "no_rule": ("chưa có thời hạn bảo quản", "no retention rule"),
    "unconfirmed_rule": ("thời hạn chưa được xác nhận", "the rule is not confirmed"),
    "permanent": ("bảo quản vĩnh viễn", "kept for ever"),
    "not_due": ("chưa hết thời hạn bảo quản", "not due yet"),
}
"""Why a paper stays, in both languages; in the order in which they are asked."""

_AT_ONCE: Final = 500
_ALIVE: Final = ("draft", "approved", "running", "partly")


@dataclass(frozen=True, slots=True)
class Judged:
    """A document, its term, and why it stays (a key of :data:`REASONS`); None: it may go."""

    document: Document
    term: Term
    stays: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of papers. ``trial``: an office where rules need not be confirmed (demo)."""

    schedule: Schedule
    day: date
    now: datetime
    trial: bool = False
    apart_from: str = ""
    """The list that is asked for: standing on it keeps nothing."""


def judge(tx: Session, ids: Collection[str], question: Question) -> list[Judged]:
    """Each of these documents, in the order of receipt."""
    rows = tx.execute(
        selected().where(documents.c.id.in_(ids)).order_by(documents.c.created_at, documents.c.id)
    )
    found = [document_of(row) for row in rows]
    return list(_judged(tx, found, question))


def due(tx: Session, question: Question) -> Iterator[Judged]:
    """Documents that may go on that day, oldest first; the database leaves out most others."""
    after: tuple[datetime, str] | None = None
    while True:
        query = selected().where(documents.c.status != "disposed", _may_be_due(question))
        if after is not None:
            query = query.where(
                or_(
                    documents.c.created_at > after[0],
                    and_(documents.c.created_at == after[0], documents.c.id > after[1]),
                )
            )
        rows = tx.execute(
            query.order_by(documents.c.created_at, documents.c.id).limit(_AT_ONCE)
        ).all()
        found = [document_of(row) for row in rows]
        yield from (one for one in _judged(tx, found, question) if one.stays is None)
        if len(found) < _AT_ONCE:
            return
        after = (found[-1].created_at, found[-1].id)


def terms(tx: Session, ids: Collection[str], schedule: Schedule, day: date) -> dict[str, Term]:
    """How long each of these documents is kept."""
    question = Question(schedule, day, datetime.now(VIETNAM))
    return {one.document.id: one.term for one in judge(tx, ids, question)}


def _judged(tx: Session, found: list[Document], question: Question) -> Iterator[Judged]:
    ids = [one.id for one in found]
    if not ids:
        return
    closings = _closings(tx, ids)
    kept: dict[str, frozenset[str]] = {
        "held": held_among(tx, ids),
        "dossier_open": _in_open_dossiers(tx, ids),
        "evidence": _awaited_as_evidence(tx, ids, question.now),
        "succeeds": _successors(tx, ids),
        "listed": _listed(tx, ids, question.apart_from),
    }
    for one in found:
        paper = Paper(one.type, one.issue_date, one.created_at, closings.get(one.id, ()))
        term = keep_until(paper, question.schedule, question.day)
        reasons = {name for name, those in kept.items() if one.id in those}
        reasons |= _of_itself(one, term, question)
        yield Judged(one, term, next((name for name in REASONS if name in reasons), None))


def _of_itself(document: Document, term: Term, question: Question) -> set[str]:
    found: set[str] = set()
    if document.status == "disposed":
        found.add("disposed")
    if document.state not in ("done", "stopped"):
        found.add("in_work")
    valid_to = document.valid_to
    if document.status == "active" and valid_to is not None and valid_to >= question.day:
        found.add("in_force")
    if term.rule is not None and not term.rule.confirmed and not question.trial:
        found.add("unconfirmed_rule")
    if term.state != "until":
        found.add(term.state)
    elif not term.over(question.day):
        found.add("not_due")
    return found


def _may_be_due(question: Question) -> ColumnElement[bool]:
    """Wider than the truth: what this leaves out is surely not due."""
    in_force = question.schedule.in_force(question.day)
    named = [rule.type for rule in in_force if rule.type != EVERY]
    clauses: list[ColumnElement[bool]] = []
    for rule in in_force:
        if rule.years is None:
            continue
        of_type = (
            or_(documents.c.type.is_(None), documents.c.type.not_in(named))
            if rule.type == EVERY
            else documents.c.type == rule.type
        )
        clauses.append(and_(of_type, _old_enough(rule, rule.years, question.day)))
    return or_(*clauses) if clauses else false()


def _old_enough(rule: Rule, years: int, day: date) -> ColumnElement[bool]:
    first = max(day.year - years, 1)
    border = date(first, 1, 1)
    received = documents.c.created_at < datetime(first, 1, 2, tzinfo=VIETNAM)
    if rule.counts_from != "issued":
        return received
    issued = documents.c.issue_date
    return or_(issued < border, and_(issued.is_(None), received))


def _closings(tx: Session, ids: list[str]) -> dict[str, tuple[datetime | None, ...]]:
    found: dict[str, list[datetime | None]] = {}
    rows = tx.execute(_in_dossiers(ids, dossiers.c.state, dossiers.c.closed_at, dossiers.c.code))
    for row in rows.all():
        closed = None if row.state in OPEN else row.closed_at
        found.setdefault(row.document_id, []).append(closed)
    return {one: tuple(those) for one, those in found.items()}


def _in_open_dossiers(tx: Session, ids: list[str]) -> frozenset[str]:
    rows = tx.execute(_in_dossiers(ids).where(dossiers.c.state.in_(OPEN)))
    return frozenset(rows.scalars())


def _in_dossiers(ids: list[str], *more: Any) -> Any:
    return (
        select(dossier_papers.c.document_id, *more)
        .join(dossiers, dossiers.c.code == dossier_papers.c.dossier)
        .where(dossier_papers.c.document_id.in_(ids))
        .distinct()
    )


def _awaited_as_evidence(tx: Session, ids: list[str], now: datetime) -> frozenset[str]:
    query = select(evidence_links.c.document_id).where(
        evidence_links.c.document_id.in_(ids),
        evidence_links.c.used_at.is_(None),
        evidence_links.c.expires_at >= now,
    )
    return frozenset(tx.execute(query).scalars())


def _successors(tx: Session, ids: list[str]) -> frozenset[str]:
    query = select(documents.c.superseded_by).where(
        documents.c.superseded_by.in_(ids), documents.c.status != "disposed"
    )
    return frozenset(one for one in tx.execute(query).scalars() if one is not None)


def _listed(tx: Session, ids: list[str], apart_from: str) -> frozenset[str]:
    query = (
        select(disposal_entries.c.document_id)
        .join(disposals, disposals.c.id == disposal_entries.c.disposal_id)
        .where(
            disposal_entries.c.document_id.in_(ids),
            disposal_entries.c.disposal_id != apart_from,
            disposal_entries.c.state.in_(("listed", "locked", "erased")),
            disposals.c.state.in_(_ALIVE),
        )
    )
    return frozenset(tx.execute(query).scalars())
