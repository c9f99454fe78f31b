"""The once-only decision, told as a table: every reason, every answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web import words
from repository.once_only import DocumentHeld, decide
from repository.procedures import Component

ON = date(2026, 11, 23)
ME = "subject"
PLACES = ("H31", "H54")

GOOD = DocumentHeld(
    id="good",
    holder=ME,
    type="business_registration",
    form="original",
    status="active",
    issue_date=date(2024, 5, 2),
    valid_from=None,
    valid_to=None,
    scope="nationwide",
    signature="valid",
    fields_confirmed=True,
)
WANTED = Component(
    code="TP1",
    name="Giấy chứng nhận đăng ký doanh nghiệp",
    satisfied_by=(("business_registration",),),
    form=("original", "certified_copy"),
    max_age_days=1000,
)

REFUSED = [
    ("expired", {"valid_to": date(2026, 11, 22)}),
    ("not_yet_valid", {"valid_from": date(2026, 11, 24)}),
    ("not_yet_valid", {"issue_date": date(2026, 11, 24)}),
    ("ended_with_other", {"other_stands": False}),
    ("ended_with_other", {"other_valid_to": date(2026, 11, 22)}),
    ("superseded", {"status": "superseded"}),
    ("corrected", {"status": "corrected"}),
    ("disposed", {"status": "disposed"}),
    ("withdrawn", {"status": "withdrawn"}),
    ("draft", {"status": "draft"}),
    ("unsigned", {"signature": "none"}),
    ("signature_missing", {"signature": "incomplete"}),
    ("signature_invalid", {"signature": "invalid"}),
    ("signature_undecided", {"signature": "undecided"}),
    ("holder_differs", {"holder": "somebody else"}),
    ("holder_differs", {"holder": None}),
    ("type_not_accepted", {"type": None}),
    ("form_not_accepted", {"form": "copy"}),
    ("form_not_accepted", {"form": None}),
    ("out_of_scope", {"scope": "H21"}),
    ("too_old", {"issue_date": date(2024, 2, 26)}),
    ("issue_date_unknown", {"issue_date": None}),
    ("fields_unconfirmed", {"fields_confirmed": False}),
]

ACCEPTED = [
    ("the last day of validity still counts", {"valid_to": ON}),
    ("the last day of the paper with which it ends still counts", {"other_valid_to": ON}),
    ("the first day of validity counts", {"valid_from": ON}),
    ("the day on which the age limit is reached", {"issue_date": date(2024, 2, 27)}),
    ("this province", {"scope": "H31"}),
    ("the province that was merged into this one", {"scope": "H54"}),
    ("no territorial limit is named", {"scope": None}),
    ("an electronic original stands for the original", {"form": "electronic_original"}),
    ("so does an electronic certified copy", {"form": "electronic_certified_copy"}),
    ("a certified copy where it is accepted", {"form": "certified_copy"}),
]


@pytest.mark.parametrize(("reason", "change"), REFUSED)
def test_each_reason_against_a_document(reason: str, change: dict[str, object]) -> None:
    document = replace(GOOD, **change)  # type: ignore[arg-type]
    answer = decide(WANTED, ME, ON, [document], PLACES)
    assert answer.answer == "must_request"
    assert answer.use == ()
    assert [one.to_json() for one in answer.considered] == [
        {"document": "good", "accepted": False, "reasons": [reason]}
    ]


@pytest.mark.parametrize(("why", "change"), ACCEPTED)
def test_what_is_accepted(why: str, change: dict[str, object]) -> None:
    answer = decide(WANTED, ME, ON, [replace(GOOD, **change)], PLACES)  # type: ignore[arg-type]
    assert (answer.answer, answer.use) == ("held", ("good",)), why


@pytest.mark.parametrize(
    ("field", "day", "answers"),
    [
        ("valid_to", ON, ("held", "held", "must_request")),
        ("other_valid_to", ON, ("held", "held", "must_request")),
        ("valid_from", ON, ("must_request", "held", "held")),
        ("issue_date", ON, ("must_request", "held", "held")),
        ("issue_date", ON - timedelta(days=1000), ("held", "held", "must_request")),
    ],
)
def test_each_rule_of_time_the_day_before_on_and_after_its_date(
    field: str, day: date, answers: tuple[str, str, str]
) -> None:
    document = replace(GOOD, **{field: day})  # type: ignore[arg-type]
    days = (ON + timedelta(days=offset) for offset in (-1, 0, 1))
    assert tuple(decide(WANTED, ME, on, [document], PLACES).answer for on in days) == answers


def test_every_reason_has_its_case() -> None:
    told = {reason for reason, _ in REFUSED}
    assert told == set(words.ONCE_ONLY_REASONS)


def test_all_reasons_are_given_at_once() -> None:
    document = replace(GOOD, status="draft", signature="none", fields_confirmed=False)
    (considered,) = decide(WANTED, ME, ON, [document], PLACES).considered
    assert considered.reasons == ("draft", "unsigned", "fields_unconfirmed")


def test_nothing_more_is_said_of_somebody_elses_paper() -> None:
    document = replace(GOOD, holder="other", status="withdrawn", signature="none")
    (considered,) = decide(WANTED, ME, ON, [document], PLACES).considered
    assert considered.reasons == ("holder_differs",)


def test_papers_of_another_type_are_not_even_listed() -> None:
    others = [replace(GOOD, type="diploma"), replace(GOOD, id="b", holder="x", type=None)]
    assert decide(WANTED, ME, ON, others, PLACES).considered == ()


def test_an_unknown_subject_holds_nothing() -> None:
    answer = decide(WANTED, None, ON, [GOOD, replace(GOOD, id="b", holder=None)], PLACES)
    assert answer.answer == "must_request"
    assert {reason for one in answer.considered for reason in one.reasons} == {"holder_differs"}


def test_what_only_the_applicant_can_make_must_be_requested() -> None:
    form = Component(code="TP1", name="Đơn đề nghị")
    answer = decide(form, ME, ON, [GOOD, replace(GOOD, id="b", type=None)], PLACES)
    assert answer.answer == "must_request"
    assert answer.considered == ()


def test_no_age_limit_and_any_form_where_the_component_names_none() -> None:
    component = replace(WANTED, form=(), max_age_days=None)
    assert (
        decide(component, ME, ON, [replace(GOOD, issue_date=None, form=None)], PLACES).answer
        == "held"
    )


ANY_OF_ALL_OF = replace(WANTED, satisfied_by=(("survey", "inspection", "plan"), ("licence",)))


@pytest.mark.parametrize(
    ("types", "answer", "use", "missing"),
    [
        (["survey", "inspection", "plan"], "held", ("survey", "inspection", "plan"), ()),
        (["licence"], "held", ("licence",), ()),
        (["survey", "licence"], "held", ("licence",), ()),
        (["survey", "plan"], "partly", ("survey", "plan"), ("inspection",)),
        (["survey"], "partly", ("survey",), ("inspection", "plan")),
        ([], "must_request", (), ()),
    ],
)
def test_any_of_all_of(
    types: list[str], answer: str, use: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    held = [replace(GOOD, id=kind, type=kind) for kind in types]
    found = decide(ANY_OF_ALL_OF, ME, ON, held, PLACES)
    assert (found.answer, found.use, found.missing) == (answer, use, missing)
    assert found.to_json().get("missing", []) == list(missing)


def test_the_paper_that_stays_valid_longest_is_used_and_all_are_listed() -> None:
    held = [
        replace(GOOD, id="a", valid_to=date(2027, 1, 1)),
        replace(GOOD, id="b", valid_to=date(2028, 1, 1)),
        replace(GOOD, id="c", valid_to=date(2020, 1, 1)),
    ]
    answer = decide(WANTED, ME, ON, held, PLACES)
    assert answer.use == ("b",)
    assert [one.document for one in answer.considered] == ["a", "b", "c"]


DOCUMENTS = st.builds(
    DocumentHeld,
    id=st.uuids().map(str),
    holder=st.sampled_from([ME, "other", None]),
    type=st.sampled_from(["survey", "inspection", "plan", "licence", "other", None]),
    form=st.sampled_from(["original", "certified_copy", "copy", None]),
    status=st.sampled_from(["draft", "active", "superseded", "corrected", "withdrawn"]),
    issue_date=st.none() | st.dates(date(2023, 1, 1), date(2027, 1, 1)),
    valid_from=st.none() | st.dates(date(2023, 1, 1), date(2027, 1, 1)),
    valid_to=st.none() | st.dates(date(2023, 1, 1), date(2029, 1, 1)),
    scope=st.sampled_from([None, "nationwide", "H31", "H21"]),
    signature=st.sampled_from(["valid", "none", "incomplete", "undecided", "invalid"]),
    fields_confirmed=st.booleans(),
    other_stands=st.booleans(),
    other_valid_to=st.none() | st.dates(date(2023, 1, 1), date(2029, 1, 1)),
)
RANK = {"must_request": 0, "partly": 1, "held": 2}


@given(held=st.lists(DOCUMENTS, max_size=8, unique_by=lambda one: one.id), more=DOCUMENTS)
def test_one_more_document_never_makes_the_answer_worse(
    held: list[DocumentHeld], more: DocumentHeld
) -> None:
    before = decide(ANY_OF_ALL_OF, ME, ON, held, PLACES).answer
    after = decide(ANY_OF_ALL_OF, ME, ON, [*held, more], PLACES).answer
    assert RANK[after] >= RANK[before]


@given(held=st.lists(DOCUMENTS, max_size=8, unique_by=lambda one: one.id), data=st.data())
def test_the_answer_does_not_depend_on_the_order_and_names_only_accepted_papers(
    held: list[DocumentHeld], data: st.DataObject
) -> None:
    answer = decide(ANY_OF_ALL_OF, ME, ON, held, PLACES)
    assert answer == decide(ANY_OF_ALL_OF, ME, ON, data.draw(st.permutations(held)), PLACES)
    accepted = {one.document for one in answer.considered if one.accepted}
    assert set(answer.use) <= accepted
    assert all(one.holder == ME for one in held if one.id in accepted)
