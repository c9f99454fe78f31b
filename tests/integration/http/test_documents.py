"""One paper over HTTP: read, looked at, corrected, confirmed, found, reused, withdrawn."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from demo.papers import PaperKind
from repository import audit
from repository.audit import AuditFilter
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital, scanned
from tests.servers.engines import Engines

PROCEDURE = "2.002381"
LICENCE = "TP2"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """A demo office: it has keys of its test authority, so papers are certified."""
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture(scope="module")
def licence(office: Office) -> str:
    """A scanned licence of the subject, read by the worker."""
    subject = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}
    metadata = {
        "type": "radiation_work_licence", "subject": subject, "scope": "nationwide",
        "form": "original", "issue_date": "2026-03-12",
    }  # fmt: skip
    with office.client("clerk") as client:
        answer = client.post(
            "/v1/documents",
            files={"file": ("giấy phép.pdf", scanned(PaperKind.LICENCE, 11))},
            data={"metadata": json.dumps(metadata)},
        )
        assert answer.status_code == 201, answer.text
    office.work()
    document: str = answer.json()["id"]
    return document


@pytest.fixture
def clerk(office: Office) -> Iterator[httpx.Client]:
    with office.client("clerk") as client:
        yield client


def record(client: httpx.Client, document: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/documents/{document}").json()
    return found


def test_the_record_has_what_the_surface_promises(clerk: httpx.Client, licence: str) -> None:
    found = record(clerk, licence)
    assert found["state"] in ("done", "needs_review")
    assert found["source"]["media_type"] == "application/pdf"
    assert [page["number"] for page in found["pages"]] == list(range(1, found["page_count"] + 1))
    assert found["pages"][0]["words"] > 30
    assert found["fields"]["number_symbol"]["bbox"]
    assert found["subject"]["identifiers"] == [{"scheme": "vn:mst", "id": SUBJECT.id}]
    assert [one["event"] for one in found["history"]][:2] == ["received", "identified"]
    assert found["demo"] is True


def test_the_original_comes_back_byte_for_byte(clerk: httpx.Client, licence: str) -> None:
    address = f"/v1/documents/{licence}/content?rendition=original"
    whole = clerk.get(address)
    assert whole.content == scanned(PaperKind.LICENCE, 11)
    assert whole.headers["accept-ranges"] == "bytes"
    assert "filename*=UTF-8''gi%E1%BA%A5y%20ph%C3%A9p.pdf" in whole.headers["content-disposition"]
    part = clerk.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    tag = whole.headers["etag"]
    assert clerk.get(address, headers={"If-None-Match": tag}).status_code == 304
    changed = clerk.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert changed.status_code == 200
    beyond = clerk.get(address, headers={"Range": "bytes=999999999-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    head = clerk.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


def test_a_page_is_shown_and_its_words_are_told(clerk: httpx.Client, licence: str) -> None:
    image = clerk.get(f"/v1/documents/{licence}/pages/1/image?width=400")
    assert image.headers["content-type"] == "image/jpeg"
    assert image.content.startswith(b"\xff\xd8")
    told = clerk.get(f"/v1/documents/{licence}/pages/1/words").json()
    assert told["words"][0].keys() >= {"text", "bbox", "confidence", "line", "source"}
    assert clerk.get(f"/v1/documents/{licence}/pages/99/image").status_code == 404
    assert clerk.get(f"/v1/documents/{licence}/pages/0/words").status_code == 404
    text = clerk.get(f"/v1/documents/{licence}/content?rendition=text").text
    assert "giấy phép" in text.lower()


def test_a_correction_needs_the_version_that_was_seen(clerk: httpx.Client, licence: str) -> None:
    address = f"/v1/documents/{licence}/fields"
    version = record(clerk, licence)["version"]
    blind = clerk.patch(address, json={"fields": {"signer": "Nguyễn Văn A"}})
    assert (blind.status_code, blind.json()["code"]) == (428, "version_required")
    right = clerk.patch(
        address, json={"fields": {"signer": "Nguyễn Văn A"}}, headers={"If-Match": f'"{version}"'}
    )
    assert right.status_code == 200
    assert right.json()["fields"]["signer"]["source"] == "person"
    stale = clerk.patch(address, json={"fields": {"signer": "B"}, "version": version})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    now = right.json()["version"]
    for fields in ({"no_such_field": "x"}, {"issue_date": "12/03/2026"}):
        wrong = clerk.patch(address, json={"fields": fields, "version": now})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


def test_a_confirmed_paper_is_certified_and_its_archival_file_is_there(
    office: Office, clerk: httpx.Client, licence: str
) -> None:
    assert clerk.post(f"/v1/documents/{licence}/confirm").status_code == 200
    office.work()
    found = record(clerk, licence)
    assert (found["state"], found["status"]) == ("done", "active")
    assert found["confirmed_by"] == "clerk"
    assert found["output"]["pdfa"] == "2B"
    archival = clerk.get(found["output"]["path"])
    assert archival.content.startswith(b"%PDF")
    verdict = clerk.post("/v1/verify", files={"file": ("a.pdf", archival.content)}).json()
    assert [one["verdict"] for one in verdict["signatures"]] == ["valid", "valid"]
    assert all(one["test_authority"] for one in verdict["signatures"])


def test_it_is_found_without_marks_and_with_a_filter(clerk: httpx.Client, licence: str) -> None:
    found = clerk.get("/v1/search", params={"q": "giay phep tien hanh"}).json()
    assert "facets" not in found
    assert licence in [one["document"] for one in found["items"]]
    assert found["items"][0]["highlights"]
    subject = f"vn:mst:{SUBJECT.id}"
    for query, expected in (
        ({"subject": subject}, 1),
        ({"subject": SUBJECT.id, "type": "radiation_work_licence"}, 1),
        ({"subject": "vn:mst:0100109106"}, 0),
        ({"type": "business_registration"}, 0),
        ({"issued_from": "2026-03-13"}, 0),
        ({"state": "active"}, 1),
        ({"state": "stopped"}, 0),
    ):
        assert clerk.get("/v1/search", params=query).json()["total"] == expected, query
    counted = clerk.get("/v1/search", params={"subject": subject, "facets": "type, year"}).json()
    assert counted["facets"]["type"] == [{"value": "radiation_work_licence", "count": 1}]
    assert set(counted["facets"]) == {"type", "year"}
    assert clerk.get("/v1/search?facets=holder").status_code == 422
    assert clerk.get("/v1/search?cursor=nonsense").status_code == 422
    assert clerk.get("/v1/search?valid_on=today").status_code == 422


def test_what_is_held_must_not_be_asked_for(clerk: httpx.Client, licence: str) -> None:
    question = {
        "procedure": PROCEDURE,
        "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id},
        "on": "2026-11-23",
    }
    answer = clerk.post("/v1/once-only/check", json=question).json()
    held = {one["component"]: one for one in answer["components"]}[LICENCE]
    assert (held["answer"], held["use"]) == ("held", [licence])
    assert answer["receipt"]
    wrong = clerk.post(
        "/v1/once-only/check", json={**question, "subject": {"scheme": "vn:mst", "id": "1"}}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_identifier")
    unknown = clerk.post("/v1/once-only/check", json={**question, "procedure": "9.999999"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "procedure_not_found")


def test_every_read_and_every_refusal_stands_in_the_log(office: Office, licence: str) -> None:
    with office.client("officer") as officer:
        purpose = "gi%E1%BA%A3i%20quy%E1%BA%BFt%20h%E1%BB%93%20s%C6%A1"
        officer.get(f"/v1/documents/{licence}", headers={"X-Purpose": purpose})
    for role in ("administrator", "system"):
        with office.client(role) as stranger:
            assert stranger.get(f"/v1/documents/{licence}").status_code == 404
            assert stranger.get(f"/v1/documents/{licence}/content").status_code == 404
    with office.house.database.read() as tx:
        entries = audit.page_of(tx, AuditFilter(document_id=licence), None, 5).items
    told = [(one.entry.event_type, one.entry.actor, one.entry.outcome) for one in entries]
    assert told == [
        ("document.refused", "portal", "refused"),
        ("document.refused", "portal", "refused"),
        ("document.refused", "administrator", "refused"),
        ("document.refused", "administrator", "refused"),
        ("document.record", "officer", "ok"),
    ]
    assert entries[-1].entry.detail["purpose"] == "giải quyết hồ sơ"


def test_events_tell_what_moves(office: Office) -> None:
    with office.client("clerk") as client:
        batch = client.post("/v1/batches", json={}).json()["id"]
        files = {"files": ("sự kiện.pdf", born_digital("SU KIEN"))}
        client.post(f"/v1/batches/{batch}/files", files=files)
        office.work()
        with client.stream("GET", f"/v1/events?batch={batch}") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = list(stream.iter_lines())
    assert "event: document" in lines
    assert lines[-3:-1][0] == "event: settled"


def test_the_pages_show_the_paper(office: Office, licence: str) -> None:
    with office.browser("clerk") as browser:
        page = browser.get(f"/documents/{licence}").text
        assert "THỬ NGHIỆM" in page
        assert f'data-document="{licence}"' in page
        assert "Đang có hiệu lực" in page
        assert "Bản lưu trữ PDF/A" in page
        assert "giấy phép" in browser.get("/search?q=giay+phep").text.lower()
        assert "<mark>" in browser.get("/search?q=giay+phep").text
        assert browser.get("/documents?state=done").text.count(licence) == 1
        assert browser.get(f"/documents/{'0' * 32}").status_code == 404


def test_a_paper_that_was_replaced_or_withdrawn_is_not_reused(
    office: Office, clerk: httpx.Client, licence: str
) -> None:
    other = clerk.post("/v1/documents", files={"file": ("mới.pdf", born_digital("THAY THE"))})
    with office.client("officer") as officer:
        by = {"by": other.json()["id"]}
        assert clerk.post(f"/v1/documents/{licence}/supersede", json=by).status_code == 403
        assert officer.post(f"/v1/documents/{licence}/supersede", json=by).json()["status"] == (
            "superseded"
        )
        missing = officer.post(f"/v1/documents/{licence}/supersede", json={"by": "0" * 32})
        assert missing.status_code == 404
        stale = officer.post(
            f"/v1/documents/{licence}/withdraw", json={"reason": "QĐ 1/QĐ-SKHCN", "version": 1}
        )
        assert stale.status_code == 412
        gone = officer.post(f"/v1/documents/{licence}/withdraw", json={"reason": "QĐ 1/QĐ-SKHCN"})
        assert (gone.json()["status"], gone.json()["status_note"]) == ("withdrawn", "QĐ 1/QĐ-SKHCN")
    question = {
        "procedure": PROCEDURE,
        "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id},
        "on": "2026-11-23",
    }
    answer = clerk.post("/v1/once-only/check", json=question).json()
    component = {one["component"]: one for one in answer["components"]}[LICENCE]
    assert component["answer"] == "must_request"
    assert component["considered"][0]["reasons"] == ["withdrawn"]
    assert clerk.get("/v1/search?state=withdrawn").json()["total"] == 1


def test_procedures_are_data_with_dates(office: Office) -> None:
    version = {
        "code": "1.000001", "name": "Thủ tục thử", "valid_from": "2024-01-01", "valid_to": None,
        "components": [{"code": "TP1", "name": "Giấy A", "satisfied_by": [["a"]]}],
        "results": [], "legal_bases": [], "processing_time": {},
    }  # fmt: skip
    with office.client("administrator") as client:
        assert client.put("/v1/procedures/1.000001", json=version).status_code == 201
        assert client.put("/v1/procedures/1.000001", json=version).status_code == 200
        later = {**version, "name": "Thủ tục mới", "valid_from": "2026-01-01"}
        assert client.put("/v1/procedures/1.000001", json=later).status_code == 201
        old = client.get("/v1/procedures/1.000001?on=2025-06-01").json()
        assert (old["name"], old["valid_to"]) == ("Thủ tục thử", "2025-12-31")
        assert len(old["versions"]) == 2
        assert client.get("/v1/procedures/1.000001?on=2020-01-01").status_code == 404
        for wrong, field in (
            ({**version, "code": "1.000002"}, "code"),
            ({**version, "valid_from": "soon"}, "valid_from"),
            ({**version, "components": [{"code": "TP1"}]}, "name"),
        ):
            answer = client.put("/v1/procedures/1.000001", json=wrong)
            assert (answer.status_code, answer.json()["field"]) == (422, field)
        assert "1.000001" in client.get("/procedures", headers={"Accept": "text/html"}).text
