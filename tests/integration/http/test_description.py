"""Whose paper it is, of what type and form: told after it came in, over HTTP and on the pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo import hostile
from demo.papers import PaperKind
from repository import audit
from repository.audit import AuditFilter
from tests.integration.commandline.calling import sohoa
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital, scanned
from tests.servers.engines import Engines
from vocabulary.errors import Stopped

HOLDER = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}
QUESTION = {
    "procedure": "2.002381",
    "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id},
    "on": "2026-11-23",
}
LICENCE = "TP2"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """A demo office: it has keys of its test authority, so papers are certified."""
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture(scope="module")
def licence(office: Office) -> str:
    """A scanned licence that came in with nothing said of it, read and confirmed."""
    with office.client("clerk") as client:
        answer = client.post(
            "/v1/documents", files={"file": ("gp.pdf", scanned(PaperKind.LICENCE, 11))}
        )
        office.work()
        document: str = answer.json()["id"]
        client.post(f"/v1/documents/{document}/confirm")
        office.work()
    return document


@pytest.fixture
def clerk(office: Office) -> Iterator[httpx.Client]:
    with office.client("clerk") as client:
        yield client


def hand_in(client: httpx.Client, text: str) -> str:
    answer = client.post("/v1/documents", files={"file": (f"{text}.pdf", born_digital(text))})
    made: str = answer.json()["id"]
    return made


def version_of(client: httpx.Client, document: str) -> int:
    found: int = client.get(f"/v1/documents/{document}").json()["version"]
    return found


def answer_for(client: httpx.Client, component: str) -> dict[str, Any]:
    told = client.post("/v1/once-only/check", json=QUESTION).json()["components"]
    return next(one for one in told if one["component"] == component)


def test_a_paper_that_came_in_unnamed_is_reused_once_its_holder_and_type_are_told(
    office: Office, clerk: httpx.Client, licence: str
) -> None:
    assert answer_for(clerk, LICENCE)["considered"] == []
    said = {
        "type": "radiation_work_licence", "subject": HOLDER, "form": "original",
        "scope": "nationwide", "valid_from": "2026-03-12",
    }  # fmt: skip
    version = version_of(clerk, licence)
    answer = clerk.patch(f"/v1/documents/{licence}", json={**said, "version": version})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    assert found["subject"]["identifiers"] == [{"scheme": SUBJECT.scheme, "id": SUBJECT.id}]
    assert (found["type"], found["form"], found["scope"], found["valid_from"]) == (
        "radiation_work_licence", "original", "nationwide", "2026-03-12",
    )  # fmt: skip
    event = found["history"][-1]
    assert (event["event"], event["actor"]) == ("described", "clerk")
    assert (event["detail"]["before"]["type"], event["detail"]["after"]["type"]) == (
        None, "radiation_work_licence",
    )  # fmt: skip
    held = answer_for(clerk, LICENCE)
    assert (held["answer"], held["use"]) == ("held", [licence])
    hits = clerk.get(f"/v1/search?subject={SUBJECT.scheme}:{SUBJECT.id}").json()["items"]
    assert [hit["document"] for hit in hits] == [licence]
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(document_id=licence), None, 50).items
    assert "document.fields" in {one.entry.event_type for one in entries}


def test_only_what_is_sent_changes_and_null_takes_it_back(clerk: httpx.Client) -> None:
    paper = hand_in(clerk, "MOT PHAN")
    address = f"/v1/documents/{paper}"
    first = clerk.patch(address, json={"type": "a_new_type", "version": version_of(clerk, paper)})
    assert first.json()["type"] == "a_new_type"  # no procedure names it yet
    second = clerk.patch(
        address, json={"form": "copy"}, headers={"If-Match": first.headers["etag"]}
    )
    assert (second.json()["type"], second.json()["form"]) == ("a_new_type", "copy")
    third = clerk.patch(address, json={"type": None}, headers={"If-Match": second.headers["etag"]})
    assert (third.json()["type"], third.json()["form"]) == (None, "copy")


def test_somebody_elses_change_is_not_overwritten(clerk: httpx.Client) -> None:
    paper = hand_in(clerk, "PHIEN BAN")
    address = f"/v1/documents/{paper}"
    blind = clerk.patch(address, json={"form": "copy"})
    assert (blind.status_code, blind.json()["code"]) == (428, "version_required")
    seen = version_of(clerk, paper)
    assert clerk.patch(address, json={"form": "copy", "version": seen}).status_code == 200
    stale = clerk.patch(address, json={"form": "original", "version": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    assert clerk.get(address).json()["form"] == "copy"


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"subject": {"scheme": "vn:mst", "id": "0920574246"}}, "invalid_identifier", "subject.id"),
        ({"subject": {"scheme": "vn:xyz", "id": "1"}}, "invalid_request", "subject.scheme"),
        ({"type": "Giấy phép"}, "invalid_request", "type"),
        ({"form": "bản photo"}, "invalid_request", "form"),
        ({"scope": "Hưng Yên"}, "invalid_request", "scope"),
        (
            {"valid_from": "2026-03-12", "valid_to": "2026-03-11"}, "validity_contradictory",
            "valid_to",
        ),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named_and_nothing_is_kept(
    clerk: httpx.Client, licence: str, said: dict[str, Any], code: str, field: str
) -> None:
    before = clerk.get(f"/v1/documents/{licence}").json()
    body = {"form": "copy", **said, "version": before["version"]}
    answer = clerk.patch(f"/v1/documents/{licence}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == field
    assert clerk.get(f"/v1/documents/{licence}").json() == before


def test_a_call_that_says_nothing_or_something_unknown_is_refused(
    clerk: httpx.Client, licence: str
) -> None:
    version = version_of(clerk, licence)
    for said in ({}, {"number_symbol": "1/QĐ"}, {"valid_to": "11/03/2029"}):
        answer = clerk.patch(f"/v1/documents/{licence}", json={**said, "version": version})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("leader", 403), ("inspector", 403), ("administrator", 404),
     ("system", 403)],
)  # fmt: skip
def test_those_who_review_say_whose_a_paper_is(
    office: Office, clerk: httpx.Client, licence: str, role: str, status: int
) -> None:
    said = {"form": "original", "version": version_of(clerk, licence)}
    with office.client(role) as caller:
        assert caller.patch(f"/v1/documents/{licence}", json=said).status_code == status


def test_what_is_said_of_a_pile_is_said_of_each_file(clerk: httpx.Client) -> None:
    batch = clerk.post("/v1/batches", json={}).json()["id"]
    address = f"/v1/batches/{batch}/files"
    files = [("files", (f"{n}.pdf", born_digital(f"LO {n}"))) for n in (1, 2)]
    wrong = {"metadata": json.dumps({"subject": {"scheme": "vn:mst", "id": "123"}})}
    refused = clerk.post(address, files=files, data=wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_identifier")
    assert clerk.get(f"/v1/batches/{batch}").json()["files"] == []
    right = {"metadata": json.dumps({"subject": HOLDER, "form": "original"})}
    taken = clerk.post(address, files=files, data=right).json()["files"]
    for one in taken:
        found = clerk.get(one["url"]).json()
        assert (found["subject"]["name"], found["form"]) == (SUBJECT.name, "original")


def form_of(page: str) -> dict[str, str]:
    """What a browser without scripts would send back of the review form."""
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    version = page.split('name="version" value="')[1].split('"')[0]
    return {"csrf": csrf, "version": version, "page": "1"}


def test_the_page_says_what_is_missing_and_offers_the_holder_without_taking_it(
    office: Office, clerk: httpx.Client
) -> None:
    made = clerk.post("/v1/documents", files={"file": ("b.pdf", scanned(PaperKind.LICENCE, 12))})
    office.work()
    address = f"/documents/{made.json()['id']}"
    with office.browser("clerk") as browser:
        page = browser.get(address).text
        assert "Chưa rõ chủ giấy tờ, loại giấy tờ, hình thức bản: chưa dùng lại được" in page
        assert '<option value="radiation_work_licence" selected>' in page
        assert "Gợi ý theo tên văn bản" in page
        offered = browser.post(f"{address}/fields", data={**form_of(page), "action": "offer"})
        assert offered.status_code == 200
        assert f'name="about.id" value="{SUBJECT.id}"' in offered.text
        assert " autofocus>" in offered.text  # the eye goes to what was filled in
        assert clerk.get(f"/v1{address}").json()["subject"] is None
        said = {
            "about.type": "radiation_work_licence", "about.scheme": SUBJECT.scheme,
            "about.id": SUBJECT.id, "about.name": SUBJECT.name, "about.form": "copy",
            "action": "save",
        }  # fmt: skip
        wrong = browser.post(f"{address}/fields", data={**form_of(page), **said, "about.id": "12"})
        assert wrong.status_code == 409
        assert "mã số thuế có 10 chữ số" in wrong.text
        assert 'name="about.id" value="12"' in wrong.text
        saved = browser.post(f"{address}/fields", data={**form_of(page), **said})
        assert saved.status_code == 303
        page = browser.get(saved.headers["location"]).text
        assert "chưa dùng lại được" not in page
        assert f"Của <b>{SUBJECT.name}</b>, Mã số thuế {SUBJECT.id}" in page
    found = clerk.get(f"/v1{address}").json()
    assert (found["type"], found["form"]) == ("radiation_work_licence", "copy")
    assert [one["event"] for one in found["history"]].count("described") == 1


def test_the_hand_in_form_without_scripts_names_the_holder(
    office: Office, clerk: httpx.Client
) -> None:
    with office.browser("clerk") as browser:
        page = browser.get("/hand-in").text
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        said = {
            "csrf": csrf, "about.scheme": "vn:mst", "about.id": "123", "about.name": "Công ty A",
            "about.form": "original",
        }  # fmt: skip
        files = {"files": ("lo.pdf", born_digital("CHU LO"))}
        wrong = browser.post("/hand-in", data=said, files=files)
        assert wrong.status_code == 422
        assert "mã số thuế có 10 chữ số" in wrong.text
        assert 'value="Công ty A"' in wrong.text
        right = browser.post("/hand-in", data={**said, "about.id": SUBJECT.id}, files=files)
        assert right.status_code == 303
    batch = right.headers["location"].rpartition("/")[2]
    one = clerk.get(f"/v1/batches/{batch}").json()["files"][0]
    found = clerk.get(f"/v1/documents/{one['id']}").json()
    assert found["subject"]["identifiers"][0]["id"] == SUBJECT.id
    assert found["form"] == "original"


def test_a_file_beyond_the_limit_is_refused_alike_at_every_door(tmp_path: Any) -> None:
    with open_office(tmp_path, max_file_mb=1) as small, small.client("clerk") as client:
        big = b"%PDF-1.7\n" + b"0" * (1 << 20)
        batch = client.post("/v1/batches", json={}).json()["id"]
        for address in ("/v1/documents", f"/v1/batches/{batch}/files"):
            answer = client.post(address, files={"file": ("lớn.pdf", big)})
            assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
        two = [("files", ("lớn.pdf", big)), ("files", ("nhỏ.pdf", born_digital("NHO")))]
        told = client.post(f"/v1/batches/{batch}/files", files=two).json()["files"]
        assert [one.get("reason") for one in told] == ["upload_too_large", None]


def test_a_file_that_is_no_pdf_has_no_signatures_and_is_done(clerk: httpx.Client) -> None:
    answer = clerk.post("/v1/verify", files={"file": ("a.png", b"\x89PNG\r\n\x1a\n")})
    told = answer.json()
    assert (told["file"], told["signatures"], told["state"]) == ("a.png", [], "done")
    assert (told["verdict"], told["reason"]) == ("unsigned", None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 broken", "damaged"),
        (hostile.encrypted_pdf(), "encrypted"),
        (b"hello", "not_a_document"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_a_state_with_its_reason(
    clerk: httpx.Client, tmp_path: Path, content: bytes, reason: str
) -> None:
    """The address and the command say the same."""
    answer = clerk.post("/v1/verify", files={"file": ("a.pdf", content)})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["reason"], told["signatures"]) == ("stopped", reason, [])
    assert (told["message"], told["message_en"]) == (Stopped(reason).vi, Stopped(reason).en)
    (tmp_path / "a.pdf").write_bytes(content)
    command = sohoa("verify", tmp_path / "a.pdf", "--json")
    assert command.code == 3
    assert {**command.records()[0], "file": "a.pdf"} == told
    assert f"[{reason}]" in sohoa("verify", tmp_path / "a.pdf").out
