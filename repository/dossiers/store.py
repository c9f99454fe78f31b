"""Dossiers in the catalogue: every change is one transaction, versioned, with its event."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from repository.dossiers.codes import make_code, parse_code
from repository.dossiers.views import (
    OPEN,
    Dossier,
    DossierEvent,
    DossierFilter,
    DossierPage,
    DossierState,
    NewDossier,
    Override,
    Paper,
    Source,
    SupplementRequest,
)
from repository.ids import new_id
from repository.insertion import insert_once
from repository.paging import Cursor
from repository.procedures import stem_of
from repository.schema import (
    dossier_events,
    dossier_ordinals,
    dossier_papers,
    dossiers,
    supplement_requests,
)
from vocabulary.clock import VIETNAM
from vocabulary.errors import Conflict, NotFound

RESULT = ""
"""Stands for "no component" in the key of a paper that is a result."""


def open_new(tx: Session, new: NewDossier, organisation: str, now: datetime) -> Dossier:
    """Enter a received dossier under the next code of its day, or the code it came with.

    Raises:
        Conflict: the code is taken (``dossier_exists``), or the day's codes are used up.
        InvalidRequest: a code that does not fit.
    """
    code = parse_code(new.code).text if new.code else None
    if code is None:
        day = new.received_at.astimezone(VIETNAM).date()
        code = make_code(organisation, day, _next_ordinal(tx, organisation, day))
    values = {
        "procedure": new.procedure,
        "stem": stem_of(new.procedure),
        "subject_id": new.subject_id,
        "received_at": new.received_at,
        "channel": new.channel,
        "due_at": new.due_at,
        "state": "received",
        "version": 1,
        "demo": new.demo,
        "cases": list(new.cases),
        "created_by": new.created_by,
        "created_at": now,
        "updated_at": now,
    }
    if not insert_once(tx, dossiers, {"code": code, **values}):
        raise Conflict(
            f"Đã có hồ sơ mang mã {code}.",
            f"There is a dossier with the code {code} already.",
            code="dossier_exists",
        )
    note(tx, code, now, new.created_by, "received", {"channel": new.channel})
    return get(tx, code)


def _next_ordinal(tx: Session, organisation: str, day: date) -> int:
    """Counts one further, in the caller's transaction: a code is never given twice."""
    mine = (dossier_ordinals.c.organisation == organisation) & (dossier_ordinals.c.day == day)
    insert_once(tx, dossier_ordinals, {"organisation": organisation, "day": day, "last": 0})
    tx.execute(update(dossier_ordinals).where(mine).values(last=dossier_ordinals.c.last + 1))
    return int(tx.execute(select(dossier_ordinals.c.last).where(mine)).scalar_one())


def get(tx: Session, code: str) -> Dossier:
    """One dossier by its code, however it is typed.

    Raises:
        NotFound: there is none, or this is no code.
    """
    row = tx.execute(select(dossiers).where(dossiers.c.code == parse_code(code).text)).one_or_none()
    if row is None:
        raise NotFound("Không có hồ sơ này.", "There is no such dossier.")
    return _dossier(row)


def page_of(
    tx: Session, wanted: DossierFilter, cursor: str | None = None, limit: int = 50
) -> DossierPage:
    """Dossiers, newest first.

    Raises:
        InvalidRequest: the cursor is not one that was given out; not a procedure code.
    """
    query = select(dossiers).order_by(dossiers.c.created_at.desc(), dossiers.c.code.desc())
    if wanted.state is not None:
        query = query.where(dossiers.c.state == wanted.state)
    if wanted.open_only:
        query = query.where(dossiers.c.state.in_(OPEN))
    if wanted.procedure is not None:
        query = query.where(dossiers.c.stem == stem_of(wanted.procedure))
    if wanted.subject_id is not None:
        query = query.where(dossiers.c.subject_id == wanted.subject_id)
    if cursor is not None:
        query = query.where(Cursor.parse(cursor).before(dossiers.c.created_at, dossiers.c.code))
    rows = tx.execute(query.limit(limit + 1)).all()
    items = tuple(_dossier(row) for row in rows[:limit])
    more = len(rows) > limit
    return DossierPage(items, str(Cursor(items[-1].created_at, items[-1].code)) if more else None)


def change(
    tx: Session, dossier: Dossier, expected: int | None, now: datetime, **values: Any
) -> Dossier:
    """Take the dossier one version further; the loser of two changes at once is told.

    ``dossier`` is as it was read in this transaction; ``expected`` is the version that the
    caller has seen, None takes the one that was read.

    Raises:
        Conflict: somebody was faster (``version_changed``).
    """
    seen = dossier.version if expected is None else expected
    done = tx.execute(
        update(dossiers)
        .where(dossiers.c.code == dossier.code, dossiers.c.version == seen)
        .values(version=seen + 1, updated_at=now, **values)
        .returning(dossiers.c.version)
    ).one_or_none()
    if done is None:
        raise Conflict(
            "Hồ sơ vừa được người khác thay đổi. Hãy tải lại rồi làm lại.",
            "Somebody changed the dossier meanwhile. Load it again and repeat.",
            code="version_changed",
        )
    return get(tx, dossier.code)


def papers_of(tx: Session, code: str) -> list[Paper]:
    """Papers of components and results, in the order in which they came."""
    rows = tx.execute(
        select(dossier_papers)
        .where(dossier_papers.c.dossier == code)
        .order_by(dossier_papers.c.added_at, dossier_papers.c.document_id)
    )
    return [_paper(row) for row in rows]


