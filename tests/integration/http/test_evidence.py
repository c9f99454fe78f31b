"""Another authority asks for evidence: purpose first, once-only links, receipts, a full log."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from repository import audit, evidence, purposes
from repository.audit import AuditFilter
from repository.schema import evidence_links
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital
from tests.servers.engines import Engines

RENEWAL = "2.002381"
TYPE = "radiation_work_licence"
FIRM = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def office(home: Path, engines: Engines) -> Iterator[Office]:
    """A demo office whose client ``portal`` may ask for evidence for the renewal of licences."""
    with open_office(home, demo=True, engines=engines) as made:
        with made.house.database.write() as tx:
            purposes.grant(tx, "portal", RENEWAL, made.house.clock.now())
        yield made


@pytest.fixture
def portal(office: Office) -> Iterator[httpx.Client]:
    with office.client("system") as client:
        yield client


def hand_in(office: Office, text: str, **more: object) -> str:
    told = {"type": TYPE, "scope": "nationwide", "form": "original", "issue_date": "2026-03-12",
            "subject": FIRM}  # fmt: skip
    with office.client("clerk") as clerk:
        document: str = clerk.post(
            "/v1/documents",
            files={"file": ("giấy.pdf", born_digital(text))},
            data={"metadata": json.dumps({**told, **more})},
        ).json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
    return document


@pytest.fixture(scope="module")
def licence(office: Office) -> str:
    return hand_in(office, "GIAY PHEP")


def question(**changes: Any) -> dict[str, Any]:
    asked = {
        "request_id": str(uuid.uuid4()),
        "spec_version": "1.0",
        "issued_at": datetime.now(UTC).isoformat(),
        "requester": {"authority_id": "000.00.19.H31", "officer_id": "nguyen.van.a"},
        "purpose": {
            "procedure_code": RENEWAL,
            "case_ref": "000.00.19.H31-261123-0001",
            "legal_basis": [{"instrument": "NĐ 45/2020/NĐ-CP", "article": "25"}],
        },
        "explicit_request": {"given": True},
        "subject": {"organization": {"id": SUBJECT.id, "id_scheme": "vn:mst"}},
        "evidence_type": {"id": TYPE},
    }
    return {**asked, **changes}


def ask(client: httpx.Client, **changes: Any) -> httpx.Response:
    return client.post("/v1/evidence-requests", json=question(**changes))


@pytest.mark.usefixtures("licence")
def test_the_same_request_gets_the_same_answer_and_another_is_refused(portal: httpx.Client) -> None:
    asked = question()
    first, second = (portal.post("/v1/evidence-requests", json=asked) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    other = {**asked, "evidence_type": {"id": "business_registration"}}
    refused = portal.post("/v1/evidence-requests", json=other)
    assert (refused.status_code, refused.json()["code"]) == (409, "replayed_request")


PURPOSE: dict[str, Any] = question()["purpose"]


@pytest.mark.usefixtures("licence")
@pytest.mark.parametrize(
    ("change", "status", "code", "anchor"),
    [
        ({"purpose": {**PURPOSE, "procedure_code": "2.002380"}}, 403, "purpose_not_allowed",
         "EDM:ERR:0002"),
        ({"evidence_type": {"id": "lease_contract"}}, 403, "purpose_not_allowed", "EDM:ERR:0002"),
        ({"explicit_request": {"given": False}}, 403, "consent_missing", "EDM:ERR:0002"),
        ({"purpose": {**PURPOSE, "legal_basis": [{"instrument": "Nghị định 999/2031/NĐ-CP"}]}},
         422, "unresolved_reference", "EDM:ERR:0006"),
        ({"purpose": {**PURPOSE, "legal_basis": [{"instrument": "tiện thì xem"}]}},
         422, "unresolved_reference", "EDM:ERR:0006"),
        ({"subject": {"organization": {"id": "0100109106", "id_scheme": "vn:mst"}}},
         404, "evidence_not_found", "EDM:ERR:0004"),
        ({"evidence_type": {"id": TYPE, "min_issue_date": "2026-10-01"}},
         404, "evidence_not_found", "EDM:ERR:0004"),
        ({"evidence_type": {"id": TYPE, "valid_at": "2020-01-01"}},
         404, "evidence_not_found", "EDM:ERR:0004"),
        ({"issued_at": "2020-01-01T00:00:00+07:00"}, 422, "invalid_request", "EDM:ERR:0003"),
    ],
)  # fmt: skip
def test_refusals_have_stable_codes(
    portal: httpx.Client, change: dict[str, Any], status: int, code: str, anchor: str
) -> None:
    answer = ask(portal, **change)
    told = answer.json()
    assert (answer.status_code, told["code"], told["anchor"]) == (status, code, anchor), told
    assert "why" not in told


@pytest.mark.parametrize(
    "change",
    [
        {"subject": {}},
        {"subject": {"organization": {"id": "1"}, "natural_person": {"id": "2"}}},
        {"purpose": {**PURPOSE, "legal_basis": []}},
        {"purpose": {**PURPOSE, "case_ref": ""}},
        {"request_id": "1"},
    ],
)
def test_what_is_no_request_is_refused(portal: httpx.Client, change: dict[str, Any]) -> None:
    answer = ask(portal, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.usefixtures("licence")
@pytest.mark.parametrize(
    ("asked", "day", "status"),
    [
        ("min_issue_date", "2026-03-11", 200), ("min_issue_date", "2026-03-12", 200),
        ("min_issue_date", "2026-03-13", 404), ("valid_at", "2026-03-11", 404),
        ("valid_at", "2026-03-12", 200), ("valid_at", "2026-03-13", 200),
    ],
)  # fmt: skip
def test_days_of_a_question_the_day_before_on_and_after(
    portal: httpx.Client, asked: str, day: str, status: int
) -> None:
    assert ask(portal, evidence_type={"id": TYPE, asked: day}).status_code == status


def test_papers_out_of_force_are_not_delivered(office: Office, portal: httpx.Client) -> None:
    firm = {"scheme": "vn:mst", "id": "0301442379", "name": "Công ty ba"}
    paper = hand_in(office, "CU", subject=firm, valid_to="2026-06-30")
    about = {"subject": {"organization": {"id": firm["id"], "id_scheme": "vn:mst"}}}
    assert ask(portal, **about).status_code == 404
    with office.house.database.read() as tx:
        wanted = AuditFilter(event_type="evidence.request_refused")
        last = audit.page_of(tx, wanted, None, 1).items[0].entry
    assert (last.outcome, last.detail["why"]) == ("refused", "expired")  # in the log alone
    fresh = hand_in(office, "MOI", subject=firm)
    body = ask(portal, **about).json()
    assert len(body["evidence"]) == 1
    with office.client("officer") as officer:
        officer.post(f"/v1/documents/{fresh}/withdraw", json={"reason": "QĐ 7/QĐ-SKHCN"})
    gone = portal.get(body["evidence"][0]["content_url"])
    assert (gone.status_code, gone.json()["code"]) == (410, "withdrawn")
    assert ask(portal, **about).status_code == 404
    assert paper


@pytest.mark.usefixtures("licence")
def test_links_end(office: Office, portal: httpx.Client) -> None:
    piece = ask(portal).json()["evidence"][0]
    with office.house.database.write() as tx:
        found = evidence.link_of(tx, "portal", piece["id"])
        assert found is not None
        assert found.expires_at - office.house.clock.now() <= timedelta(minutes=15)
        mine = evidence_links.c.id == piece["id"]
        past = office.house.clock.now() - timedelta(seconds=1)
        tx.execute(update(evidence_links).where(mine).values(expires_at=past))
    late = portal.get(piece["content_url"])
    assert (late.status_code, late.json()["code"]) == (410, "link_expired")
    assert portal.get(f"/v1/evidence/{'0' * 32}/content").status_code == 404
    assert portal.get(f"/v1/receipts/{'0' * 32}").status_code == 404
    assert portal.get(f"/v1/evidence-requests/{'0' * 32}").status_code == 404


@pytest.mark.usefixtures("licence")
def test_the_log_has_the_whole_conversation(office: Office, portal: httpx.Client) -> None:
    body = ask(portal).json()
    portal.get(body["evidence"][0]["content_url"])
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(actor="portal"), None, 3).items
        status = audit.verify(tx)
    told = [one.entry.event_type for one in entries]
    assert told == ["evidence.opened", "evidence.delivered", "evidence.request_received"]
    delivered = entries[1].entry
    assert delivered.detail["case_ref"] == PURPOSE["case_ref"]
    assert delivered.detail["legal_basis"] == PURPOSE["legal_basis"]
    assert delivered.detail["officer"] == "nguyen.van.a"
    assert delivered.subject_lookup == audit.subject_lookup(
        office.house.audit_key, "vn:mst", SUBJECT.id
    )
    assert SUBJECT.id not in json.dumps([dict(one.entry.detail) for one in entries])
    assert body["receipt"]["claims"]["log_index"] == entries[1].seq
    assert status.intact


def test_only_systems_ask(office: Office) -> None:
    for role in ("clerk", "officer", "leader", "inspector", "administrator"):
        with office.client(role) as client:
            assert ask(client).status_code == 403, role
    with office.client(None) as nobody:
        assert ask(nobody).status_code == 401


def test_what_can_be_asked_for(portal: httpx.Client) -> None:
    found = portal.get("/v1/evidence-types", params={"procedure": RENEWAL}).json()["items"]
    kinds = {one["id"]: one for one in found}
    assert kinds[TYPE]["component"] == "TP2"
    assert kinds["radiation_survey_report"]["together_with"] == ["equipment_inspection_certificate"]
    assert portal.get("/v1/evidence-types?procedure=9.999999").status_code == 404
