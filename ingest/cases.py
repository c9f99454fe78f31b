"""A dossier with everything that decides on it, as it stands in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ingest.house import House
from repository import audit, dossiers, once_only, procedures, subjects
from repository.audit import AuditEntry
from repository.dossiers import OPEN, ComponentState, Dossier, DossierState, Paper
from repository.glimpse import OfSession
from repository.once_only import CheckResult, DocumentHeld
from repository.procedures import Component, Procedure
from repository.subjects import Subject
from vocabulary.errors import Conflict


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier, its procedure as it held on the day of receipt, and what stands for what.

    ``procedure`` has the components that are asked for in the dossier's cases; ``cases`` names
    all that there are. ``answers``: what the office holds for each component, on the day of
    receipt.
    ``documents``: every attached document as the once-only decision sees it now.
    """

    dossier: Dossier
    procedure: Procedure
    cases: Mapping[str, str]
    subject: Subject
    papers: tuple[Paper, ...]
    documents: Mapping[str, DocumentHeld]
    answers: CheckResult

    def papers_for(self, component: str) -> list[Paper]:
        """What is attached to a component."""
        return [paper for paper in self.papers if paper.component == component]

    @property
    def results(self) -> list[DocumentHeld]:
        """Documents that were added as results."""
        return [self.documents[one.document] for one in self.papers if one.component is None]

    @property
    def states(self) -> dict[str, ComponentState]:
        """State of every component."""
        types = {one.id: one.type for one in self.documents.values()}
        return {
            component.code: dossiers.component_state(
                component, self.papers_for(component.code), types
            )
            for component in self.procedure.components
        }

    def on_offer(self, component: str) -> tuple[str, ...]:
        """Held documents that could stand for a component that is still awaited."""
        answer = self.answers.answer(component)
        if answer is None or self.states[component] != "awaited":
            return ()
        there = {paper.document for paper in self.papers_for(component)}
        return tuple(one for one in answer.use if one not in there)

    def troubles(self, component: Component) -> dict[str, tuple[str, ...]]:
        """Papers that stand for a component and are worth nothing any more, with the reasons."""
        found: dict[str, tuple[str, ...]] = {}
        for paper in self.papers_for(component.code):
            document = self.documents[paper.document]
            reasons = once_only.reasons_of_loss(document, self.dossier.received_on)
            if reasons:
                found[paper.document] = reasons
        return found


def case_of(house: House, tx: Session, code: str) -> Case:
    """The case with this code.

    Raises:
        NotFound: there is no such dossier.
        InvalidRequest: this is no dossier code.
    """
    return loaded(house, tx, dossiers.get(tx, code))


def loaded(house: House, tx: Session, dossier: Dossier) -> Case:
    """The case of a dossier that was just read or changed."""
    papers = tuple(dossiers.papers_of(tx, dossier.code))
    whole = procedures.get(tx, dossier.procedure, dossier.received_on)
    version = whole.for_cases(dossier.cases)
    subject = subjects.get(tx, dossier.subject_id)
    places = house.office.codes.places_on(dossier.received_on)
    return Case(
        dossier=dossier,
        procedure=version,
        cases=whole.cases,
        subject=subject,
        papers=papers,
        documents=once_only.documents_held(tx, {paper.document for paper in papers}),
        answers=once_only.check_version(
            OfSession(tx), version, subject, dossier.received_on, places
        ),
    )


def open_case(house: House, tx: Session, code: str) -> Case:
    """The case, if it still takes changes.

    Raises:
        NotFound: there is no such dossier.
        Conflict: it has ended (``dossier_ended``).
    """
    case = case_of(house, tx, code)
    if case.dossier.state not in OPEN:
        raise Conflict(
            "Hồ sơ đã kết thúc, không thay đổi được nữa.",
            "The dossier has ended and takes no more changes.",
            code="dossier_ended",
            state=case.dossier.state,
        )
    return case


def changed(
    house: House, tx: Session, case: Case, by: str, expected: int | None, **values: Any
) -> Case:
    """One version further; a dossier that has what it waited for goes on by itself."""
    now = house.clock.now()
    dossier = dossiers.change(tx, case.dossier, expected, now, **values)
    case = loaded(house, tx, dossier)
    if "state" not in values and dossier.state == "awaiting_supplement" and _supplied(tx, case):
        started = any(one.event == "started" for one in dossiers.history(tx, dossier.code))
        dossiers.note(tx, dossier.code, now, by, "supplemented", {})
        state: DossierState = "in_progress" if started else "received"
        return loaded(house, tx, dossiers.change(tx, dossier, None, now, state=state))
    return case


def _supplied(tx: Session, case: Case) -> bool:
    """Whether everything that was asked for last has come since."""
    last = dossiers.requests_of(tx, case.dossier.code)[-1]
    return all(
        any(paper.added_at >= last.at for paper in case.papers_for(component))
        and case.states[component] != "awaited"
        for component in last.components
    )


def must_be_the_applicants(case: Case, holder: str | None, other_holder: str) -> None:
    """A paper of somebody else belongs here only where a person says how.

    Raises:
        Conflict: ``holder_differs``.
    """
    if holder not in (None, case.subject.id) and not other_holder.strip():
        raise Conflict(
            "Giấy tờ này của người khác. Nếu đúng là của hồ sơ, hãy ghi rõ quan hệ.",
            "This paper is somebody else's. If it belongs here, say how (other_holder).",
            code="holder_differs",
        )


def type_not_accepted(kind: str | None, wanted: Sequence[str]) -> Conflict:
    """The answer to a paper of a type that is not needed at this place."""
    return Conflict(
        f"Loại giấy tờ {kind or '(chưa rõ)'} không phải loại cần ở đây: {', '.join(wanted)}. "
        "Hãy sửa loại giấy tờ nếu nhận dạng sai.",
        f"A paper of type {kind or '(unknown)'} is not what is needed here: {', '.join(wanted)}. "
        "Correct its type if it was recognised wrongly.",
        code="type_not_accepted",
        accepted=list(wanted),
    )


def log(
    house: House, tx: Session, dossier: Dossier, by: str, event: str, *, outcome: str = "ok",
    subject: tuple[str, str] | None = None, **detail: Any,
) -> None:  # fmt: skip
    """Write what happened to the dossier into the audit log."""
    lookup = audit.subject_lookup(house.audit_key, *subject) if subject else None
    entry = AuditEntry(
        event,
        by,
        house.clock.now(),
        subject_lookup=lookup,
        outcome=outcome,
        detail={"dossier": dossier.code, **detail},
    )
    audit.append(tx, entry)
