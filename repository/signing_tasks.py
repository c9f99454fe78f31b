"""Signatures that are awaited from elsewhere: each draft, its digest, and the answer to it.

A task is made when a paper's turn to be signed has come, and answered once: by a person's
program, or by a remote service. The draft's bytes are in the object store; what an answer
must fit is in the row, so nothing depends on a process that goes on running.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.paging import Cursor
from repository.schema import documents, signing_tasks
from vocabulary.errors import NotFound
from vocabulary.signers import SignerRole

How = Literal["own_computer", "remote"]


@dataclass(frozen=True, slots=True)
class NewTask:
    """A draft that waits for a signature.

    ``signer``: the name in the awaited certificate, ``certificate_sha256`` its fingerprint.
    ``prepared``: what an answer must fit; ``kept``: what the next turn needs.
    """

    document_id: str
    role: SignerRole
    how: How
    signer: str
    certificate_sha256: str
    draft_sha256: str
    draft_bytes: int
    prepared: Mapping[str, Any]
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """A task and what became of it; ``answer`` is a CMS (DER), None while it waits."""

    id: str
    new: NewTask
    document_name: str
    created_by: str
    created_at: datetime
    answer: bytes | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some of the waiting tasks; ``next`` is the cursor of those that follow."""

    items: tuple[Task, ...]
    next: str | None


def put(tx: Session, new: NewTask, now: datetime) -> bool:
    """Keep a task; False where the paper has one for this role already."""
    values = {
        "id": new_id(),
        "document_id": new.document_id,
        "role": new.role,
        "how": new.how,
        "signer": new.signer,
        "certificate_sha256": new.certificate_sha256,
        "draft_sha256": new.draft_sha256,
        "draft_bytes": new.draft_bytes,
        "prepared": dict(new.prepared),
        "kept": dict(new.kept),
        "created_at": now,
    }
    return insert_once(tx, signing_tasks, values)


def of_document(tx: Session, document_id: str) -> dict[SignerRole, Task]:
    """The paper's tasks by role."""
    rows = tx.execute(_selected().where(signing_tasks.c.document_id == document_id))
    return {task.new.role: task for task in map(_task, rows)}


def get(tx: Session, task_id: str) -> Task:
    """One task.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_selected().where(signing_tasks.c.id == task_id)).one_or_none()
    if row is None:
        raise NotFound(
            "Không có việc ký này. Hãy tải lại danh sách chờ ký.",
            "There is no such signing task. Fetch the list of tasks anew.",
        )
    return _task(row)


def waiting(
    tx: Session,
    how: How,
    role: SignerRole | None = None,
    *,
    certificate: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> TaskPage:
    """Tasks without an answer, newest first; ``certificate``: the fingerprint awaited.

    Raises:
        InvalidRequest: the cursor is not one that was given out.
    """
    query = _selected().where(signing_tasks.c.how == how, signing_tasks.c.answered_at.is_(None))
    if role is not None:
        query = query.where(signing_tasks.c.role == role)
    if certificate is not None:
        query = query.where(signing_tasks.c.certificate_sha256 == certificate.lower())
    if cursor is not None:
        place = Cursor.parse(cursor)
        query = query.where(place.before(signing_tasks.c.created_at, signing_tasks.c.id))
    query = query.order_by(signing_tasks.c.created_at.desc(), signing_tasks.c.id.desc())
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(_task(row) for row in rows[:limit])
    more = len(rows) > limit
    return TaskPage(items, str(Cursor(items[-1].created_at, items[-1].id)) if more else None)


def count_waiting(tx: Session, how: How) -> int:
    """How many papers wait for a signature from there."""
    return tx.execute(
        select(func.count())
        .select_from(signing_tasks)
        .where(signing_tasks.c.how == how, signing_tasks.c.answered_at.is_(None))
    ).scalar_one()


def awaited_signers(tx: Session, document_ids: Sequence[str]) -> dict[str, str]:
    """Whose signature each of the papers waits for; papers that wait for none are left out."""
    rows = tx.execute(
        select(signing_tasks.c.document_id, signing_tasks.c.signer).where(
            signing_tasks.c.document_id.in_(document_ids), signing_tasks.c.answered_at.is_(None)
        )
    )
    return {row.document_id: row.signer for row in rows}


def answer(tx: Session, task_id: str, content: bytes, by: str, now: datetime) -> bool:
    """Keep the answer; False where there is one already, which stays."""
    changed = tx.execute(
        update(signing_tasks)
        .where(signing_tasks.c.id == task_id, signing_tasks.c.answered_at.is_(None))
        .values(answer=content, answered_by=by, answered_at=now)
        .returning(signing_tasks.c.id)
    ).first()
    return changed is not None


def drop(tx: Session, document_id: str, role: SignerRole) -> None:
    """Forget a task that nobody will answer: this turn of the paper begins anew."""
    mine = (signing_tasks.c.document_id == document_id) & (signing_tasks.c.role == role)
    tx.execute(delete(signing_tasks).where(mine, signing_tasks.c.answered_at.is_(None)))


def drafts(tx: Session) -> set[str]:
    """The objects that tasks name."""
    return set(tx.execute(select(signing_tasks.c.draft_sha256)).scalars())


def _selected() -> Any:
    return select(signing_tasks, documents.c.name, documents.c.created_by).join(
        documents, documents.c.id == signing_tasks.c.document_id
    )


def _task(row: Row[Any]) -> Task:
    new = NewTask(
        row.document_id, row.role, row.how, row.signer, row.certificate_sha256,
        row.draft_sha256, row.draft_bytes, dict(row.prepared), dict(row.kept),
    )  # fmt: skip
    return Task(
        row.id, new, row.name, row.created_by, row.created_at, row.answer, row.answered_by,
        row.answered_at,
    )  # fmt: skip
