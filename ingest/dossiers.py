"""Dossiers come in and get their papers; what is held fills them at once.

The law behind it: what the office or the state holds is never asked for again (Decree
45/2020/NĐ-CP; Circular 01/2023/TT-VPCP). Where a dossier may not pass is in
:mod:`ingest.dossier_gates`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from ingest.cases import (
    Case,
    case_of,
    changed,
    loaded,
    log,
    must_be_the_applicants,
    open_case,
    type_not_accepted,
)
from ingest.house import House
from repository import (
    audit,
    documents,
    dossiers,
    idempotency,
    once_only,
    procedures,
    subjects,
)
from repository.audit import AuditEntry
from repository.documents import Document
from repository.dossiers import Channel, Dossier, NewDossier, Paper, Source
from vocabulary.clock import VIETNAM
from vocabulary.errors import Conflict, InvalidRequest, NotFound

_ENDED_BY_DECISION: Final = ("superseded", "corrected", "withdrawn")
_AHEAD: Final = timedelta(minutes=10)
"""By how much another machine's clock may run before ours."""


@dataclass(frozen=True, slots=True)
class Application:
    """What the counter knows when a dossier comes in. ``code``: where another system made it."""

    procedure: str
    scheme: str
    number: str
    name: str
    received_at: datetime
    channel: Channel
    code: str | None = None
    due_at: datetime | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """Documents that shall stand for a component.

    ``source``: None finds out: held before and fit for it is reused, anything else was
    handed in now. ``other_holder``: why a paper of somebody else belongs here.
    """

    component: str
    documents: tuple[str, ...]
    source: Source | None = None
    other_holder: str = ""


def receive(
    house: House, given: Application, by: str, once_key: str | None = None, outline: str = ""
) -> Case:
    """Enter a dossier and fill its components with what is held on the day of receipt.

    ``once_key`` is the caller's idempotency key, ``outline`` the fingerprint of the call.

    Raises:
        NotFound: the procedure does not hold on that day.
        InvalidRequest: identifier, code or moment that does not fit; ``case_unknown``.
        Conflict: ``dossier_exists``.
    """
    now = house.clock.now()
    if given.received_at > now + _AHEAD:
        raise InvalidRequest(
            "Thời điểm tiếp nhận nằm trong tương lai. Hãy kiểm tra ngày giờ.",
            "The moment of receipt lies in the future. Check date and time.",
            code="received_in_future",
            field="received_at",
        )
    with house.database.write() as tx:
        made = idempotency.made_before(tx, by, once_key, outline) if once_key else None
        if made is not None:
            return case_of(house, tx, made)
        day = given.received_at.astimezone(VIETNAM).date()
        procedure = procedures.get(tx, given.procedure, day)
        _known_cases(procedure.cases, given.cases)
        subject = subjects.ensure(tx, given.scheme, given.number, given.name)
        new = NewDossier(
            procedure=procedure.code,
            subject_id=subject.id,
            received_at=given.received_at,
            channel=given.channel,
            created_by=by,
            code=given.code,
            due_at=given.due_at,
            demo=house.office.demo,
            cases=given.cases,
        )
        dossier = dossiers.open_new(tx, new, house.office.unit_on(day), now)
        _reuse(house, tx, loaded(house, tx, dossier), by)
        log(house, tx, dossier, by, "dossier.received", subject=(given.scheme, given.number))
        if once_key:
            idempotency.remember(tx, by, once_key, outline, dossier.code, now)
        return loaded(house, tx, dossier)


def reuse_available(house: House, code: str, by: str, expected: int | None = None) -> Case:
    """Let everything that is held meanwhile stand for the components that are still awaited."""
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        _reuse(house, tx, case, by)
        return changed(house, tx, case, by, expected)


def set_cases(
    house: House, code: str, cases: Sequence[str], by: str, expected: int | None = None
) -> Case:
    """Say which cases of the procedure a dossier is; what is held fills what is asked for now.

    Raises:
        InvalidRequest: ``case_unknown``.
        Conflict: ``component_in_use``: papers stand for a component that would go.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        _known_cases(case.cases, cases)
        chosen = tuple(sorted(set(cases)))
        whole = procedures.get(tx, case.dossier.procedure, case.dossier.received_on)
        stays = {one.code for one in whole.for_cases(chosen).components}
        lost = sorted({one.component for one in case.papers if one.component} - stays)
        if lost:
            raise Conflict(
                f"Thành phần {', '.join(lost)} đang có giấy tờ. Hãy gỡ giấy tờ trước.",
                f"Papers stand for {', '.join(lost)}. Take them off first.",
                code="component_in_use",
                components=lost,
            )
        now = house.clock.now()
        dossiers.note(tx, case.dossier.code, now, by, "cases_set", {"cases": list(chosen)})
        case = changed(house, tx, case, by, expected, cases=list(chosen))
        _reuse(house, tx, case, by)
        return loaded(house, tx, case.dossier)


def _known_cases(known: Mapping[str, str], asked: Sequence[str]) -> None:
    unknown = [one for one in asked if one not in known]
    if unknown:
        raise InvalidRequest(
            f"Thủ tục không có trường hợp {unknown[0]}. Các trường hợp: {', '.join(known) or '—'}.",
            f"The procedure has no case {unknown[0]}. Known: {', '.join(known) or 'none'}.",
            code="case_unknown",
            field="cases",
        )


def attach(
    house: House, code: str, given: Attachment, by: str, expected: int | None = None
) -> Case:
    """Let documents stand for a component. Attaching again changes nothing.

    Raises:
        NotFound: no such dossier, component or document.
        Conflict: ``dossier_ended``, ``version_changed``, ``not_reusable`` (with the reasons),
            ``type_not_accepted``, ``holder_differs``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        case.procedure.component(given.component)
        now = house.clock.now()
        for document in dict.fromkeys(given.documents):
            source = _source_of(house, tx, case, given, document)
            paper = Paper(document, given.component, source, by, now)
            if dossiers.add_paper(tx, case.dossier.code, paper):
                _note_paper(tx, case, paper, given.other_holder)
        return changed(house, tx, case, by, expected)


