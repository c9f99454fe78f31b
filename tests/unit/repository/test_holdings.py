"""The once-only check over the catalogue: what a document's rows mean for the decision."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from repository import documents, once_only, procedures, seed, subjects
from repository.database import Database
from repository.glimpse import OfSession
from repository.once_only import signature_state
from repository.subjects import Identifier, Subject
from tests.unit.repository.paper import NOW, field, finished, registered, signature
from vocabulary.errors import InvalidRequest, NotFound

ON = date(2026, 11, 23)
LICENCE = "radiation_work_licence"
PLACES = ("H31",)


@pytest.fixture
def office(database: Database, now: datetime) -> Database:
    with database.write() as tx:
        seed.load_procedures(tx, now)
    return database


def test_the_licence_that_this_office_gave_is_never_asked_for_again(office: Database) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564", "Bệnh viện A")
        licence = finished(tx, type=LICENCE, subject_id=subject.id)
        old = finished(tx, type=LICENCE, subject_id=subject.id, valid_to=date(2025, 1, 1))
        finished(tx, type="diploma", subject_id=subject.id)
        finished(tx, type=LICENCE)
        found = once_only.check(tx, "2.002381.H31", subject, ON, PLACES).to_json()
    assert (found["procedure"], found["on"]) == ("2.002381", "2026-11-23")
    (renewed,) = [one for one in found["components"] if one["component"] == "TP2"]
    assert renewed["answer"] == "held"
    assert renewed["use"] == [licence]
    assert renewed["considered"] == [
        {"document": licence, "accepted": True, "reasons": []},
        {"document": old, "accepted": False, "reasons": ["expired"]},
    ]
    others = [one["answer"] for one in found["components"] if one["component"] != "TP2"]
    assert set(others) == {"must_request"}


def test_a_part_of_what_is_needed_is_said(office: Database) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564")
        survey = finished(tx, type="radiation_survey_report", subject_id=subject.id)
        answer = once_only.check(tx, "2.002381", subject, ON, PLACES).answer("TP6")
        assert once_only.check(tx, "2.002381", subject, ON, PLACES).answer("none") is None
    assert answer is not None
    assert (answer.answer, answer.use) == ("partly", (survey,))
    assert answer.missing == ("equipment_inspection_certificate",)


def test_a_subject_that_the_catalogue_does_not_know_holds_nothing(office: Database) -> None:
    with office.read() as tx:
        found = once_only.check(tx, "2.002381", None, ON, PLACES)
    assert {one.answer for one in found.components} == {"must_request"}


def test_an_unknown_procedure_is_not_found(office: Database) -> None:
    with office.read() as tx, pytest.raises(NotFound):
        once_only.check(tx, "9.999999", None, ON, PLACES)


def test_the_version_of_the_day_of_receipt_decides(office: Database, now: datetime) -> None:
    with office.write() as tx:
        newer = procedures.get(tx, "2.002381", ON).to_json() | {
            "valid_from": "2026-11-23",
            "components": [],
        }
        procedures.put(tx, procedures.from_json(newer), now)
        assert (
            len(once_only.check(tx, "2.002381", None, date(2026, 11, 22), PLACES).components) == 6
        )
        assert once_only.check(tx, "2.002381", None, ON, PLACES).components == ()


def test_a_paper_that_names_the_subject_but_is_registered_for_nobody_is_shown(
    office: Database,
) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564")
        one = finished(tx, type=LICENCE)
        documents.save_fields(tx, one, {"holder_id": field("0901234564")}, NOW)
        answer = once_only.check(tx, "2.002381", subject, ON, PLACES).answer("TP2")
    assert answer is not None
    assert [considered.to_json() for considered in answer.considered] == [
        {"document": one, "accepted": False, "reasons": ["holder_differs"]}
    ]


def test_fields_in_doubt_and_drafts_are_not_reused(office: Database) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564")
        one = registered(tx, type=LICENCE, subject_id=subject.id, form="original")
        documents.save_fields(tx, one, {"issuer": field("?", doubtful=True)}, NOW)
        answer = once_only.check(tx, "2.002381", subject, ON, PLACES).answer("TP2")
    assert answer is not None
    assert answer.considered[0].reasons == ("draft", "unsigned", "fields_unconfirmed")


def test_a_discarded_duplicate_is_no_document(office: Database) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564")
        first = finished(tx, type=LICENCE, subject_id=subject.id)
        second = registered(tx, type=LICENCE, subject_id=subject.id, duplicate_of=first)
        documents.choose_duplicate(tx, second, "discard", "clerk", NOW)
        answer = once_only.check(tx, "2.002381", subject, ON, PLACES).answer("TP2")
    assert answer is not None
    assert [considered.document for considered in answer.considered] == [first]


@pytest.mark.parametrize(
    ("verdicts", "certified", "state"),
    [
        ([], False, "none"),
        ([], True, "valid"),
        (["valid", "valid_with_remarks"], False, "valid"),
        (["valid", "undecided"], True, "undecided"),
        (["undecided", "invalid"], True, "invalid"),
    ],
)
def test_a_signed_original_is_judged_by_its_own_signatures_the_worst_one_decides(
    verdicts: list[str], certified: bool, state: str
) -> None:
    assert signature_state([signature(verdict) for verdict in verdicts], certified) == state


def test_a_signature_before_an_unsigned_field_is_still_a_signature() -> None:
    remarked = signature("undecided", ("unsigned_field",))
    assert signature_state([remarked], certified=True) == "undecided"


def test_the_holders_number_is_looked_up_by_its_index(database: Database) -> None:
    """Without it the check would look through every paper of the office."""
    said: list[tuple[str, Any]] = []
    with database.read() as tx:
        lite = tx.get_bind().dialect.name == "sqlite"
        if not lite:  # an empty table is read whole whatever the indexes
            tx.execute(text("SET LOCAL enable_seqscan = off"))

        @event.listens_for(tx.connection(), "before_cursor_execute")
        def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
            if "holder_id" in statement:
                said.append((statement, values))

        who = Subject("s", "", (Identifier("vn:mst", "0901234564"),))
        once_only.held_by(OfSession(tx), who, {"a"})
        explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
        plan = tx.connection().exec_driver_sql(f"{explain} {said[0][0]}", said[0][1])
        assert "ix_fields_holder" in str(plan.all())


@pytest.mark.parametrize(
    ("signers", "verdict", "state"),
    [
        (("Chị A", "UBND phường"), "valid", "valid"),
        (("Chị A", "Chị A"), "valid", "incomplete"),
        (("UBND phường",), "valid", "incomplete"),
        ((), "valid", "incomplete"),
        (("Chị A", "UBND phường"), "undecided", "undecided"),
        (("Chị A", "UBND phường"), "invalid", "invalid"),
    ],
)
def test_a_certified_electronic_copy_carries_two_good_signatures(
    signers: tuple[str, ...], verdict: str, state: str
) -> None:
    records = [replace(signature(verdict), signer=one) for one in signers]
    assert signature_state(records, True, "electronic_certified_copy") == state
    if signers:  # of an original one good signature is enough
        assert signature_state(records[:1], False, "electronic_original") == verdict


ENDS = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "answer"),
    [(date(2026, 11, 22), "held"), (ENDS, "held"), (date(2026, 11, 24), "must_request")],
)
def test_a_paper_ends_with_the_paper_it_hangs_on(office: Database, on: date, answer: str) -> None:
    with office.write() as tx:
        subject = subjects.ensure(tx, "vn:mst", "0901234564")
        lease = finished(tx, type="lease", subject_id=subject.id, valid_to=ENDS)
        annex = finished(tx, type="annex", subject_id=subject.id, ends_with=lease)
        licence = finished(tx, type=LICENCE, subject_id=subject.id, ends_with=annex)
        found = once_only.check(tx, "2.002381", subject, on, PLACES).answer("TP2")
        assert found is not None
        assert found.answer == answer
        assert [one.reasons for one in found.considered] == [
            () if answer == "held" else ("ended_with_other",)
        ]
        assert documents.ending_with(tx, lease) == [annex, licence]
        documents.withdraw(tx, lease, "officer", "QĐ 1", NOW)
        lost = once_only.check(tx, "2.002381", subject, on, PLACES).answer("TP2")
        assert lost is not None
        assert lost.answer == "must_request"


def test_papers_do_not_end_with_each_other(office: Database) -> None:
    with office.write() as tx:
        one, other = (finished(tx, type="annex") for _ in range(2))
        documents.describe(tx, one, {"ends_with": other}, "officer", NOW)
        with pytest.raises(InvalidRequest) as refusal:
            documents.describe(tx, other, {"ends_with": one}, "officer", NOW)
        assert refusal.value.error_code == "validity_circle"
        with pytest.raises(NotFound):
            documents.describe(tx, other, {"ends_with": "0" * 32}, "officer", NOW)
