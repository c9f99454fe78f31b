"""What must not be possible: circles, contradictions, probing; every code is described."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, event

from api.web import words
from ingest import lookup
from ingest.evidence_terms import ANCHORS
from repository import purposes
from repository.subjects import mst_check_digit
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital
from tests.integration.http.test_evidence import RENEWAL, question
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    home: Path = tmp_path_factory.mktemp("office")
    with open_office(home, demo=True, engines=engines) as made:
        with made.house.database.write() as tx:
            purposes.grant(tx, "portal", RENEWAL, made.house.clock.now())
        yield made


def hand_in(office: Office, text: str, subject: dict[str, str] | None = None, **more: str) -> str:
    told = {
        "type": "radiation_work_licence", "form": "original", "scope": "nationwide",
        "issue_date": "2026-03-12", **({"subject": subject} if subject else {}), **more,
    }  # fmt: skip
    with office.client("clerk") as clerk:
        document: str = clerk.post(
            "/v1/documents",
            files={"file": ("giấy.pdf", born_digital(text))},
            data={"metadata": json.dumps(told)},
        ).json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
    return document


def test_papers_do_not_replace_each_other_in_a_circle(office: Office) -> None:
    first, second, third = (hand_in(office, f"VONG {one}") for one in "ABC")

    def put_in_place(client: httpx.Client, old: str, new: str) -> httpx.Response:
        return client.post(f"/v1/documents/{old}/supersede", json={"by": new})

    with office.client("officer") as officer:
        assert put_in_place(officer, first, second).status_code == 200
        assert put_in_place(officer, second, third).status_code == 200
        for old, new in ((third, first), (third, third), (third, second)):
            refused = put_in_place(officer, old, new)
            assert (refused.status_code, refused.json()["code"]) == (
                409, "supersession_circle",
            ), refused.text  # fmt: skip
        assert officer.get(f"/v1/documents/{third}").json()["status"] == "active"


@dataclass(frozen=True)
class Stopped:
    """A clock that stands."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def test_today_is_the_day_in_vietnam(office: Office) -> None:
    """The last day ends at midnight there, five in the afternoon in Greenwich."""
    firm = {"scheme": "vn:mst", "id": "0312345678"[:9], "name": "Công ty tư"}
    firm["id"] += str(mst_check_digit(firm["id"]))
    paper = hand_in(office, "NGAY CUOI", firm, valid_to="2026-06-10")
    for minute, answer in ((59, "held"), (60, "must_request")):
        moment = datetime(2026, 6, 10, 16, tzinfo=UTC) + timedelta(minutes=minute)
        house = replace(office.house, clock=Stopped(moment))
        told = lookup.once_only_check(house, RENEWAL, firm["scheme"], firm["id"])
        (part,) = (one for one in told["components"] if one["component"] == "TP2")
        assert part["answer"] == answer
        assert part["considered"][0]["document"] == paper


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the catalogue meanwhile, without values."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_probing_for_a_persons_paper_learns_nothing(office: Office) -> None:
    """Nobody, and somebody without such a paper: one answer, the same work behind it."""
    hand_in(office, "KHAC", {"scheme": "vn:mst", "id": "0301442379", "name": "Công ty ba"})
    other_type = {"id": "radiation_survey_report"}
    told = []
    with office.client("system") as portal:
        for number in ("0301442379", "0100109106"):
            subject = {"organization": {"id": number, "id_scheme": "vn:mst"}}
            asked = question(subject=subject, evidence_type=other_type)
            portal.post("/v1/evidence-requests", json={**asked, "request_id": asked["request_id"]})
            asked["request_id"] += "-2"
            with statements() as seen:
                answer = portal.post("/v1/evidence-requests", json=asked)
            body = {k: v for k, v in answer.json().items() if k not in ("request", "instance")}
            told.append((answer.status_code, body, seen))
    assert told[0][0] == 404
    assert told[0] == told[1]