def detach(
    house: House, code: str, component: str, document: str, by: str, expected: int | None = None
) -> Case:
    """Take a document off a component (a slip of the hand); the document stays.

    Raises:
        NotFound: it does not stand there.
        Conflict: ``dossier_ended``, ``version_changed``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        if not dossiers.take_off_paper(tx, case.dossier.code, component, document):
            raise NotFound(
                "Giấy tờ này không gắn với thành phần này.",
                "This document does not stand for this component.",
            )
        detail = {"component": component, "document": document}
        dossiers.note(tx, case.dossier.code, house.clock.now(), by, "detached", detail)
        return changed(house, tx, case, by, expected)


def check_component(
    house: House, code: str, component: str, by: str, expected: int | None = None
) -> Case:
    """An officer has held the papers of a component against the case (kiểm tra thành phần)."""
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        case.procedure.component(component)
        if not case.papers_for(component):
            raise Conflict(
                f"Thành phần {component} chưa có giấy tờ để kiểm tra.",
                f"The component {component} has no paper to check yet.",
                code="component_awaited",
            )
        now = house.clock.now()
        dossiers.check_papers(tx, case.dossier.code, component, by, now)
        dossiers.note(tx, case.dossier.code, now, by, "checked", {"component": component})
        return changed(house, tx, case, by, expected)


def tell_of(house: House, tx: Session, document: Document) -> None:
    """Open dossiers hear of a document: it can be reused, or is worth nothing any more.

    Told once each: a document that is indexed again says nothing new. Papers that end with
    it are lost with it.
    """
    if document.status == "active" and document.subject_id is not None:
        for dossier in dossiers.open_of_subject(tx, document.subject_id):
            case = loaded(house, tx, dossier)
            for component in case.procedure.components:
                if document.id in case.on_offer(component.code):
                    _tell(house, tx, dossier, "paper_available", component.code, document.id)
    for one in (document.id, *documents.ending_with(tx, document.id)):
        _tell_of_loss(house, tx, one)


def _tell_of_loss(house: House, tx: Session, document_id: str) -> None:
    """Open dossiers in which a paper stands that is worth nothing for them any more."""
    for dossier in dossiers.open_with(tx, document_id):
        case = loaded(house, tx, dossier)
        for component in case.procedure.components:
            reasons = case.troubles(component).get(document_id, ())
            for reason in reasons:
                event = f"paper_{reason}" if reason in _ENDED_BY_DECISION else "paper_ended"
                _tell(house, tx, dossier, event, component.code, document_id)


def _tell(
    house: House, tx: Session, dossier: Dossier, event: str, component: str, document: str
) -> None:
    detail = {"component": component, "document": document}
    told = [one for one in dossiers.history(tx, dossier.code) if one.event == event]
    if not any(dict(one.detail) == detail for one in told):
        dossiers.note(tx, dossier.code, house.clock.now(), "system", event, detail)


def _reuse(house: House, tx: Session, case: Case, by: str) -> None:
    now = house.clock.now()
    for component in case.procedure.components:
        for document in case.on_offer(component.code):
            paper = Paper(document, component.code, "reused", by, now)
            if dossiers.add_paper(tx, case.dossier.code, paper):
                _note_paper(tx, case, paper, "")


def _note_paper(tx: Session, case: Case, paper: Paper, other_holder: str) -> None:
    """History of the dossier, and who used the document for what (Law 91/2025/QH15)."""
    detail = {"component": paper.component, "document": paper.document, "source": paper.source}
    if other_holder:
        detail["other_holder"] = other_holder
    event = "reused" if paper.source == "reused" else "attached"
    dossiers.note(tx, case.dossier.code, paper.added_at, paper.added_by, event, detail)
    entry = AuditEntry(
        f"document.{event}",
        paper.added_by,
        paper.added_at,
        document_id=paper.document,
        detail={"purpose": f"dossier {case.dossier.code}", "component": paper.component},
    )
    audit.append(tx, entry)


def _source_of(
    house: House, tx: Session, case: Case, given: Attachment, document_id: str
) -> Source:
    """Checks that a document fits the component, and tells where it came from.

    A component that only the applicant can write (the application form) takes any type.
    """
    component = case.procedure.component(given.component)
    document = documents.get(tx, document_id)
    wanted = {kind for alternative in component.satisfied_by for kind in alternative}
    if wanted and document.type not in wanted:
        raise type_not_accepted(document.type, sorted(wanted))
    must_be_the_applicants(case, document.subject_id, given.other_holder)
    held = once_only.documents_held(tx, {document_id})[document_id]
    day = case.dossier.received_on
    places = house.office.codes.places_on(day)
    against = once_only.reasons_against(held, component, case.subject.id, day, places)
    before = document.created_at < case.dossier.created_at
    if given.source is None:
        return "reused" if before and not against else "handed_in"
    if given.source == "reused" and against:
        raise Conflict(
            "Giấy tờ này không dùng lại được cho thành phần này.",
            "This paper cannot be reused for this component.",
            code="not_reusable",
            reasons=list(against),
        )
    return given.source
