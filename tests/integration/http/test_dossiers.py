"""Once only, over HTTP with real storage, index and signatures: two dossiers of one firm."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from demo.papers import PaperKind
from repository import audit
from repository.audit import AuditFilter
from tests.integration.http.counter import (
    FIRM,
    RENEWAL,
    component,
    hand_in,
    of_the_firm,
    receive,
)
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital, scanned
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """A demo office: it has keys of its test authority, so papers are certified."""
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture(scope="module")
def registration(office: Office) -> str:
    return hand_in(
        office, born_digital("DANG KY KINH DOANH"), **of_the_firm("business_registration")
    )


@pytest.fixture(scope="module")
def licence(office: Office) -> str:
    content = scanned(PaperKind.LICENCE, 11)
    return hand_in(office, content, **of_the_firm("radiation_work_licence"))


def test_a_dossier_is_filled_with_what_is_held(
    office: Office, officer: httpx.Client, registration: str, licence: str
) -> None:
    dossier = receive(officer, RENEWAL)
    assert dossier["state"] == "received"
    assert dossier["code"].startswith(f"{office.house.office.unit_code}-")
    assert component(dossier, "TP2")["state"] == "reused"
    assert component(dossier, "TP2")["documents"] == [licence]
    assert component(dossier, "TP3")["documents"] == [registration]
    assert component(dossier, "TP1")["state"] == "awaited"
    again = officer.get(f"/v1/dossiers/{dossier['code'].lower()}")
    assert again.json()["components"] == dossier["components"]
    assert again.headers["etag"] == '"1"'
    events = [one["event"] for one in again.json()["history"]]
    assert events == ["received", "reused", "reused"]


def test_codes_of_a_day_count_up(officer: httpx.Client) -> None:
    one, other = (receive(officer, RENEWAL)["code"] for _ in range(2))
    assert int(other[-4:]) == int(one[-4:]) + 1


def test_what_is_held_is_never_asked_for_again(officer: httpx.Client, licence: str) -> None:
    code = receive(officer, RENEWAL)["code"]
    asked = {"components": ["TP1", "TP2"], "message": "Nộp giấy phép cũ", "override": None}
    refused = officer.post(f"/v1/dossiers/{code}/requests", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_held")
    assert refused.json()["held"] == [
        {"component": "TP2", "documents": [licence], "links": [f"/v1/documents/{licence}"]}
    ]
    assert officer.get(f"/v1/dossiers/{code}").json()["state"] == "received"
    asked["components"] = ["TP1"]
    granted = officer.post(f"/v1/dossiers/{code}/requests", json=asked)
    assert granted.status_code == 201
    assert granted.json()["state"] == "awaiting_supplement"
    assert granted.json()["requests"][0]["override"] is None


def test_only_a_legal_reason_overrides_and_it_is_written_down(
    office: Office, officer: httpx.Client
) -> None:
    code = receive(officer, RENEWAL)["code"]
    address = f"/v1/dossiers/{code}/requests"
    reason = {"reason": "suspected_forgery", "legal_basis": "NĐ 45/2020/NĐ-CP", "note": "Số lạ"}
    for wrong, problem in (
        ({**reason, "reason": "because"}, "override_reason_unknown"),
        ({**reason, "note": " "}, "override_incomplete"),
        ({**reason, "legal_basis": ""}, "override_incomplete"),
    ):
        answer = officer.post(address, json={"components": ["TP2"], "override": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, problem)
    granted = officer.post(address, json={"components": ["TP2"], "override": reason})
    assert granted.status_code == 201
    assert granted.json()["requests"][0]["overridden"] == ["TP2"]
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(event_type="dossier.override"), None, 5).items
    assert entries[0].entry.detail["override"] == reason
    assert entries[0].entry.detail["dossier"] == code
    known = officer.get("/v1/dossiers/override-reasons").json()["items"]
    assert "suspected_forgery" in [one["code"] for one in known]


def test_a_second_request_is_warned_of(officer: httpx.Client) -> None:
    code = receive(officer, RENEWAL)["code"]
    for _ in range(2):
        answer = officer.post(f"/v1/dossiers/{code}/requests", json={"components": ["TP1"]})
    codes = [one["code"] for one in answer.json()["warnings"]]
    assert "requested_more_than_once" in codes


def test_supplements_that_come_take_the_dossier_on(office: Office, officer: httpx.Client) -> None:
    code = receive(officer, RENEWAL)["code"]
    officer.post(f"/v1/dossiers/{code}/requests", json={"components": ["TP1"]})
    form = hand_in(office, born_digital("DON GIA HAN"), subject=FIRM)
    answer = officer.put(f"/v1/dossiers/{code}/components/TP1", json={"document": form})
    assert answer.json()["state"] == "received"
    assert component(answer.json(), "TP1")["state"] == "handed_in"
    again = officer.put(f"/v1/dossiers/{code}/components/TP1", json={"document": form})
    assert component(again.json(), "TP1")["documents"] == [form]


def test_a_dossier_moves_on_when_its_components_are_checked_and_signed(
    office: Office, officer: httpx.Client
) -> None:
    code = receive(officer, RENEWAL)["code"]
    early = officer.post(f"/v1/dossiers/{code}/start")
    assert (early.status_code, early.json()["code"]) == (409, "components_not_ready")
    assert "TP1" in early.json()["components"]
    assert "TP2" not in early.json()["components"]
    needed = {one["code"]: one["satisfied_by"]
              for one in officer.get(f"/v1/procedures/{RENEWAL}").json()["components"]}  # fmt: skip
    for name in early.json()["components"]:
        papers = [
            hand_in(office, born_digital(f"THANH PHAN {name} {kind}"), **told)
            for kind, told in [(kind, of_the_firm(kind)) for kind in (needed[name] or [[]])[0]]
            or [("don", {"subject": FIRM})]
        ]
        officer.put(f"/v1/dossiers/{code}/components/{name}", json={"documents": papers})
        assert officer.post(f"/v1/dossiers/{code}/start").status_code == 409  # not checked
        officer.post(f"/v1/dossiers/{code}/components/{name}/check")
    started = officer.post(f"/v1/dossiers/{code}/start")
    assert started.status_code == 200, started.text
    assert started.json()["state"] == "in_progress"


def test_no_dossier_closes_without_its_signed_result(office: Office, officer: httpx.Client) -> None:
    code = receive(officer, RENEWAL)["code"]
    address = f"/v1/dossiers/{code}"
    kind = officer.get(address).json()["results"][0]["type"]
    missing = officer.post(f"{address}/close")
    assert (missing.status_code, missing.json()["code"]) == (409, "results_missing")
    assert missing.json()["results"][0]["type"] == kind
    with office.client("clerk") as clerk:  # handed in, not read yet: nobody has signed it
        draft = clerk.post(
            "/v1/documents",
            files={"file": ("kết quả.pdf", born_digital("KET QUA"))},
            data={"metadata": json.dumps(of_the_firm(kind, issue_date="2026-11-20"))},
        ).json()["id"]
    assert officer.post(f"{address}/results", json={"document": draft}).status_code == 201
    unsigned = officer.post(f"{address}/close")
    assert (unsigned.status_code, unsigned.json()["code"]) == (409, "result_not_signed")
    assert "unsigned" in unsigned.json()["results"][0]["reasons"]
    office.work()
    officer.post(f"/v1/documents/{draft}/confirm")
    office.work()
    closed = officer.post(f"{address}/close")
    assert closed.status_code == 200, closed.text
    assert closed.json()["state"] == "done"
    late = officer.post(f"{address}/requests", json={"components": ["TP1"]})
    assert (late.status_code, late.json()["code"]) == (409, "dossier_ended")


def test_a_result_of_another_kind_is_refused(officer: httpx.Client, registration: str) -> None:
    code = receive(officer, RENEWAL)["code"]
    answer = officer.post(f"/v1/dossiers/{code}/results", json={"document": registration})
    assert (answer.status_code, answer.json()["code"]) == (409, "type_not_accepted")
    assert officer.post(f"/v1/dossiers/{code}/results", json={}).status_code == 422


@pytest.mark.usefixtures("licence")
def test_a_paper_that_was_reused_is_no_result(officer: httpx.Client) -> None:
    dossier = receive(officer, RENEWAL)
    reused = {"documents": component(dossier, "TP2")["documents"]}
    answer = officer.post(f"/v1/dossiers/{dossier['code']}/results", json=reused)
    assert (answer.status_code, answer.json()["code"]) == (409, "component_is_no_result")


def test_papers_that_do_not_belong_are_refused(
    office: Office, officer: httpx.Client, registration: str
) -> None:
    code = receive(officer, RENEWAL)["code"]
    address = f"/v1/dossiers/{code}/components"
    wrong = officer.put(f"{address}/TP2", json={"document": registration})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "type_not_accepted")
    assert officer.put(f"{address}/TP99", json={"document": registration}).status_code == 404
    assert officer.put(f"{address}/TP3", json={"document": "0" * 32}).status_code == 404
    other = {"scheme": "vn:mst", "id": "0100109106", "name": "Công ty khác"}
    theirs = {**of_the_firm("business_registration"), "subject": other}
    foreign = hand_in(office, born_digital("CUA NGUOI KHAC"), **theirs)
    refused = officer.put(f"{address}/TP3", json={"document": foreign})
    assert (refused.status_code, refused.json()["code"]) == (409, "holder_differs")
    explained = {"document": foreign, "other_holder": "Công ty mẹ của người nộp"}
    assert officer.put(f"{address}/TP3", json=explained).status_code == 200
    not_reusable = officer.put(
        f"{address}/TP3",
        json={"document": foreign, "source": "reused", "other_holder": "Công ty mẹ"},
    )
    assert not_reusable.json()["code"] == "not_reusable"
    assert officer.delete(f"{address}/TP3/{foreign}").status_code == 200
    assert officer.delete(f"{address}/TP3/{foreign}").status_code == 404


def test_papers_out_of_force_are_not_reused_and_open_dossiers_are_told(
    office: Office, officer: httpx.Client
) -> None:
    firm = {"scheme": "vn:mst", "id": "0100109106", "name": "Công ty khác"}
    mine = {**of_the_firm("radiation_work_licence"), "subject": firm}
    ended = hand_in(office, born_digital("HET HAN"), **{**mine, "valid_to": "2026-06-30"})
    dossier = officer.post("/v1/dossiers", json={"procedure": RENEWAL, "subject": firm}).json()
    assert component(dossier, "TP2")["state"] == "awaited"
    considered = officer.post(
        "/v1/once-only/check", json={"procedure": RENEWAL, "subject": firm}
    ).json()["components"]
    reasons = {one["document"]: one["reasons"] for part in considered for one in part["considered"]}
    assert reasons[ended] == ["expired"]
    fresh = hand_in(office, born_digital("CON HAN"), **{**mine, "valid_to": "2099-12-31"})
    told = officer.get(f"/v1/dossiers/{dossier['code']}").json()
    assert component(told, "TP2")["available"] == [fresh]
    assert [one["detail"]["document"] for one in told["history"]
            if one["event"] == "paper_available"] == [fresh]  # fmt: skip
    reused = officer.post(f"/v1/dossiers/{dossier['code']}/reuse").json()
    assert component(reused, "TP2")["documents"] == [fresh]
    officer.post(f"/v1/documents/{fresh}/withdraw", json={"reason": "QĐ 9/QĐ-SKHCN"})
    warned = officer.get(f"/v1/dossiers/{dossier['code']}").json()
    assert {"code": "paper_lost", "component": "TP2", "document": fresh,
            "reasons": ["withdrawn"]} in warned["warnings"]  # fmt: skip
    assert "paper_withdrawn" in [one["event"] for one in warned["history"]]


def test_of_two_people_at_once_one_wins_and_the_other_is_told(
    office: Office, registration: str
) -> None:
    with office.client("officer") as client:
        dossier = receive(client, RENEWAL)

    def end(reason: str) -> int:
        with office.client("officer") as client:
            body = {"state": "withdrawn", "reason": reason, "version": dossier["version"]}
            return client.post(f"/v1/dossiers/{dossier['code']}/end", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(end, "abcd"))
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {409, 412}


def test_a_repeated_call_makes_one_dossier(officer: httpx.Client) -> None:
    body = {"procedure": RENEWAL, "subject": FIRM}
    calls = [
        officer.post("/v1/dossiers", json=body, headers={"Idempotency-Key": "mot-lan"})
        for _ in range(2)
    ]
    assert calls[0].json()["code"] == calls[1].json()["code"]
    assert calls[1].headers["idempotency-replayed"] == "true"
    other = officer.post(
        "/v1/dossiers", json={**body, "channel": "post"}, headers={"Idempotency-Key": "mot-lan"}
    )
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_code_of_another_system_is_kept_and_not_given_twice(officer: httpx.Client) -> None:
    given = "G09.20-20260609-0092637"
    assert receive(officer, RENEWAL, code=given.lower())["code"] == given
    again = officer.post(
        "/v1/dossiers", json={"procedure": RENEWAL, "subject": FIRM, "code": given}
    )
    assert (again.status_code, again.json()["code"]) == (409, "dossier_exists")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"procedure": "9.999999"}, 404, "procedure_not_found"),
        ({"procedure": "nonsense"}, 422, "invalid_request"),
        ({"subject": {"scheme": "vn:mst", "id": "0901234560"}}, 422, "invalid_identifier"),
        ({"subject": {"scheme": "vn:cccd", "id": "12"}}, 422, "invalid_identifier"),
        ({"received_at": "2099-01-01T08:00:00+07:00"}, 422, "received_in_future"),
        ({"received_at": "2026-01-01"}, 422, "invalid_request"),
        ({"received_at": "2019-01-01T08:00:00+07:00"}, 404, "procedure_not_found"),
        ({"channel": "dove"}, 422, "invalid_request"),
        ({"code": "H31"}, 422, "dossier_code_invalid"),
    ],
)
def test_bad_input_has_a_name_and_changes_nothing(
    officer: httpx.Client, change: dict[str, object], status: int, code: str
) -> None:
    before = len(officer.get("/v1/dossiers?limit=200").json()["items"])
    answer = officer.post("/v1/dossiers", json={"procedure": RENEWAL, "subject": FIRM, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert len(officer.get("/v1/dossiers?limit=200").json()["items"]) == before


def test_unknown_components_and_dossiers(officer: httpx.Client) -> None:
    code = receive(officer, RENEWAL)["code"]
    wrong = officer.post(f"/v1/dossiers/{code}/requests", json={"components": ["TP99"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "component_unknown")
    assert officer.get("/v1/dossiers/000.00.15.H31-200101-0001").status_code == 404
    assert officer.get("/v1/dossiers/nonsense").json()["code"] == "dossier_code_invalid"
    empty = officer.post(f"/v1/dossiers/{code}/components/TP1/check")
    assert (empty.status_code, empty.json()["code"]) == (409, "component_awaited")


def test_papers_must_hold_on_the_day_of_receipt(office: Office, officer: httpx.Client) -> None:
    """The day before, the day, and the day after a paper's first and last day."""
    firm = {"scheme": "vn:mst", "id": "0301442379", "name": "Công ty ba"}
    told = {**of_the_firm("radiation_work_licence", issue_date="2026-05-10"), "subject": firm}
    paper = hand_in(office, born_digital("MOT THANG"), **{**told, "valid_to": "2026-06-10"})
    for day, state in (
        (date(2026, 5, 9), "awaited"),
        (date(2026, 5, 10), "reused"),
        (date(2026, 6, 10), "reused"),
        (date(2026, 6, 11), "awaited"),
    ):
        evening = datetime(day.year, day.month, day.day, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
        for moment in (evening, evening - timedelta(hours=23, minutes=58)):
            body = {"procedure": RENEWAL, "subject": firm, "received_at": moment.isoformat()}
            dossier = officer.post("/v1/dossiers", json=body).json()
            assert component(dossier, "TP2")["state"] == state, (day, moment)
            assert component(dossier, "TP2")["documents"] == ([paper] if state == "reused" else [])


def test_who_may_see_and_work_on_dossiers(office: Office, officer: httpx.Client) -> None:
    code = receive(officer, RENEWAL)["code"]
    for role, read, work in (
        ("inspector", 200, 403), ("administrator", 403, 403), ("system", 403, 403),
        ("clerk", 200, 201), ("leader", 200, 201), (None, 401, 401),
    ):  # fmt: skip
        with office.client(role) as client:
            assert client.get(f"/v1/dossiers/{code}").status_code == read, role
            body = {"procedure": RENEWAL, "subject": FIRM}
            assert client.post("/v1/dossiers", json=body).status_code == work, role


def test_lists_are_filtered_and_paged(officer: httpx.Client) -> None:
    subject = f"vn:mst:{SUBJECT.id}"
    found = officer.get(
        "/v1/dossiers", params={"subject": subject, "open": True, "limit": 2}
    ).json()
    assert len(found["items"]) == 2
    assert found["next"]
    more = officer.get("/v1/dossiers", params={"cursor": found["next"], "limit": 2}).json()
    assert not {one["code"] for one in found["items"]} & {one["code"] for one in more["items"]}
    assert all("subject" not in one for one in found["items"])
    none = officer.get("/v1/dossiers", params={"subject": "vn:mst:0312345673"}).json()
    assert none["items"] == []
    assert officer.get("/v1/dossiers?procedure=2.002380").json()["items"] == []
