"""Procedures as data: one file out and in again, what a change does, the cases of a dossier."""

import json
from typing import Any

import httpx
import pytest

from repository import audit
from repository.audit import AuditFilter
from tests.integration.http.counter import FIRM, component, receive
from tests.integration.http.office import Office

CODE = "1.888888"
VERSION: dict[str, Any] = {
    "code": CODE, "name": "Thủ tục có trường hợp", "valid_from": "2024-01-01", "valid_to": None,
    "cases": {"lan_dau": "Cơ sở lần đầu xin phép", "gia_han": "Cơ sở đã có phép"},
    "components": [
        {"code": "A", "name": "Đơn", "satisfied_by": []},
        {"code": "B", "name": "Đăng ký", "satisfied_by": [["b"]], "case": "lan_dau"},
        {"code": "C", "name": "Phép cũ", "satisfied_by": [["c"]], "case": "gia_han"},
    ],
    "results": [], "legal_bases": [], "processing_time": {"province": {"days": 5}},
}  # fmt: skip


@pytest.fixture
def administrator(office: Office) -> Any:
    with office.client("administrator") as client:
        yield client


def send(client: httpx.Client, text: str, kind: str, **params: Any) -> httpx.Response:
    headers = {"Content-Type": kind}
    return client.post("/v1/procedure-file", content=text.encode(), headers=headers, params=params)


@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("csv", "text/csv")])
def test_all_procedures_are_one_file(administrator: httpx.Client, form: str, kind: str) -> None:
    file = administrator.get("/v1/procedure-file", params={"format": form})
    assert file.headers["content-type"].startswith(kind)
    assert f"procedures.{form}" in file.headers["content-disposition"]
    back = send(administrator, file.content.decode("utf-8-sig"), kind).json()
    assert {one["became"] for one in back["versions"]} == {"unchanged"}
    assert len(back["versions"]) >= 11


