"""Retention, holds and disposal lists over HTTP: who may what, and what is answered."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.integration.http.counter import hand_in, of_the_firm
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import Engines

RULE = {
    "type": "official_letter", "valid_from": "2020-01-01", "valid_to": None, "keep": 2,
    "counts_from": "issued", "legal_basis": "Luật 33/2024/QH15", "confirmed": True, "note": "",
}  # fmt: skip
WHY = {"reason": "khiếu nại", "legal_basis": "Luật 02/2011/QH13"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture(scope="module")
def letter(office: Office) -> str:
    """A certified letter of 2012, due by the rule."""
    told = of_the_firm("official_letter", issue_date="2012-03-12", number_symbol="15/SKHCN-VP")
    return hand_in(office, born_digital("CONG VAN NAM 2012"), **told)


def ask(office: Office, role: str, method: str, path: str, **body: Any) -> tuple[int, Any]:
    with office.client(role) as client:
        answer = client.request(method, path, json=body or None)
    return answer.status_code, answer.json()


def test_a_schedule_is_put_as_a_whole_and_read_by_day(office: Office) -> None:
    later = {**RULE, "type": "*", "valid_from": "2026-01-01", "keep": "permanent"}
    status, told = ask(office, "leader", "PUT", "/v1/retention", rules=[RULE, later])
    assert (status, [one["type"] for one in told["rules"]]) == (200, ["*", "official_letter"])
    status, told = ask(office, "inspector", "GET", "/v1/retention?on=2025-12-31")
    assert told["rules"] == [RULE]
    wrong = {**RULE, "keep": "long"}
    status, told = ask(office, "leader", "PUT", "/v1/retention", rules=[wrong])
    assert (status, told["code"], len(told["mistakes"])) == (422, "schedule_invalid", 1)
    status, _ = ask(office, "leader", "PUT", "/v1/retention", rules=[RULE])
    assert status == 200


def test_the_whole_way_of_a_list_over_http(office: Office, letter: str) -> None:
    held = {"scope": "document", "target": letter, **WHY}
    status, hold = ask(office, "inspector", "POST", "/v1/holds", **held)
    assert (status, hold["target"], hold["placed_by"]) == (201, letter, "inspector")
    status, told = ask(office, "officer", "POST", "/v1/disposals", on=None)
    assert (status, told["code"]) == (409, "nothing_due")
    lift = f"/v1/holds/{hold['id']}/lift"
    assert ask(office, "leader", "POST", lift, reason="xong")[1]["lifted_by"] == "leader"
    assert ask(office, "leader", "POST", lift, reason="xong")[1]["code"] == "hold_lifted"
    assert ask(office, "leader", "GET", "/v1/holds")[1]["items"] == []
    assert len(ask(office, "leader", "GET", "/v1/holds?every=true")[1]["items"]) == 1

    status, made = ask(office, "leader", "POST", "/v1/disposals", most=5)
    assert (status, made["papers"], made["more"]) == (201, {"listed": 1}, False)
    one = made["url"]
    status, told = ask(office, "leader", "POST", f"{one}/approve")
    assert (status, told["code"]) == (403, "same_person")
    cancelled = ask(office, "leader", "POST", f"{one}/cancel", reason="lập lại")
    assert (cancelled[0], cancelled[1]["state"]) == (200, "cancelled")
    again = ask(office, "leader", "POST", f"{one}/cancel", reason="lập lại")
    assert (again[0], again[1]["code"]) == (409, "disposal_begun")

    one = ask(office, "officer", "POST", "/v1/disposals", most=5)[1]["url"]
    status, told = ask(office, "officer", "GET", one)
    (entry,) = told["entries"]
    assert (entry["document"], entry["number_symbol"]) == (letter, "15/SKHCN-VP")
    assert entry["kept_until"] == "2014-12-31"
    assert ask(office, "leader", "GET", f"{one}/receipt")[0] == 404
    assert ask(office, "leader", "POST", f"{one}/run")[1]["code"] == "not_approved"
    status, told = ask(office, "leader", "POST", f"{one}/approve")
    assert (status, told["state"], told["approved_by"]) == (200, "approved", "leader")
    off = {"documents": [letter], "reason": "muộn rồi"}
    assert ask(office, "officer", "POST", f"{one}/take-off", **off)[1]["code"] == "not_a_draft"
    assert ask(office, "leader", "POST", f"{one}/run")[0] == 202
    office.work()
    status, told = ask(office, "inspector", "GET", one)
    assert (told["state"], told["papers"]) == ("done", {"gone": 1})
    receipt = ask(office, "inspector", "GET", f"{one}/receipt")[1]
    assert receipt["claims"]["papers"][0]["document"] == letter
    assert ask(office, "leader", "GET", "/v1/disposals")[1]["items"][0]["url"] == one
    _only_the_tombstone_is_left(office, letter)


def _only_the_tombstone_is_left(office: Office, letter: str) -> None:
    status, told = ask(office, "officer", "GET", f"/v1/documents/{letter}")
    assert (status, told["status"], told["number_symbol"]) == (200, "disposed", "15/SKHCN-VP")
    with office.client("officer") as client:
        for part in ("content", "pages/1/image", "pages/1/words"):
            answer = client.get(f"/v1/documents/{letter}/{part}")
            assert (answer.status_code, answer.json()["code"]) == (410, "disposed"), part
    with office.browser("officer") as browser:
        page = browser.get(f"/documents/{letter}")
        assert page.status_code == 200
        assert "Đã hủy khi hết thời hạn bảo quản" in page.text
    with office.client("administrator") as client:
        figures = client.get("/metrics").text.splitlines()
    assert 'sohoa_fixity_failures{state="damaged"} 0.0' in figures


def test_the_pages_of_a_list(office: Office) -> None:
    told = of_the_firm("official_letter", issue_date="2013-03-12", number_symbol="16/SKHCN-VP")
    letters = [hand_in(office, born_digital(f"CONG VAN NAM 2013 {n}"), **told) for n in (1, 2)]
    with office.browser("officer") as officer, office.browser("leader") as leader:
        drafted = _send(officer, "/keeping", "/keeping/disposals")
        page = drafted.headers["location"]
        shown = officer.get(page).text
        assert all(f'value="{one}"' in shown for one in letters)
        assert "16/SKHCN-VP" in shown
        off = {"documents": letters[0], "reason": "còn cần"}
        assert _send(officer, page, f"{page}/take-off", **off).status_code == 303
        assert _send(officer, page, f"{page}/approve").status_code == 403
        assert "Phê duyệt và ký số" in leader.get(page).text
        assert _send(leader, page, f"{page}/approve").status_code == 303
        assert _send(leader, page, f"{page}/run").status_code == 303
        office.work()
        shown = leader.get(page).text
        assert "đưa ra: còn cần" in shown
        assert "đã hủy" in shown
        assert "Danh mục đã ký" in shown
        told = {"scope": "document", "target": letters[0], **WHY}
        assert _send(leader, "/keeping", "/keeping/holds", **told).status_code == 303
        shown = leader.get("/keeping").text
        assert all(word in shown for word in (letters[0], "khiếu nại", "Đã thực hiện", "2 năm"))
        lift = shown.partition('action="/keeping/holds/')[2].partition('"')[0]
        assert _send(leader, "/keeping", f"/keeping/holds/{lift}", reason="xong").status_code == 303
        assert "Không có lệnh giữ nào" in leader.get("/keeping").text
        again = _send(officer, "/keeping", "/keeping/disposals").headers["location"]
        assert _send(leader, again, f"{again}/cancel", reason="thử").status_code == 303


def _send(browser: httpx.Client, page: str, address: str, **form: str) -> httpx.Response:
    """A form of a page, with the page's token against forged calls."""
    token = browser.get(page).text.partition('name="csrf" content="')[2].partition('"')[0]
    return browser.post(address, data={"csrf": token, **form})


def test_a_call_that_is_repeated_makes_one_hold(office: Office, letter: str) -> None:
    body = {"scope": "subject", "target": "vn:mst:0000000000", **WHY}
    assert ask(office, "leader", "POST", "/v1/holds", **body)[0] in (404, 422)
    with office.client("clerk") as clerk:
        code = clerk.post(
            "/v1/dossiers",
            json={"procedure": "2.002381", "subject": of_the_firm("x")["subject"]},
        ).json()["code"]
    body = {"scope": "dossier", "target": code, **WHY}
    with office.client("leader") as leader:
        answers = [
            leader.post("/v1/holds", json=body, headers={"Idempotency-Key": "hold-1"})
            for _ in range(2)
        ]
    assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.parametrize(
    "body",
    [{}, {"scope": "office", "target": "x", **WHY}, {"scope": "document", "target": "x"}],
)
def test_a_hold_without_its_reasons_is_refused(office: Office, body: dict[str, Any]) -> None:
    with office.client("leader") as leader:
        assert leader.post("/v1/holds", json=body).status_code == 422
