"""What the catalogue holds of a subject, in the form in which the once-only decision takes it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    literal_column,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from repository import procedures
from repository.glimpse import Glimpse, OfSession, Question, Rows
from repository.once_only.decision import (
    CheckResult,
    DocumentHeld,
    SignatureState,
    decide,
)
from repository.schema import documents, fields, signatures
from repository.subjects import Subject
from vocabulary.papers import SignatureRecord

_Among = Callable[[ColumnElement[str], str], ColumnElement[bool]]
"""A column's value is one of those of a parameter."""


def _listed(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def _in_array(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """One text for lists of any length, so the server plans it once and we write it once."""
    return column == any_(bindparam(name, type_=ARRAY(String)))


def _holdings(number_of_holder: str, among: _Among) -> Select[Any]:
    """Papers of a subject, and papers of some types that name the subject as their holder.

    One statement: on a server each costs a trip. The expression for the number must be that
    of index ix_fields_holder, letter for letter. Signatures and fields in doubt only say that
    they are there; few papers have either.
    """
    naming = select(fields.c.document_id).where(
        text("fields.name = 'holder_id'"),
        among(literal_column(number_of_holder, String), "numbers"),
    )
    own = select(_OWN.c.id).where(_OWN.c.subject_id == bindparam("subject"))
    return (
        select(*_TAKEN)
        .where(
            documents.c.id.in_(union(own, naming)),
            or_(
                documents.c.subject_id == bindparam("subject"),
                among(documents.c.type, "types"),
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
    documents.c.scope, documents.c.certified_at, documents.c.ends_with,
    _any_of(select(literal_column("1")).select_from(signatures)
            .where(signatures.c.document_id == documents.c.id)).label("signed"),
    _any_of(select(literal_column("1")).select_from(fields)
            .where(fields.c.document_id == documents.c.id, fields.c.needs_review)).label("waits"),
)  # fmt: skip
"""What the decision looks at, no more: a row of a paper has forty columns."""


@dataclass(frozen=True, slots=True)
class _Statements:
    """Made once: making them anew took a quarter of an answer's time."""

    holdings: Select[Any]
    these: Select[Any]
    ends: Select[Any]
    records: Select[Any]


def _statements(number_of_holder: str, among: _Among) -> _Statements:
    ends = (documents.c.id, documents.c.status, documents.c.valid_to, documents.c.ends_with)
    return _Statements(
        _holdings(number_of_holder, among),
        select(*_TAKEN).where(among(documents.c.id, "ids")),
        select(*ends).where(among(documents.c.id, "ids")),
        select(signatures.c.document_id, signatures.c.record).where(
            among(signatures.c.document_id, "ids")
        ),
    )


_OF: Final = {
    "sqlite": _statements("json_extract(fields.value, '$.value')", _listed),
    "postgresql": _statements("fields.value ->> 'value'", _in_array),
}


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
    return check_version(OfSession(tx), procedures.get(tx, procedure, on), subject, on, places)


def check_version(
    glimpse: Glimpse,
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
    held = [] if subject is None else held_by(glimpse, subject, wanted)
    return CheckResult(
        procedure=version.code,
        on=on,
        components=tuple(
            decide(component, subject.id if subject else None, on, held, places)
            for component in version.components
        ),
    )


def held_by(glimpse: Glimpse, subject: Subject, types: Collection[str]) -> list[DocumentHeld]:
    """Documents of the subject, and papers of these types that name the subject as holder.

    The latter are registered for nobody or somebody else (a personal
    certificate handed in by the employer): shown with ``holder_differs``.
    """
    asked = {
        "subject": subject.id,
        "numbers": [identifier.value for identifier in subject.identifiers],
        "types": sorted(types),
    }
    [rows] = glimpse.ask(Question(_OF[glimpse.dialect].holdings, asked))
    return _documents_of(glimpse, rows)


def documents_held(tx: Session, ids: Collection[str]) -> dict[str, DocumentHeld]:
    """Documents by id as the decision takes them, whoever holds them."""
    glimpse = OfSession(tx)
    [rows] = glimpse.ask(Question(_OF[glimpse.dialect].these, {"ids": sorted(ids)}))
    return {one.id: one for one in _documents_of(glimpse, rows)}


def _documents_of(glimpse: Glimpse, rows: Rows) -> list[DocumentHeld]:
    signed = [row.id for row in rows if row.signed]
    verdicts = _verdicts(glimpse, signed) if signed else {}
    others = _others(glimpse, {row.ends_with for row in rows if row.ends_with})
    return [_held(row, verdicts.get(row.id, []), others) for row in rows]


def signature_state(
    records: Sequence[SignatureRecord], certified: bool, form: str | None = None
) -> SignatureState:
    """One word for all signatures of a document.

    A signed original is judged by its own signatures, the worst one decides. A
    scan without any is as good as the office's certification of it (Law on
    Electronic Transactions 2023, article 12(1)(d)). An electronic certified copy
    carries two of its own, that of who certified it and that of their body (Decree
    45/2020/NĐ-CP, article 10(3)): our certification does not make one.
    """
    verdicts = {record.verdict for record in records}
    if "invalid" in verdicts:
        return "invalid"
    if "undecided" in verdicts:
        return "undecided"
    if form == "electronic_certified_copy":
        return "valid" if len({record.signer for record in records}) >= 2 else "incomplete"
    return "valid" if records or certified else "none"


@dataclass(frozen=True, slots=True)
class _Other:
    """A paper with which others end: whether it is in force, its end, and its own other."""

    status: str
    valid_to: date | None
    ends_with: str | None


def _others(glimpse: Glimpse, ids: set[str]) -> dict[str, _Other]:
    """The papers with which papers end, and those with which these end; few have any."""
    found: dict[str, _Other] = {}
    while ids:
        [rows] = glimpse.ask(Question(_OF[glimpse.dialect].ends, {"ids": sorted(ids)}))
        for row in rows:
            found[row.id] = _Other(row.status, row.valid_to, row.ends_with)
        ids = {one.ends_with for one in found.values() if one.ends_with} - set(found)
    return found


def _end_of(others: Mapping[str, _Other], first: str | None) -> tuple[bool, date | None]:
    """Whether all papers of the chain are in force, and the first of their ends."""
    stands, ends, seen = True, None, set[str]()
    while first is not None and first not in seen:
        seen.add(first)
        other = others[first]
        stands = stands and other.status == "active"
        if other.valid_to is not None:
            ends = other.valid_to if ends is None else min(ends, other.valid_to)
        first = other.ends_with
    return stands, ends


def _verdicts(glimpse: Glimpse, ids: Sequence[str]) -> dict[str, list[SignatureRecord]]:
    found: dict[str, list[SignatureRecord]] = {}
    [rows] = glimpse.ask(Question(_OF[glimpse.dialect].records, {"ids": list(ids)}))
    for row in rows:
        found.setdefault(row.document_id, []).append(SignatureRecord.from_json(row.record))
    return found


def _held(
    row: Any, records: Sequence[SignatureRecord], others: Mapping[str, _Other]
) -> DocumentHeld:
    stands, ends = _end_of(others, row.ends_with)
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
        signature=signature_state(records, row.certified_at is not None, row.form),
        fields_confirmed=not row.waits,
        other_stands=stands,
        other_valid_to=ends,
    )
