"""When a component is satisfied, what may be asked for, when a dossier may move on and close."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from repository.dossiers import (
    Paper,
    component_state,
    held_among,
    missing_results,
    not_ready,
    unfit_results,
)
from repository.once_only import CheckResult, ComponentAnswer, DocumentHeld
from repository.procedures import Component, Procedure, ResultType

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
FORM = Component("TP1", "Đơn")
EITHER = Component("TP2", "ĐKDN hoặc hai giấy", (("registration",), ("decision", "charter")))
OPTIONAL = Component("TP3", "Giấy khác", (("other",),), required=False)
PROCEDURE = Procedure(
    "1.000001", "Thủ tục", date(2024, 1, 1), components=(FORM, EITHER, OPTIONAL),
    results=(ResultType("licence", "Giấy phép"), ResultType("annex", "Phụ lục", required=False)),
)  # fmt: skip


def paper(document: str, component: str | None, source: str = "handed_in") -> Paper:
    return Paper(document, component, source, "clerk", AT)  # type: ignore[arg-type]


def held(document: str, kind: str, **changes: object) -> DocumentHeld:
    fit = DocumentHeld(
        document, "s", kind, "original", "active", None, None, None, None, "valid", True
    )
    return replace(fit, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("types", "sources", "state"),
    [
        ([], [], "awaited"),
        (["registration"], ["handed_in"], "handed_in"),
        (["registration"], ["reused"], "reused"),
        (["registration"], ["from_database"], "from_database"),
        (["decision"], ["reused"], "awaited"),  # its charter is missing
        (["decision", "charter"], ["reused", "reused"], "reused"),
        (["decision", "charter"], ["reused", "handed_in"], "handed_in"),
        (["decision", "charter"], ["reused", "from_database"], "from_database"),
        ([None], ["handed_in"], "awaited"),
    ],
)
def test_the_state_of_a_component(types: list[str], sources: list[str], state: str) -> None:
    papers = [paper(str(place), "TP2", source) for place, source in enumerate(sources)]
    kinds = {str(place): kind for place, kind in enumerate(types)}
    assert component_state(EITHER, papers, kinds) == state


def test_what_only_the_applicant_can_write_takes_any_paper() -> None:
    assert component_state(FORM, [paper("d", "TP1")], {"d": None}) == "handed_in"
    assert component_state(FORM, [], {}) == "awaited"


def answers(answer: str, use: tuple[str, ...] = ()) -> CheckResult:
    one = ComponentAnswer("TP2", "ĐKDN", True, answer, use, (), ())  # type: ignore[arg-type]
    return CheckResult("1.000001", date(2026, 11, 23), (one,))


def test_what_the_office_holds_may_not_be_asked_for() -> None:
    (found,) = held_among(["TP1", "TP2"], answers("held", ("d",)), {}, [])
    assert (found.component, found.documents) == ("TP2", ("d",))


def test_what_stands_in_the_dossier_may_not_be_asked_for_again() -> None:
    (found,) = held_among(
        ["TP2"], answers("must_request"), {"TP2": "handed_in"}, [paper("d", "TP2")]
    )
    assert found.documents == ("d",)


@pytest.mark.parametrize("answer", ["partly", "must_request"])
def test_what_is_missing_may_be_asked_for(answer: str) -> None:
    assert held_among(["TP2"], answers(answer, ("d",)), {"TP2": "awaited"}, []) == ()


def test_a_dossier_moves_on_when_its_papers_are_checked_and_signed() -> None:
    states = {"TP1": "handed_in", "TP2": "reused", "TP3": "awaited"}
    form, reused = paper("form", "TP1"), paper("reg", "TP2", "reused")
    documents = {"form": held("form", "form"), "reg": held("reg", "registration")}

    def waiting(
        papers: list[Paper], known: dict[str, DocumentHeld], **other: str
    ) -> tuple[str, ...]:
        return not_ready(PROCEDURE, {**states, **other}, papers, known)  # type: ignore[dict-item]

    checked = replace(form, checked_by="officer", checked_at=AT)
    assert waiting([checked, reused], documents) == ()
    assert waiting([form, reused], documents) == ("TP1",)  # nobody has checked it
    unsigned = {**documents, "form": held("form", "form", signature="none")}
    assert waiting([checked, reused], unsigned) == ("TP1",)
    withdrawn = {**documents, "reg": held("reg", "registration", status="withdrawn")}
    assert waiting([checked, reused], withdrawn) == ("TP2",)
    assert waiting([checked], documents, TP2="awaited") == ("TP2",)


def test_required_results_must_be_there() -> None:
    assert missing_results(PROCEDURE, set()) == ("licence",)
    assert missing_results(PROCEDURE, {"licence"}) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"signature": "none"}, "unsigned"),
        ({"signature": "invalid"}, "signature_invalid"),
        ({"signature": "undecided"}, "signature_undecided"),
        ({"status": "draft"}, "draft"),
        ({"status": "withdrawn"}, "withdrawn"),
        ({"status": "superseded"}, "superseded"),
        ({"fields_confirmed": False}, "fields_unconfirmed"),
    ],
)
def test_a_result_that_is_no_result_yet_says_why(change: dict[str, object], reason: str) -> None:
    (found,) = unfit_results([held("d", "licence", **change), held("e", "annex")])
    assert (found.document, found.reasons) == ("d", (reason,))