def test_a_file_is_taken_whole_or_not_at_all(office: Office, administrator: httpx.Client) -> None:
    broken = {"procedures": [VERSION, {**VERSION, "code": "1.888889", "name": " "}]}
    refused = send(administrator, json.dumps(broken), "application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert refused.json()["procedure"] == "1.888889"
    assert administrator.get(f"/v1/procedures/{CODE}").status_code == 404
    for text, kind, status, code in (
        ("{", "application/json", 422, "no_procedures_file"),
        ("[" * 100_000, "application/json", 422, "no_procedures_file"),
        ("a,b\n1,2\n", "text/csv", 422, "no_procedures_file"),
        ("a,b\r1,2\r", "text/csv", 422, "no_procedures_file"),
        ('"' + "x" * 200_000, "text/csv", 422, "no_procedures_file"),
        ("<x/>", "application/xml", 415, "unsupported_media_type"),
    ):
        answer = send(administrator, text, kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    latin = administrator.post(
        "/v1/procedure-file", content="Thủ".encode("utf-16"),
        headers={"Content-Type": "text/csv"},
    )  # fmt: skip
    assert latin.json()["code"] == "no_procedures_file"
    with office.client("officer") as officer:
        assert send(officer, "{}", "application/json").status_code == 403


def test_a_trial_says_what_a_file_would_do_and_keeps_nothing(
    office: Office, administrator: httpx.Client, officer: httpx.Client
) -> None:
    told = send(administrator, json.dumps(VERSION), "application/json", dry_run=True).json()
    assert (told["dry_run"], told["versions"][0]["became"]) == (True, "new")
    assert administrator.get(f"/v1/procedures/{CODE}").status_code == 404
    assert send(administrator, json.dumps(VERSION), "application/json").status_code == 200
    code = receive(officer, CODE, cases=["lan_dau"])["code"]
    parts = [*VERSION["components"], {"code": "D", "name": "Mới", "satisfied_by": [["d"]]}]
    changed = json.dumps({**VERSION, "components": parts})
    for trial in (True, False):
        told = send(administrator, changed, "application/json", dry_run=trial).json()
        assert told["versions"][0]["became"] == "replaced"
        assert {"dossier": code, "url": f"/v1/dossiers/{code}", "added": ["D"], "removed": [],
                "changed": []} in told["open_dossiers"]  # fmt: skip
        shown = [
            one["component"] for one in officer.get(f"/v1/dossiers/{code}").json()["components"]
        ]
        assert shown == (["A", "B"] if trial else ["A", "B", "D"])
    send(administrator, json.dumps(VERSION), "application/json")
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(event_type="procedure.import"), None, 9).items
    assert len(entries) >= 3


def test_a_dossier_is_of_a_case_and_has_its_components(
    administrator: httpx.Client, officer: httpx.Client
) -> None:
    send(administrator, json.dumps(VERSION), "application/json")
    dossier = receive(officer, CODE)
    assert [one["component"] for one in dossier["components"]] == ["A"]
    assert {one["code"]: one["applies"] for one in dossier["cases"]} == {
        "lan_dau": False, "gia_han": False,
    }  # fmt: skip
    address = f"/v1/dossiers/{dossier['code']}"
    chosen = officer.put(f"{address}/cases", json={"cases": ["gia_han"]})
    assert chosen.status_code == 200, chosen.text
    assert [one["component"] for one in chosen.json()["components"]] == ["A", "C"]
    assert chosen.json()["history"][-1]["event"] == "cases_set"
    wrong = officer.put(f"{address}/cases", json={"cases": ["khac"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "case_unknown")
    body = {"procedure": CODE, "subject": FIRM, "cases": ["khac"]}
    assert officer.post("/v1/dossiers", json=body).json()["code"] == "case_unknown"
    not_mine = officer.post(f"{address}/requests", json={"components": ["B"]})
    assert (not_mine.status_code, not_mine.json()["code"]) == (422, "component_unknown")


def test_a_case_with_papers_is_not_taken_off(
    office: Office, administrator: httpx.Client, officer: httpx.Client
) -> None:
    from tests.integration.http.papers import born_digital

    send(administrator, json.dumps(VERSION), "application/json")
    code = receive(officer, CODE, cases=["gia_han"])["code"]
    with office.client("clerk") as clerk:
        document = clerk.post(
            "/v1/documents", files={"file": ("c.pdf", born_digital("PHEP CU"))},
            data={"metadata": json.dumps({"type": "c", "subject": FIRM})},
        ).json()["id"]  # fmt: skip
    address = f"/v1/dossiers/{code}"
    put = officer.put(f"{address}/components/C", json={"document": document})
    assert component(put.json(), "C")["state"] == "handed_in"
    refused = officer.put(f"{address}/cases", json={"cases": []})
    assert (refused.status_code, refused.json()["code"]) == (409, "component_in_use")
    assert refused.json()["components"] == ["C"]
    officer.delete(f"{address}/components/C/{document}")
    assert officer.put(f"{address}/cases", json={"cases": []}).status_code == 200


def test_the_check_answers_for_the_cases_that_are_named(
    administrator: httpx.Client, officer: httpx.Client
) -> None:
    send(administrator, json.dumps(VERSION), "application/json")
    asked = {"procedure": CODE, "subject": {"scheme": FIRM["scheme"], "id": FIRM["id"]}}
    every = officer.post("/v1/once-only/check", json=asked).json()["components"]
    assert [(one["component"], one.get("case")) for one in every] == [
        ("A", None), ("B", "lan_dau"), ("C", "gia_han"),
    ]  # fmt: skip
    one = officer.post("/v1/once-only/check", json={**asked, "cases": ["gia_han"]}).json()
    assert [part["component"] for part in one["components"]] == ["A", "C"]


def test_the_page_shows_what_a_procedure_asks_for_and_where_times_differ(
    office: Office, administrator: httpx.Client
) -> None:
    times = {"province": {"days": 15, "working": True}, "ministry": {"days": 25}, "national": 7}
    bases = [{"instrument": "NĐ 142/2020/NĐ-CP"}, {"instrument": "Luật", "article": "24"}]
    results = [{"type": "phep", "name": "Giấy phép", "required": False}]
    whole = {**VERSION, "processing_time": times, "legal_bases": bases, "results": results}
    assert send(administrator, json.dumps(whole), "application/json").status_code == 200
    with office.browser("officer") as browser:
        page = browser.get("/procedures")
    assert page.status_code == 200
    for words in ("15 ngày làm việc", "25 ngày", "khác nhau giữa các nguồn", "Luật, điều 24",
                  "trường hợp: Cơ sở đã có phép", "Giấy phép (nếu có)"):  # fmt: skip
        assert words in page.text, words


def test_the_page_of_a_dossier_takes_its_cases(
    office: Office, administrator: httpx.Client, officer: httpx.Client
) -> None:
    send(administrator, json.dumps(VERSION), "application/json")
    code = receive(officer, CODE)["code"]
    with office.browser("officer") as browser:
        page = browser.get(f"/dossiers/{code}").text
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        version = page.split('name="version" value="')[1].split('"')[0]
        said = {"csrf": csrf, "version": version, "case": "gia_han"}
        done = browser.post(f"/dossiers/{code}/cases", data=said)
        assert done.status_code == 303
        shown = browser.get(done.headers["location"]).text
    assert "Phép cũ" in shown
    assert "Đã ghi trường hợp" in shown
    assert component(officer.get(f"/v1/dossiers/{code}").json(), "C")["state"] == "awaited"


def test_a_file_is_tried_and_taken_on_the_page(office: Office, officer: httpx.Client) -> None:
    code = "1.888890"
    text = json.dumps({**VERSION, "code": code})

    def put(browser: httpx.Client, body: str, action: str) -> httpx.Response:
        csrf = browser.get("/procedures").text.split('name="csrf" value="')[1].split('"')[0]
        said = {"csrf": csrf, "action": action}
        return browser.post("/procedures", data=said, files={"files": ("tt.json", body)})

    with office.browser("leader") as browser:
        tried = put(browser, text, "try")
        assert "chưa có gì được nạp" in tried.text
        assert f"{code} từ 01/01/2024: mới" in tried.text
        assert officer.get(f"/v1/procedures/{code}").status_code == 404
        assert "Đã nạp tệp" in put(browser, text, "take").text
        assert officer.get(f"/v1/procedures/{code}").status_code == 200
        refused = put(browser, json.dumps({**VERSION, "code": code, "name": ""}), "take")
        assert refused.status_code == 422
        assert f"{code}: Mục name" in refused.text
    with office.browser("officer") as browser:
        assert "Nạp tệp thủ tục" not in browser.get("/procedures").text


def test_a_change_of_the_procedure_says_what_it_does_to_open_dossiers(
    office: Office, officer: httpx.Client
) -> None:
    version = {
        "code": "1.777777", "name": "Thủ tục thử", "valid_from": "2024-01-01", "valid_to": None,
        "components": [
            {"code": "A", "name": "Giấy A", "satisfied_by": [["a"]]},
            {"code": "B", "name": "Giấy B", "satisfied_by": [["b"]]},
        ],
        "results": [], "legal_bases": [], "processing_time": {},
    }  # fmt: skip
    with office.client("administrator") as administrator:
        administrator.put("/v1/procedures/1.777777", json=version)
        code = receive(officer, "1.777777")["code"]
        components = [
            {"code": "A", "name": "Giấy A", "satisfied_by": [["a"], ["c", "d"]]},
            {"code": "E", "name": "Giấy E", "satisfied_by": [["e"]]},
        ]
        changed = {**version, "components": components}
        told = administrator.put("/v1/procedures/1.777777?dry_run=true", json=changed).json()
        effect = {"dossier": code, "url": f"/v1/dossiers/{code}", "added": ["E"],
                  "removed": ["B"], "changed": ["A"]}  # fmt: skip
        assert told["open_dossiers"] == [effect]
        assert len(officer.get(f"/v1/dossiers/{code}").json()["components"]) == 2  # A and B yet
        later = {**changed, "valid_from": "2099-01-01"}
        assert administrator.put(
            "/v1/procedures/1.777777?dry_run=true", json=later
        ).json()["open_dossiers"] == []  # fmt: skip
        done = administrator.put("/v1/procedures/1.777777", json=changed)
        assert (done.status_code, done.json()["open_dossiers"]) == (200, [effect])
    codes = [one["component"] for one in officer.get(f"/v1/dossiers/{code}").json()["components"]]
    assert codes == ["A", "E"]
    table = officer.get("/v1/procedures?format=csv").content.decode("utf-8-sig")
    assert "1.777777,Thủ tục thử,2024-01-01,,A,Giấy A,yes,a | c + d,," in table
