"""The holder looks and decides before another system gets a paper (OOTS: PreviewRequired)."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from ingest import previews
from repository import audit, procedures, purposes
from repository.audit import AuditFilter
from repository.schema import evidence_previews
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT
from tests.integration.http.test_evidence import RENEWAL, TYPE, hand_in, question
from tests.servers.engines import Engines
from vocabulary.errors import NotAllowed


def want_previews(office: Office, procedure: str, kind: str) -> None:
    """The law wants the holder to look before a paper of this type is given."""
    now = office.house.clock.now()
    with office.house.database.write() as tx:
        version = procedures.get(tx, procedure, now.date())
        wanted = tuple(
            replace(one, preview=any(kind in kinds for kinds in one.satisfied_by))
            for one in version.components
        )
        procedures.put(tx, replace(version, components=wanted), now)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An office whose law wants the holder to look before a licence is given."""
    home: Path = tmp_path_factory.mktemp("office")
    with open_office(home, demo=True, engines=engines) as made:
        with made.house.database.write() as tx:
            purposes.grant(tx, "portal", RENEWAL, made.house.clock.now())
        want_previews(made, RENEWAL, TYPE)
        hand_in(made, "GIAY PHEP")
        yield made


@pytest.fixture
def portal(office: Office) -> Iterator[httpx.Client]:
    with office.client("system") as client:
        yield client


@pytest.fixture(autouse=True)
def _nobody_waits(office: Office) -> Iterator[None]:
    yield
    with office.house.database.write() as tx:
        tx.execute(update(evidence_previews).values(state="refused"))


def begin(portal: httpx.Client) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = question()
    answer = portal.post("/v1/evidence-requests", json=asked)
    assert answer.status_code == 202, answer.text
    return asked, answer.json()


def path_of(body: dict[str, Any]) -> str:
    return "/preview/" + str(body["preview"]["location"]).rpartition("/")[2]


def holder(office: Office) -> httpx.Client:
    return httpx.Client(base_url=office.url, follow_redirects=True, headers={"Accept": "text/html"})


def decide(office: Office, body: dict[str, Any], answer: str, reason: str = "") -> str:
    path = path_of(body)
    with holder(office) as person:
        assert person.post(path, data={"number": SUBJECT.id}).status_code == 200
        done = person.post(f"{path}/decision", data={"answer": answer, "reason": reason})
        assert done.status_code == 200
        return done.text


def test_the_holder_looks_agrees_and_the_paper_is_given(
    office: Office, portal: httpx.Client
) -> None:
    asked, body = begin(portal)
    assert body["status"] == "preview_required"
    assert body["preview"]["location"].startswith("http")
    assert portal.post("/v1/evidence-requests", json=asked).json() == body
    path = path_of(body)
    with holder(office) as person:
        first = person.get(path)
        assert "Mã số thuế" in first.text
        assert TYPE not in first.text
        assert SUBJECT.id not in first.text
        shown = person.post(path, data={"number": SUBJECT.id})
        for word in ("Cổng dịch vụ", asked["purpose"]["case_ref"], "12/03/2026", "Đồng ý"):
            assert word in shown.text, word
        page = person.get(f"{path}/papers/1/pages/1")
        assert (page.status_code, page.headers["content-type"]) == (200, "image/jpeg")
        assert page.headers["cache-control"] == "no-store"
        assert person.get(f"{path}/papers/2/pages/1").status_code == 404
        assert person.get(f"{path}/papers/1/pages/9").status_code == 404
        said = person.post(f"{path}/decision", data={"answer": "agree"})
        assert "Bạn đã đồng ý" in said.text
        assert person.get(path).status_code == 410  # decided: nothing more is shown
        assert person.get(f"{path}/papers/1/pages/1").status_code == 410
    state = portal.get(f"/v1/evidence-requests/{body['conversation_id']}").json()
    assert state["status"] == "agreed"
    assert "location" not in state["preview"]
    answer = portal.post("/v1/evidence-requests", json=asked)
    assert answer.status_code == 200
    given = answer.json()
    assert given["conversation_id"] == body["conversation_id"]
    assert given["preview"]["decision"] == "agreed"
    assert given["receipt"]["claims"]["preview"] == given["preview"]
    assert portal.get(given["evidence"][0]["content_url"]).status_code == 200
    assert portal.post("/v1/evidence-requests", json=asked).json() == given
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(), None, 60).items
    mine = [
        one.entry.event_type for one in reversed(entries)
        if one.entry.detail.get("conversation") == body["conversation_id"]
    ]  # fmt: skip
    assert mine == [
        "evidence.preview_required", "evidence.preview_shown", "evidence.preview_accepted",
    ]  # fmt: skip


