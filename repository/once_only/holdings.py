"""What the catalogue holds of a subject, in the form in which the once-only decision takes it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    String,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from repository import procedures
from repository.once_only.decision import (
    DEFAULT_PLACES,
    CheckResult,
    DocumentHeld,
    SignatureState,
    decide,
)
from repository.schema import documents, fields, signatures
from repository.subjects import Subject
from vocabulary.papers import SignatureRecord


def _naming_by(number: str) -> Select[Any]:
    return select(fields.c.document_id).where(
        text("fields.name = 'holder_id'"),
        literal_column(number, String).in_(bindparam("numbers", expanding=True)),
    )


# Made once: making them anew took a quarter of an answer's time.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_NAMING_IN_SQLITE: Final = _naming_by("json_extract(fields.value, '$.value')")
_NAMING_IN_POSTGRESQL: Final = _naming_by("fields.value ->> 'value'")
_RECORDS: Final = select(signatures.c.document_id, signatures.c.record).where(
    signatures.c.document_id.in_(_IDS)
)
_WAITING: Final = (
    select(fields.c.document_id)
    .where(fields.c.document_id.in_(_IDS), fields.c.needs_review)
    .distinct()
)


def check(
    tx: Session,
    procedure: str,
    subject: Subject | None,
    on: date,
    places: Collection[str] = DEFAULT_PLACES,
) -> CheckResult:
    """Answers for every component of a procedure (``POST /v1/once-only/check``).

    Args:
        tx: a reading session.
        procedure: code of the procedure.
        subject: who applies; None if the catalogue does not know them: nothing is held.
        on: the day of receipt; it also chooses the version of the procedure.
        places: province codes of this office.

    Raises:
        NotFound: no version of the procedure holds on that day.
    """
    return check_version(tx, procedures.get(tx, procedure, on), subject, on, places)


def check_version(
    tx: Session,
    version: procedures.Procedure,
    subject: Subject | None,
    on: date,
    places: Collection[str] = DEFAULT_PLACES,
) -> CheckResult:
    """:func:`check` for a version of a procedure that is at hand."""
    wanted = {
        kind
        for component in version.components
        for alternative in component.satisfied_by
        for kind in alternative
    }
    held = [] if subject is None else held_by(tx, subject, wanted)
    return CheckResult(
        procedure=version.code,
        on=on,
        components=tuple(
            decide(component, subject.id if subject else None, on, held, places)
            for component in version.components
        ),
    )


def held_by(tx: Session, subject: Subject, types: Collection[str]) -> list[DocumentHeld]:
    """Documents of the subject, and papers of these types that name the subject as holder.

    The latter are registered for nobody or somebody else (a personal
    certificate handed in by the employer): shown with ``holder_differs``.
    """
    named = _naming(tx, [identifier.value for identifier in subject.identifiers])
    rows = tx.execute(
        select(documents)
        .where(
            or_(
                documents.c.subject_id == subject.id,
                and_(documents.c.id.in_(named), documents.c.type.in_(sorted(types))),
            ),
            or_(documents.c.duplicate_choice.is_(None), documents.c.duplicate_choice != "discard"),
        )
        .order_by(documents.c.created_at, documents.c.id)
    ).all()
    return _documents_of(tx, rows)


def _naming(tx: Session, numbers: Sequence[str]) -> list[str]:
    """Documents that name one of these numbers as their holder's, through index ix_fields_holder.

    The expression must be the index's own, letter for letter.
    """
    lite = tx.get_bind().dialect.name == "sqlite"
    naming = _NAMING_IN_SQLITE if lite else _NAMING_IN_POSTGRESQL
    return list(tx.execute(naming, {"numbers": list(numbers)}).scalars())


def documents_held(tx: Session, ids: Collection[str]) -> dict[str, DocumentHeld]:
    """Documents by id as the decision takes them, whoever holds them."""
    rows = tx.execute(select(documents).where(documents.c.id.in_(sorted(ids)))).all()
    return {one.id: one for one in _documents_of(tx, rows)}


def _documents_of(tx: Session, rows: Sequence[Row[Any]]) -> list[DocumentHeld]:
    ids = [row.id for row in rows]
    verdicts = _verdicts(tx, ids)
    waiting = _waiting_for_review(tx, ids)
    return [_held(row, verdicts.get(row.id, []), row.id in waiting) for row in rows]


def signature_state(records: Sequence[SignatureRecord], certified: bool) -> SignatureState:
    """One word for all signatures of a document.

    A signed original is judged by its own signatures, the worst one decides. A
    scan without any is as good as the office's certification of it (Law on
    Electronic Transactions 2023, article 12(1)(d)).
    """
    if not records:
        return "valid" if certified else "none"
    verdicts = {record.verdict for record in records}
    if "invalid" in verdicts:
        return "invalid"
    return "undecided" if "undecided" in verdicts else "valid"


def _verdicts(tx: Session, ids: Sequence[str]) -> dict[str, list[SignatureRecord]]:
    found: dict[str, list[SignatureRecord]] = {}
    for row in tx.execute(_RECORDS, {"ids": list(ids)}):
        found.setdefault(row.document_id, []).append(SignatureRecord.from_json(row.record))
    return found


def _waiting_for_review(tx: Session, ids: Sequence[str]) -> frozenset[str]:
    return frozenset(tx.execute(_WAITING, {"ids": list(ids)}).scalars())


def _held(row: Row[Any], records: Sequence[SignatureRecord], waits: bool) -> DocumentHeld:
    return DocumentHeld(
        id=row.id,
        holder=row.subject_id,
        type=row.type,
        form=row.form,
        status=row.status,
        issue_date=row.issue_date,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        scope=row.scope,
        signature=signature_state(records, row.certified_at is not None),
        fields_confirmed=not waits,
    )
