"""What the catalogue holds of a subject, in the form in which the once-only decision takes it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    String,
    bindparam,
    literal_column,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from repository import procedures
from repository.once_only.decision import (
    CheckResult,
    DocumentHeld,
    SignatureState,
    decide,
)
from repository.schema import documents, fields, signatures
from repository.subjects import Subject
from vocabulary.papers import SignatureRecord


def _holdings(number_of_holder: str) -> Select[Any]:
    """Papers of a subject, and papers of some types that name the subject as their holder.

    One statement: on a server each costs a trip. The expression for the number must be that
    of index ix_fields_holder, letter for letter. Signatures and fields in doubt only say that
    they are there; few papers have either.
    """
    naming = select(fields.c.document_id).where(
        text("fields.name = 'holder_id'"),
        literal_column(number_of_holder, String).in_(bindparam("numbers", expanding=True)),
    )
    own = select(_OWN.c.id).where(_OWN.c.subject_id == bindparam("subject"))
    return (
        select(*_TAKEN)
        .where(
            documents.c.id.in_(union(own, naming)),
            or_(
                documents.c.subject_id == bindparam("subject"),
                documents.c.type.in_(bindparam("types", expanding=True)),
            ),
            or_(documents.c.duplicate_choice.is_(None), documents.c.duplicate_choice != "discard"),
        )
        .order_by(documents.c.created_at, documents.c.id)
    )


def _any_of(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether a row is there.

    The limit matters: without it (EXISTS) PostgreSQL reads the whole table once instead of
    asking its index for ten papers, 3 ms instead of 0.1.
    """
    return rows.correlate(documents).limit(1).scalar_subquery().is_not(None)


_OWN: Final = documents.alias("own")
_TAKEN: Final[tuple[Any, ...]] = (
    documents.c.id, documents.c.subject_id, documents.c.type, documents.c.form,
    documents.c.status, documents.c.issue_date, documents.c.valid_from, documents.c.valid_to,
    documents.c.scope, documents.c.certified_at,
    _any_of(select(literal_column("1")).select_from(signatures)
            .where(signatures.c.document_id == documents.c.id)).label("signed"),
    _any_of(select(literal_column("1")).select_from(fields)
            .where(fields.c.document_id == documents.c.id, fields.c.needs_review)).label("waits"),
)  # fmt: skip
"""What the decision looks at, no more: a row of a paper has forty columns."""

# Made once: making them anew took a quarter of an answer's time.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_OF_SQLITE: Final = _holdings("json_extract(fields.value, '$.value')")
_OF_POSTGRESQL: Final = _holdings("fields.value ->> 'value'")
_THESE: Final = select(*_TAKEN).where(documents.c.id.in_(_IDS))
_RECORDS: Final = select(signatures.c.document_id, signatures.c.record).where(
    signatures.c.document_id.in_(_IDS)
)


def check(
    tx: Session,
    procedure: str,
    subject: Subject | None,
    on: date,
    places: Collection[str],
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
    places: Collection[str],
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
    lite = tx.get_bind().dialect.name == "sqlite"
    asked = {
        "subject": subject.id,
        "numbers": [identifier.value for identifier in subject.identifiers],
        "types": sorted(types),
    }
    return _documents_of(tx, tx.execute(_OF_SQLITE if lite else _OF_POSTGRESQL, asked).all())


def documents_held(tx: Session, ids: Collection[str]) -> dict[str, DocumentHeld]:
    """Documents by id as the decision takes them, whoever holds them."""
    rows = tx.execute(_THESE, {"ids": sorted(ids)}).all()
    return {one.id: one for one in _documents_of(tx, rows)}


def _documents_of(tx: Session, rows: Sequence[Row[Any]]) -> list[DocumentHeld]:
    signed = [row.id for row in rows if row.signed]
    verdicts = _verdicts(tx, signed) if signed else {}
    return [_held(row, verdicts.get(row.id, [])) for row in rows]


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


def _held(row: Row[Any], records: Sequence[SignatureRecord]) -> DocumentHeld:
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
        fields_confirmed=not row.waits,
    )