def add_paper(tx: Session, code: str, paper: Paper) -> bool:
    """Attach a document; whether it was not there yet."""
    values = {
        "dossier": code,
        "component": paper.component or RESULT,
        "document_id": paper.document,
        "source": paper.source,
        "added_by": paper.added_by,
        "added_at": paper.added_at,
    }
    return insert_once(tx, dossier_papers, values)


def take_off_paper(tx: Session, code: str, component: str | None, document: str) -> bool:
    """Detach a document; whether it was there. The document itself stays."""
    gone = tx.execute(
        dossier_papers.delete()
        .where(
            dossier_papers.c.dossier == code,
            dossier_papers.c.component == (component or RESULT),
            dossier_papers.c.document_id == document,
        )
        .returning(dossier_papers.c.document_id)
    )
    return gone.first() is not None


def check_papers(tx: Session, code: str, component: str, by: str, now: datetime) -> None:
    """An officer has checked what stands for a component."""
    tx.execute(
        update(dossier_papers)
        .where(dossier_papers.c.dossier == code, dossier_papers.c.component == component)
        .values(checked_by=by, checked_at=now)
    )


def add_request(tx: Session, code: str, request: SupplementRequest) -> None:
    """Keep a request for supplements."""
    tx.execute(
        supplement_requests.insert().values(
            id=request.id,
            dossier=code,
            components=list(request.components),
            message=request.message,
            overridden=list(request.overridden),
            override=request.override.to_json() if request.override else None,
            requested_by=request.by,
            requested_at=request.at,
        )
    )


def new_request(
    components: Sequence[str], message: str, overridden: Sequence[str],
    override: Override | None, by: str, now: datetime,
) -> SupplementRequest:  # fmt: skip
    """A request with an id of its own."""
    used = override if overridden else None
    return SupplementRequest(new_id(), tuple(components), message, tuple(overridden), used, by, now)


def requests_of(tx: Session, code: str) -> list[SupplementRequest]:
    """Requests for supplements, oldest first."""
    rows = tx.execute(
        select(supplement_requests)
        .where(supplement_requests.c.dossier == code)
        .order_by(supplement_requests.c.requested_at, supplement_requests.c.id)
    )
    return [
        SupplementRequest(
            row.id,
            tuple(row.components),
            row.message,
            tuple(row.overridden),
            Override(**row.override) if row.override else None,
            row.requested_by,
            row.requested_at,
        )
        for row in rows
    ]


def note(
    tx: Session, code: str, now: datetime, actor: str, event: str, detail: Mapping[str, Any]
) -> None:
    """Add to the dossier's history."""
    tx.execute(
        dossier_events.insert().values(
            dossier=code, at=now, actor=actor, event=event, detail=dict(detail)
        )
    )


def history(tx: Session, code: str) -> list[DossierEvent]:
    """Everything that happened, oldest first."""
    rows = tx.execute(
        select(dossier_events)
        .where(dossier_events.c.dossier == code)
        .order_by(dossier_events.c.seq)
    )
    return [DossierEvent(row.at, row.actor, row.event, dict(row.detail)) for row in rows]


def open_of_subject(tx: Session, subject_id: str) -> list[Dossier]:
    """Open dossiers of one subject, oldest first."""
    rows = tx.execute(
        select(dossiers)
        .where(dossiers.c.subject_id == subject_id, dossiers.c.state.in_(OPEN))
        .order_by(dossiers.c.created_at, dossiers.c.code)
    )
    return [_dossier(row) for row in rows]


def open_with(tx: Session, document: str) -> list[Dossier]:
    """Open dossiers in which a document stands for a component."""
    rows = tx.execute(
        select(dossiers)
        .join(dossier_papers, dossier_papers.c.dossier == dossiers.c.code)
        .where(
            dossier_papers.c.document_id == document,
            dossier_papers.c.component != RESULT,
            dossiers.c.state.in_(OPEN),
        )
        .distinct()
        .order_by(dossiers.c.created_at, dossiers.c.code)
    )
    return [_dossier(row) for row in rows]


def papers_by_source(tx: Session, since: datetime, until: datetime) -> dict[str, int]:
    """How many papers stand for components of dossiers received in a time, by source."""
    rows = tx.execute(
        select(dossier_papers.c.source, func.count())
        .join(dossiers, dossier_papers.c.dossier == dossiers.c.code)
        .where(
            dossier_papers.c.component != RESULT,
            dossiers.c.received_at >= since,
            dossiers.c.received_at < until,
        )
        .group_by(dossier_papers.c.source)
    )
    return {str(source): int(count) for source, count in rows}


def received_between(
    tx: Session, since: datetime, until: datetime, states: Collection[DossierState] = ()
) -> list[Dossier]:
    """Dossiers received in a time, in order of receipt."""
    query = select(dossiers).where(dossiers.c.received_at >= since, dossiers.c.received_at < until)
    if states:
        query = query.where(dossiers.c.state.in_(states))
    rows = tx.execute(query.order_by(dossiers.c.received_at, dossiers.c.code))
    return [_dossier(row) for row in rows]


def _dossier(row: Row[Any]) -> Dossier:
    values = row._mapping
    found = {name: values[name] for name in Dossier.__dataclass_fields__}
    return Dossier(**{**found, "cases": tuple(found["cases"] or ())})


def _paper(row: Row[Any]) -> Paper:
    return Paper(
        row.document_id,
        row.component or None,
        cast(Source, row.source),
        row.added_by,
        row.added_at,
        row.checked_by,
        row.checked_at,
    )