def test_probing_for_a_document_learns_nothing(office: Office) -> None:
    """A system that may not know of a document, and one that is not there."""
    there = hand_in(office, "CUA VAN PHONG")
    told = []
    with office.client("system") as portal:
        for document in (there, "0" * 32):
            portal.get(f"/v1/documents/{document}")
            with statements() as seen:
                answer = portal.get(f"/v1/documents/{document}")
            body = {k: v for k, v in answer.json().items() if k not in ("request", "instance")}
            told.append((answer.status_code, body, len(seen)))
    assert told[0][:2] == told[1][:2]
    assert told[0][0] == 404
    assert abs(told[0][2] - told[1][2]) <= 1


def test_every_reason_and_error_code_stands_in_the_description(office: Office) -> None:
    schemas = httpx.get(f"{office.url}/openapi.json").json()["components"]["schemas"]
    assert set(schemas["OnceOnlyReason"]["enum"]) == set(words.ONCE_ONLY_REASONS)
    assert set(schemas["EvidenceError"]["enum"]) >= {
        *ANCHORS, "link_used", "link_expired", "withdrawn",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"procedure": "9.999999"}, 404, "procedure_not_found"),
        ({"procedure": "x"}, 422, "invalid_request"),
        ({"subject": {"scheme": "vn:mst", "id": "0901234560"}}, 422, "invalid_identifier"),
        ({"subject": {"scheme": "name", "id": "Nguyễn Văn A"}}, 422, "invalid_request"),
        ({"on": "2026-02-30"}, 422, "invalid_request"),
    ],
)
def test_a_check_that_is_none_is_refused(
    office: Office, question: dict[str, object], status: int, code: str
) -> None:
    asked = {"procedure": RENEWAL, "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id}}
    with office.client("officer") as officer:
        answer = officer.post("/v1/once-only/check", json={**asked, **question})
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        unknown = {"scheme": "vn:mst", "id": "0100109106"}
        nothing = officer.post("/v1/once-only/check", json={**asked, "subject": unknown}).json()
    assert {one["answer"] for one in nothing["components"]} == {"must_request"}


FIRM = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
CONTRADICTORY = [
    ({"valid_from": "2026-03-12", "valid_to": "2026-03-11"}, "validity_contradictory", "valid_to"),
    ({"issue_date": "2026-03-12", "valid_to": "2026-03-11"}, "validity_contradictory", "valid_to"),
    ({"issue_date": TOMORROW}, "issued_in_future", "issue_date"),
]


@pytest.mark.parametrize(("said", "code", "field"), CONTRADICTORY)
def test_days_that_cannot_be_are_refused_at_every_door(
    office: Office, said: dict[str, str], code: str, field: str
) -> None:
    told = {"metadata": json.dumps({"type": "radiation_work_licence", "subject": FIRM, **said})}
    file = ("giấy.pdf", born_digital(f"NGAY {sorted(said.items())}"))
    with office.client("clerk") as clerk, office.browser("clerk") as browser:
        batch = clerk.post("/v1/batches", json={}).json()["id"]
        before = len(clerk.get("/v1/documents?limit=200").json()["items"])
        for answer in (
            clerk.post("/v1/documents", files={"file": file}, data=told),
            clerk.post(f"/v1/batches/{batch}/files", files=[("files", file)], data=told),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
            assert answer.json()["field"] == field
            assert answer.json()["detail"]
            assert answer.json()["detail_en"]
        assert len(clerk.get("/v1/documents?limit=200").json()["items"]) == before
        assert browser.get("/hand-in").status_code == 200


def test_days_that_cannot_be_are_refused_in_review(office: Office) -> None:
    document = hand_in(office, "NGAY SUA", FIRM)
    address = f"/v1/documents/{document}"
    with office.client("officer") as officer:
        before = officer.get(address).json()
        for fields, code in (
            ({"expiry_date": "2026-03-11"}, "validity_contradictory"),
            ({"issue_date": "2099-01-01"}, "issued_in_future"),
        ):
            body = {"fields": fields, "version": before["version"]}
            answer = officer.patch(f"{address}/fields", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        for said, code in (
            ({"valid_to": "2026-03-11"}, "validity_contradictory"),
            ({"ends_with": document}, "validity_circle"),
        ):
            answer = officer.patch(address, json={**said, "version": before["version"]})
            assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert officer.get(address).json() == before


def test_a_document_of_another_person_is_no_successor_and_no_result(office: Office) -> None:
    mine = hand_in(office, "CUA TOI", FIRM)
    other = {"scheme": "vn:mst", "id": "0100109106", "name": "Công ty khác"}
    theirs = hand_in(office, "CUA HO", other)
    with office.client("officer") as officer:
        answer = officer.post(f"/v1/documents/{mine}/supersede", json={"by": theirs})
        assert (answer.status_code, answer.json()["code"]) == (409, "holder_differs")
        assert officer.get(f"/v1/documents/{mine}").json()["status"] == "active"
        code = officer.post("/v1/dossiers", json={"procedure": "2.002380", "subject": FIRM}).json()[
            "code"
        ]
        address = f"/v1/dossiers/{code}"
        before = officer.get(address).json()["version"]
        answer = officer.post(f"{address}/results", json={"document": theirs})
        assert (answer.status_code, answer.json()["code"]) == (409, "holder_differs")
        assert officer.get(address).json()["version"] == before
        explained = {"document": theirs, "other_holder": "Chi nhánh của người nộp"}
        assert officer.post(f"{address}/results", json=explained).status_code == 201


def test_the_same_component_twice(office: Office) -> None:
    with office.client("officer") as officer, office.client("administrator") as administrator:
        code = officer.post("/v1/dossiers", json={"procedure": RENEWAL, "subject": FIRM}).json()[
            "code"
        ]
        before = officer.get(f"/v1/dossiers/{code}").json()
        asked = {"components": ["TP1", "TP1"]}
        answer = officer.post(f"/v1/dossiers/{code}/requests", json=asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "component_repeated")
        after = officer.get(f"/v1/dossiers/{code}").json()
        assert (after["version"], after["requests"]) == (before["version"], [])
        version = officer.get(f"/v1/procedures/{RENEWAL}").json()
        twice = [*version["components"], version["components"][0]]
        del version["versions"]
        answer = administrator.put(
            f"/v1/procedures/{RENEWAL}", json={**version, "components": twice}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert answer.json()["field"] == "components"
        assert len(officer.get(f"/v1/procedures/{RENEWAL}").json()["components"]) == 6


def test_nobody_is_found_by_a_name(office: Office) -> None:
    """An ambiguous subject: the same answer whether the office knows the person or not."""
    person = {"scheme": "vn:cccd", "id": "033190123456", "name": "Trần Thị Mẫu"}
    hand_in(office, "CUA BA MAU", person)
    told = []
    with office.client("system") as portal:
        for name in (person["name"], "Không Ai Cả"):
            about = {"natural_person": {"full_name": name, "date_of_birth": "1990-01-01"}}
            with statements() as seen:
                answer = portal.post("/v1/evidence-requests", json=question(subject=about))
            assert (answer.status_code, answer.json()["code"]) == (409, "subject_ambiguous")
            assert answer.json()["anchor"] == "EDM:ERR:0003"
            told.append(seen)
        assert told[0] == told[1]
        neither = {"natural_person": {"full_name": person["name"]}}
        answer = portal.post("/v1/evidence-requests", json=question(subject=neither))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        for name, status in (("TRAN THI MAU", 200), ("Trần Thị Khác", 404)):
            about = {"natural_person": {"id": person["id"], "full_name": name}}
            asked = question(subject=about)
            assert portal.post("/v1/evidence-requests", json=asked).status_code == status, name


def test_what_cannot_be_given_is_said(office: Office) -> None:
    with office.client("system") as portal:
        for formats, status in ((["application/xml"], 406), (["application/pdf"], 404)):
            unknown = {"organization": {"id": "0312345673", "id_scheme": "vn:mst"}}
            asked = question(subject=unknown, accepted_formats=formats)
            answer = portal.post("/v1/evidence-requests", json=asked)
            assert answer.status_code == status, answer.text
            if status == 406:
                assert answer.json()["code"] == "unsupported_capability"
                assert answer.json()["anchor"] == "EDM:ERR:0007"
        elsewhere = {**question()["purpose"], "procedure_code": "9.999999"}
        answer = portal.post("/v1/evidence-requests", json=question(purpose=elsewhere))
        assert (answer.status_code, answer.json()["code"]) == (403, "purpose_not_allowed")
