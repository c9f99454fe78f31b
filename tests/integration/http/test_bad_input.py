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
            assert (refused.status_code, refused.json()["code"]) == (409, "conflict"), refused.text
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
