"""What holds for dossiers whatever the storage: pure functions over frozen values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from repository.dossiers.views import ComponentState, Paper
from repository.once_only import CheckResult, DocumentHeld
from repository.once_only.decision import reasons_of_state
from repository.procedures import Component, Procedure


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """A reason for which the law lets a paper be asked for again; names for people."""

    vi: str
    en: str


OVERRIDE_REASONS: Final[Mapping[str, OverrideReason]] = {
    "suspected_forgery": OverrideReason(
        "Có dấu hiệu giả mạo, cần đối chiếu bản chính", "Suspected forgery: the original is needed"
    ),
    "illegible": OverrideReason(
        "Bản số hóa thiếu trang hoặc không đọc được",
        "The digitised paper is incomplete or illegible",
    ),
    "content_conflict": OverrideReason(
        "Nội dung mâu thuẫn với giấy tờ khác hoặc cơ sở dữ liệu",
        "Its content contradicts another paper or a database",
    ),
    "original_required_by_law": OverrideReason(
        "Luật chuyên ngành bắt buộc nộp bản chính", "A special law requires the original itself"
    ),
    "withdrawn_by_issuer": OverrideReason(
        "Cơ quan cấp báo đã thu hồi, hủy bỏ", "The issuer reports that it was withdrawn"
    ),
}
"""Which exceptions the law allows is for the office to settle; each needs a legal basis and
a note, and is reported to its leader."""


@dataclass(frozen=True, slots=True)
class Held:
    """A component that may not be asked for, and the papers that are the reason."""

    component: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A paper that cannot stand where it stands, and why."""

    document: str
    type: str | None
    reasons: tuple[str, ...]


def component_state(
    component: Component, papers: Sequence[Paper], types: Mapping[str, str | None]
) -> ComponentState:
    """Whether the attached papers are all that the component asks for, and where they are from.

    Args:
        component: of the procedure.
        papers: attached to it.
        types: of the papers' documents, by document.
    """
    if not papers:
        return "awaited"
    there = {types.get(paper.document) for paper in papers}
    if component.satisfied_by and not any(set(one) <= there for one in component.satisfied_by):
        return "awaited"
    sources = {paper.source for paper in papers}
    if "handed_in" in sources:
        return "handed_in"
    return "from_database" if "from_database" in sources else "reused"


def held_among(
    asked: Collection[str], answers: CheckResult, states: Mapping[str, ComponentState],
    papers: Sequence[Paper],
) -> tuple[Held, ...]:  # fmt: skip
    """Which of the components asked for are held already: in the dossier, or in the office."""
    found = []
    for code in asked:
        mine = tuple(paper.document for paper in papers if paper.component == code)
        answer = answers.answer(code)
        if states.get(code, "awaited") != "awaited":
            found.append(Held(code, mine))
        elif answer is not None and answer.answer == "held":
            found.append(Held(code, answer.use))
    return tuple(found)


def not_ready(
    procedure: Procedure,
    states: Mapping[str, ComponentState],
    papers: Sequence[Paper],
    documents: Mapping[str, DocumentHeld],
) -> tuple[str, ...]:
    """Components that keep a dossier from moving on: awaited, not checked, or not signed."""
    found = []
    for component in procedure.components:
        mine = [paper for paper in papers if paper.component == component.code]
        if states[component.code] == "awaited":
            if component.required:
                found.append(component.code)
            continue
        if any(not _checked_and_signed(paper, documents.get(paper.document)) for paper in mine):
            found.append(component.code)
    return tuple(found)


def _checked_and_signed(paper: Paper, document: DocumentHeld | None) -> bool:
    if document is None or reasons_of_state(document):
        return False
    return paper.checked_by is not None or paper.source != "handed_in"


def missing_results(procedure: Procedure, types: Collection[str | None]) -> tuple[str, ...]:
    """Types of results that the procedure must give and that are not there."""
    return tuple(
        result.type for result in procedure.results if result.required and result.type not in types
    )


def unfit_results(results: Sequence[DocumentHeld]) -> tuple[Unfit, ...]:
    """Results that are no results yet: not signed well, not in force, not confirmed."""
    return tuple(
        Unfit(one.id, one.type, reasons) for one in results if (reasons := reasons_of_state(one))
    )
