"""Handing files in over HTTP: batches, refusals, duplicates, reconciliation."""

import json

import httpx
import pytest

from ingest.intake import JOB
from repository.jobs import MAX_LOSSES, this_host
from tests.integration.http.office import Office
from tests.integration.http.papers import born_digital


def open_batch(client: httpx.Client, **declared: int) -> str:
    answer = client.post("/v1/batches", json={"name": "Lô thử", **declared})
    assert answer.status_code == 201, answer.text
    batch: str = answer.json()["id"]
    return batch


def files(*named: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", one) for one in named]


def test_many_files_at_once_each_get_a_document_or_a_reason(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client)
        answer = client.post(
            f"/v1/batches/{batch}/files",
            files=files(
                ("một.pdf", born_digital("MOT")),
                ("rỗng.pdf", b""),
                ("chương trình.exe", b"MZ\x90\x00" * 100),
                ("hai.pdf", born_digital("HAI")),
            ),
        )
        assert answer.status_code == 201
        found = answer.json()["files"]
        assert [one.get("reason") for one in found] == [None, "empty", "not_a_document", None]
        assert [one["state"] for one in found] == ["received", "refused", "refused", "received"]
        assert found[1]["message"]
        assert found[1]["message_en"]
        assert office.house.objects.exists(found[0]["sha256"])
        told = client.get(f"/v1/batches/{batch}").json()
        assert {one["name"] for one in told["files"]} == {"một.pdf", "hai.pdf"}


def test_a_single_file_that_is_no_document_is_refused_with_its_reason(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client)
        answer = client.post(f"/v1/batches/{batch}/files", files=files(("a.txt", b"just text")))
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_a_document"
        assert answer.json()["detail"].endswith("gửi lại.")


def test_a_call_without_a_file_says_so(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client)
        address = f"/v1/batches/{batch}/files"
        assert client.post(address, files={"note": (None, "x")}).json()["code"] == "invalid_request"
        answer = client.post(address, json={"files": []})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert (
            client.post(
                "/v1/batches/" + "0" * 32 + "/files", files=files(("a", b"%PDF-"))
            ).status_code
            == 404
        )


def test_an_exact_duplicate_is_named_and_waits_for_a_choice(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client)
        data = born_digital("TRUNG")
        first, second = client.post(
            f"/v1/batches/{batch}/files", files=files(("a.pdf", data), ("b.pdf", data))
        ).json()["files"]
        assert second["reason"] == "duplicate"
        assert second["duplicate_of"]["document"] == first["document"]
        assert second["duplicate_of"]["name"] == "a.pdf"
        address = f"/v1/documents/{second['document']}/duplicate"
        assert client.post(address, json={"choice": "burn"}).status_code == 422
        kept = client.post(address, json={"choice": "keep"}).json()
        assert (kept["state"], kept["duplicate_choice"]) == ("received", "keep")
        again = client.post(address, json={"choice": "discard"})
        assert again.status_code == 409


def test_a_system_is_not_told_where_somebody_elses_first_copy_is(office: Office) -> None:
    data = born_digital("CUA NGUOI KHAC")
    with office.client("clerk") as clerk:
        clerk.post("/v1/documents", files={"file": ("a.pdf", data)})
    with office.client("system") as portal:
        answer = portal.post("/v1/documents", files={"file": ("b.pdf", data)}).json()
        assert (answer["reason"], answer["duplicate_of"]) == ("duplicate", None)


def test_a_batch_whose_counts_differ_stays_open_and_says_how(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client, declared_files=2, declared_pages=5)
        client.post(f"/v1/batches/{batch}/files", files=files(("c.pdf", born_digital("DEM"))))
        answer = client.post(f"/v1/batches/{batch}/close")
        assert answer.status_code == 409
        problem = answer.json()
        assert problem["code"] == "counts_differ"
        differences = {one["what"]: one for one in problem["differences"]}
        assert (differences["files"]["declared"], differences["files"]["found"]) == (2, 1)
        assert {"pages", "unfinished"} <= set(differences)
        assert "Đã khai 2 tệp nhưng nhận được 1 tệp." in problem["detail"]
        assert client.get(f"/v1/batches/{batch}").json()["state"] == "open"


def test_an_empty_batch_closes_and_then_takes_no_more(office: Office) -> None:
    with office.client("clerk") as client:
        batch = open_batch(client)
        closed = client.post(f"/v1/batches/{batch}/close").json()
        assert (closed["state"], closed["closed_by"]) == ("closed", "clerk")
        answer = client.post(f"/v1/batches/{batch}/files", files=files(("a.pdf", born_digital())))
        assert (answer.status_code, answer.json()["code"]) == (409, "batch_closed")


def test_the_same_key_gives_the_first_answer_again(office: Office) -> None:
    with office.client("clerk") as client:
        key = {"Idempotency-Key": "batch-1"}
        first = client.post("/v1/batches", json={"name": "A"}, headers=key)
        again = client.post("/v1/batches", json={"name": "A"}, headers=key)
        assert again.json()["id"] == first.json()["id"]
        assert again.headers["idempotency-replayed"] == "true"
        other = client.post("/v1/batches", json={"name": "B"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    with office.client("officer") as somebody_else:
        theirs = somebody_else.post("/v1/batches", json={"name": "A"}, headers=key)
        assert theirs.json()["id"] != first.json()["id"]


def test_a_repeated_registration_makes_one_document(office: Office) -> None:
    with office.client("clerk") as client:
        key = {"Idempotency-Key": "once"}
        paper = {"file": ("một lần.pdf", born_digital("MOT LAN"))}
        ids = {
            client.post("/v1/documents", files=paper, headers=key).json()["id"] for _ in range(3)
        }
        assert len(ids) == 1


def test_metadata_stands_with_the_document(office: Office) -> None:
    metadata = {
        "type": "business_registration",
        "subject": {"scheme": "vn:mst", "id": "0100109106", "name": "Công ty Thử"},
        "number_symbol": "12/GP",
        "issue_date": "2024-05-02",
        "scope": "nationwide",
        "form": "original",
    }
    with office.client("clerk") as client:
        answer = client.post(
            "/v1/documents",
            files={"file": ("gp.pdf", born_digital("METADATA"))},
            data={"metadata": json.dumps(metadata)},
        )
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"/v1/documents/{answer.json()['id']}"
        found = client.get(answer.headers["location"]).json()
        assert found["type"] == "business_registration"
        assert found["subject"]["name"] == "Công ty Thử"
        assert found["subject"]["identifiers"] == [{"scheme": "vn:mst", "id": "0100109106"}]
        assert (found["issue_date"], found["form"]) == ("2024-05-02", "original")


def test_metadata_that_does_not_fit_is_refused_by_name(office: Office) -> None:
    paper = {"file": ("a.pdf", born_digital("SAI"))}
    with office.client("clerk") as client:
        for metadata, field in (
            ("not json", "metadata"),
            ('{"a":' + "[" * 100_000, "metadata"),
            ('{"subject": {"scheme": "vn:mst", "id": "123"}}', "subject.id"),
            ('{"issue_date": "02/05/2024"}', "issue_date"),
        ):
            answer = client.post("/v1/documents", files=paper, data={"metadata": metadata})
            assert answer.status_code == 422
            assert answer.json()["field"] == field


def test_lists_page_by_cursor(office: Office) -> None:
    with office.client("clerk") as client:
        seen: list[str] = []
        cursor: str | None = None
        while True:
            query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
            page = client.get("/v1/documents", params=query).json()
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) >= 7
        assert client.get("/v1/documents?cursor=nonsense").status_code == 422
        assert client.get("/v1/batches?limit=2").json()["next"]


def test_the_form_without_scripts_does_the_same(office: Office) -> None:
    with office.browser("clerk") as browser:
        csrf = browser.get("/hand-in").text.split('name="csrf" value="')[1].split('"')[0]
        answer = browser.post(
            "/hand-in",
            data={"csrf": csrf, "name": "Lô không script", "declared_files": "1"},
            files=files(("trang.pdf", born_digital("KHONG SCRIPT"))),
        )
        assert answer.status_code == 303
        page = browser.get(answer.headers["location"])
        assert "Lô không script" in page.text
        assert "trang.pdf" in page.text
        refused = browser.post("/hand-in", data={"csrf": csrf}, files=files(("a.exe", b"MZ" * 50)))
        assert refused.status_code == 422
        assert "không được nhận" in refused.text


@pytest.mark.parametrize("count", [0, -1, 10**7 + 1, 10**40])
def test_counts_that_nobody_can_mean_are_refused_by_name(office: Office, count: int) -> None:
    with office.client("clerk") as client:
        answer = client.post("/v1/batches", json={"declared_files": count})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        answer = client.post(
            "/v1/documents",
            files={"file": ("a.pdf", born_digital("DEM"))},
            data={"declared_pages": f"{'0' * 12}{count}"},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_paper_that_cost_workers_their_life_stops_with_a_name(office: Office) -> None:
    """Whoever died over it could not say so; the next worker does, and a person may try again."""
    office.work()
    with office.client("clerk") as client:
        made = client.post("/v1/documents", files={"file": ("ác.pdf", born_digital("AC"))})
        address = f"/v1/documents/{made.json()['id']}"
        lives = 0
        while office.house.queue.claim(f"{this_host()}:999999999:1", [JOB]):
            office.house.queue.release_dead(this_host())
            lives += 1
        assert lives >= MAX_LOSSES
        office.work()
        told = client.get(address).json()
        assert (told["state"], told["reason"]) == ("stopped", "engine_failed")
        assert told["history"][-1]["event"] == "stopped"
        assert client.post(f"{address}/retry").status_code == 200
        office.work()
        assert client.get(address).json()["state"] in ("done", "needs_review")