def test_a_second_request_carries_the_conversation_on(office: Office, portal: httpx.Client) -> None:
    asked, body = begin(portal)
    decide(office, body, "agree")
    second = {
        **asked, "request_id": str(uuid.uuid4()), "conversation_id": body["conversation_id"],
    }  # fmt: skip
    other_case = {**second, "purpose": {**asked["purpose"], "case_ref": "HS-KHAC"}}
    refused = portal.post("/v1/evidence-requests", json=other_case)
    assert (refused.status_code, refused.json()["code"]) == (409, "replayed_request")
    unknown = {**second, "conversation_id": str(uuid.uuid4())}
    assert portal.post("/v1/evidence-requests", json=unknown).status_code == 404
    given = portal.post("/v1/evidence-requests", json=second)
    assert given.status_code == 200
    assert given.json()["conversation_id"] == body["conversation_id"]


def test_the_holder_may_refuse(office: Office, portal: httpx.Client) -> None:
    asked, body = begin(portal)
    assert "Bạn đã từ chối" in decide(office, body, "refuse", "Tôi tự nộp")
    refused = portal.post("/v1/evidence-requests", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "preview_refused")
    assert refused.json()["anchor"] == "EDM:ERR:0002"
    state = portal.get(f"/v1/evidence-requests/{asked['request_id']}").json()
    assert state["status"] == "refused"
    assert state["preview"]["reason"] == "Tôi tự nộp"


def test_a_link_is_good_for_one_browser_and_one_answer(
    office: Office, portal: httpx.Client
) -> None:
    _, body = begin(portal)
    path = path_of(body)
    with holder(office) as person, holder(office) as stranger:
        assert person.get(path).status_code == 200  # looking at the question takes nothing
        assert stranger.get(path).status_code == 200
        assert stranger.get(f"{path}/papers/1/pages/1").status_code == 410
        assert person.post(path, data={"number": SUBJECT.id}).status_code == 200
        assert stranger.get(path).status_code == 410
        assert stranger.post(path, data={"number": SUBJECT.id}).status_code == 410
        late = stranger.post(f"{path}/decision", data={"answer": "agree"})
        assert late.status_code == 410
        assert person.post(f"{path}/decision", data={"answer": "refuse"}).status_code == 200
        assert person.post(f"{path}/decision", data={"answer": "agree"}).status_code == 410
        assert person.post(f"{path}/decision", data={"answer": "perhaps"}).status_code == 422


def test_wrong_numbers_lock_the_link(office: Office, portal: httpx.Client) -> None:
    _, body = begin(portal)
    path = path_of(body)
    with holder(office) as stranger:
        with pytest.raises(NotAllowed) as refusal:
            previews.enter(office.house, path.rpartition("/")[2], "0301442379")
        assert refusal.value.error_code == "wrong_number"
        for _ in range(4):
            wrong = stranger.post(path, data={"number": "0301442379"})
            assert wrong.status_code == 403
            assert "Mã số không khớp" in wrong.text or "bị khóa" in wrong.text
        assert stranger.post(path, data={"number": SUBJECT.id}).status_code == 404
        assert stranger.get("/preview/" + "0" * 64).status_code == 404


def test_time_ends_a_question_and_an_agreement(office: Office, portal: httpx.Client) -> None:
    for agreed in (False, True):
        asked, body = begin(portal)
        if agreed:
            decide(office, body, "agree")
        with office.house.database.write() as tx:
            past = office.house.clock.now() - timedelta(seconds=1)
            mine = evidence_previews.c.conversation_id == body["conversation_id"]
            tx.execute(update(evidence_previews).where(mine).values(expires_at=past))
        with holder(office) as person:
            assert person.get(path_of(body)).status_code == 410
        late = portal.post("/v1/evidence-requests", json=asked)
        assert (late.status_code, late.json()["code"]) == (410, "preview_expired")
        state = portal.get(f"/v1/evidence-requests/{asked['request_id']}").json()
        assert state["status"] == "expired"
        assert "location" not in state["preview"]


def test_one_holder_is_not_flooded(portal: httpx.Client) -> None:
    for _ in range(5):
        begin(portal)
    answer = portal.post("/v1/evidence-requests", json=question())
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_previews")
    assert int(answer.headers["retry-after"]) > 0


def test_who_has_nothing_is_not_asked_and_it_looks_the_same(portal: httpx.Client) -> None:
    unknown = {"organization": {"id": "0100109106", "id_scheme": "vn:mst"}}
    answer = portal.post("/v1/evidence-requests", json=question(subject=unknown))
    assert (answer.status_code, answer.json()["code"]) == (404, "evidence_not_found")


def test_the_law_says_it_from_a_day_on(office: Office) -> None:
    with office.house.database.write() as tx:
        today = office.house.clock.now().date()
        now = procedures.get(tx, RENEWAL, today)
        assert any(one.preview for one in now.components)
        later = tuple(replace(one, preview=False) for one in now.components)
        start = date(2031, 1, 1)
        procedures.put(
            tx, replace(now, components=later, valid_from=start, valid_to=None),
            office.house.clock.now(),
        )  # fmt: skip
        assert not any(one.preview for one in procedures.get(tx, RENEWAL, start).components)
        day_before = date(2030, 12, 31)
        assert any(one.preview for one in procedures.get(tx, RENEWAL, day_before).components)
