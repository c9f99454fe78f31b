"""Intake batches (lô tiếp nhận): what was handed in together, with counts that must reconcile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.paging import Cursor
from repository.schema import batches, documents, page_readings
from vocabulary.errors import Conflict, NotFound

BatchState = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; declared counts are None where nothing was declared."""

    id: str
    name: str
    declared_files: int | None
    declared_pages: int | None
    state: BatchState
    demo: bool
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Counts over the files of one batch; discarded duplicates are counted apart.

    ``pages``: pages of the files whose page count is known.
    """

    files: int
    discarded: int
    by_state: dict[str, int]
    pages: int
    pages_read: int
    files_without_page_count: int

    @property
    def finished(self) -> int:
        """Files that need nobody any more: done or stopped with a reason."""
        return self.by_state.get("done", 0) + self.by_state.get("stopped", 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where declaration and reality part. ``what``: files, pages or unfinished."""

    what: Literal["files", "pages", "unfinished"]
    declared: int
    found: int


@dataclass(frozen=True, slots=True)
class CloseOutcome:
    """Closed, or not and why."""

    closed: bool
    differences: tuple[Difference, ...]
    batch: Batch


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A page of the list; ``next`` fetches the following one."""

    items: tuple[Batch, ...]
    next: str | None


def create(
    tx: Session,
    name: str,
    by: str,
    now: datetime,
    *,
    declared_files: int | None = None,
    declared_pages: int | None = None,
    demo: bool = False,
) -> Batch:
    """Opens a batch with what the clerk counted on the desk."""
    batch_id = new_id()
    tx.execute(
        batches.insert().values(
            id=batch_id,
            name=name,
            declared_files=declared_files,
            declared_pages=declared_pages,
            state="open",
            demo=demo,
            created_by=by,
            created_at=now,
        )
    )
    return get(tx, batch_id)


def get(tx: Session, batch_id: str) -> Batch:
    """One batch.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound("Không có lô tiếp nhận này.", "There is no such batch.")
    return _batch(row)


def open_batch(tx: Session, batch_id: str) -> Batch:
    """One batch that still takes files.

    Raises:
        NotFound: there is none.
        Conflict: it is closed (code ``batch_closed``).
    """
    batch = get(tx, batch_id)
    if batch.state == "closed":
        raise Conflict(
            "Lô tiếp nhận đã đóng. Hãy mở lô mới cho các tệp này.",
            "The batch is closed. Open a new one for these files.",
            code="batch_closed",
        )
    return batch


def page_of(tx: Session, cursor: str | None = None, limit: int = 50) -> BatchPage:
    """Batches, newest first."""
    query = select(batches).order_by(batches.c.created_at.desc(), batches.c.id.desc())
    if cursor is not None:
        query = query.where(Cursor.parse(cursor).before(batches.c.created_at, batches.c.id))
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(_batch(row) for row in rows[:limit])
    more = len(rows) > limit
    return BatchPage(items, str(Cursor(items[-1].created_at, items[-1].id)) if more else None)


def progress(tx: Session, batch_id: str) -> BatchProgress:
    """How far the batch is."""
    read = (
        select(func.count())
        .where(page_readings.c.document_id == documents.c.id)
        .correlate(documents)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(
            documents.c.state,
            documents.c.page_count,
            documents.c.duplicate_choice,
            read.label("pages_read"),
        ).where(documents.c.batch_id == batch_id)
    ).all()
    kept = [row for row in rows if row.duplicate_choice != "discard"]
    by_state: dict[str, int] = {}
    for row in kept:
        by_state[row.state] = by_state.get(row.state, 0) + 1
    return BatchProgress(
        files=len(kept),
        discarded=len(rows) - len(kept),
        by_state=by_state,
        pages=sum(row.page_count or 0 for row in kept),
        pages_read=sum(row.pages_read for row in kept),
        files_without_page_count=sum(1 for row in kept if row.page_count is None),
    )


def close(tx: Session, batch_id: str, by: str, now: datetime) -> CloseOutcome:
    """Closes a batch whose counts reconcile; else says where they differ and leaves it open.

    Files must be done or stopped with a reason; a discarded duplicate still
    counts as a file that was handed in.
    """
    batch = get(tx, batch_id)
    if batch.state == "closed":
        return CloseOutcome(True, (), batch)
    differences = _differences(batch, progress(tx, batch_id))
    if differences:
        return CloseOutcome(False, differences, batch)
    tx.execute(
        update(batches)
        .where(batches.c.id == batch_id)
        .values(state="closed", closed_by=by, closed_at=now)
    )
    return CloseOutcome(True, (), get(tx, batch_id))


def _differences(batch: Batch, found: BatchProgress) -> tuple[Difference, ...]:
    differences = []
    received = found.files + found.discarded
    if batch.declared_files is not None and batch.declared_files != received:
        differences.append(Difference("files", batch.declared_files, received))
    if batch.declared_pages is not None and batch.declared_pages != found.pages:
        differences.append(Difference("pages", batch.declared_pages, found.pages))
    if found.finished != found.files:
        differences.append(Difference("unfinished", 0, found.files - found.finished))
    return tuple(differences)


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        id=row.id,
        name=row.name,
        declared_files=row.declared_files,
        declared_pages=row.declared_pages,
        state=cast(BatchState, row.state),
        demo=row.demo,
        created_by=row.created_by,
        created_at=row.created_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
    )
