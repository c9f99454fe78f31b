"""Direct uploads over HTTP: by those who may hand in, for their own batch, checked at the end."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from repository.s3 import S3Store
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.s3 import KEYS, S3Server


@pytest.fixture(scope="module", params=["seaweedfs", "minio"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server: S3Server = request.getfixturevalue(f"{request.param}_server")
    bucket = server.bucket(lock=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "SOHOA_OBJECTS_URL",
            f"s3://{bucket}?endpoint={server.endpoint}&public_endpoint={server.endpoint}"
            "&lock=compliance&retention_days=1",
        )
        patch.setenv("SOHOA_S3_ACCESS_KEY", KEYS.access_key)
        patch.setenv("SOHOA_S3_SECRET_KEY", KEYS.secret_key)
        with open_office(tmp_path_factory.mktemp("office"), max_file_mb=64) as made:
            yield made


def begun(client: httpx.Client, size: int) -> tuple[str, dict[str, Any]]:
    batch = client.post("/v1/batches", json={"name": "Lô lớn"}).json()["id"]
    answer = client.post(f"/v1/batches/{batch}/direct-uploads", json={"bytes": size})
    assert answer.status_code == 201, answer.text
    return answer.json()["url"], answer.json()


def sent(client: httpx.Client, url: str, told: dict[str, Any], data: bytes) -> list[dict[str, Any]]:
    size = told["part_bytes"]
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert len(pieces) == told["parts"]
    named = [
        {"number": number, "sha256": hashlib.sha256(piece).hexdigest()}
        for number, piece in enumerate(pieces, 1)
    ]
    places = client.post(f"{url}/parts", json={"parts": named}).json()["parts"]
    for part, place, piece in zip(named, places, pieces, strict=True):
        answer = httpx.put(place["url"], content=piece, headers=place["headers"], timeout=60)
        assert answer.status_code == 200, answer.text
        part["etag"] = answer.headers["etag"]
    return named


def large_paper() -> bytes:
    """A PDF whose reader ignores what stands before its header's line."""
    paper = born_digital("GIAY PHEP LON")
    return (
        paper + b"\n%" + random.Random(9).randbytes(20_000_000).replace(b"%", b"x") + b"\n%%EOF\n"
    )


def test_a_large_paper_goes_past_the_service_and_is_taken_in(office: Office) -> None:
    data = large_paper()
    with office.client("system") as client:
        url, told = begun(client, len(data))
        parts = sent(client, url, told, data)
        finished = {"name": "lớn.pdf", "parts": parts}
        answer = client.post(f"{url}/complete", json=finished)
        assert answer.status_code == 201, answer.text
        (file,) = answer.json()["files"]
        assert (file["sha256"], file["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
        again = client.post(f"{url}/complete", json=finished)
        assert again.json() == answer.json()
        assert client.get(file["url"]).status_code == 200
    store = office.house.objects
    assert isinstance(store, S3Store)
    store.check(file["sha256"])
    left = store.client.list_objects(store.place.bucket, "incoming/", include_version=True)
    assert list(left) == []


def test_what_is_no_paper_is_refused_and_nothing_is_kept(office: Office) -> None:
    data = b"MZ" + bytes(5000)
    with office.client("clerk") as client:
        url, told = begun(client, len(data))
        parts = sent(client, url, told, data)
        answer = client.post(f"{url}/complete", json={"name": "a.exe", "parts": parts})
        assert (answer.status_code, answer.json()["code"]) == (422, "not_a_document")
    assert not office.house.objects.exists(hashlib.sha256(data).hexdigest())


def test_parts_that_do_not_fit_are_refused(office: Office) -> None:
    with office.client("clerk") as client:
        url, told = begun(client, 5000)
        parts = sent(client, url, told, bytes(5000))
        wrong = [{**parts[0], "number": 2}]
        answer = client.post(f"{url}/complete", json={"name": "a.pdf", "parts": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "parts_differ")
        assert client.delete(url).status_code == 204
        gone = client.post(f"{url}/complete", json={"name": "a.pdf", "parts": parts})
        assert gone.status_code == 404


def test_an_upload_belongs_to_who_began_it_and_to_its_batch(office: Office) -> None:
    wanted = {"parts": [{"number": 1, "sha256": "0" * 64}]}
    with office.client("system") as client, office.client("clerk") as other:
        url, told = begun(client, 5000)
        assert other.post(f"{url}/parts", json=wanted).status_code == 404
        elsewhere, _ = begun(client, 5000)
        moved = f"{elsewhere.rpartition('/')[0]}/{told['id']}"
        assert client.post(f"{moved}/parts", json=wanted).status_code == 404
        for forged in (told["id"][:-1] + "x", "x", f"x{told['id']}", "é"):
            address = f"{url.rpartition('/')[0]}/{forged}"
            assert client.post(f"{address}/parts", json=wanted).status_code == 404
        assert client.post(f"{url}/parts", json=wanted).status_code == 200


def test_sizes_and_batches_that_are_refused(office: Office) -> None:
    with office.client("clerk") as client:
        batch = client.post("/v1/batches", json={}).json()["id"]
        address = f"/v1/batches/{batch}/direct-uploads"
        assert client.post(address, json={"bytes": 0}).status_code == 422
        assert client.post(address, json={"bytes": 65 * 2**20}).status_code == 413
        unknown = client.post(f"/v1/batches/{'0' * 32}/direct-uploads", json={"bytes": 5})
        assert unknown.status_code == 404
        assert client.post(f"/v1/batches/{batch}/close").status_code == 200
        assert client.post(address, json={"bytes": 5}).status_code == 409


def test_files_on_this_machine_offer_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOHOA_OBJECTS_URL", raising=False)
    with open_office(tmp_path) as office, office.client("clerk") as client:
        batch = client.post("/v1/batches", json={}).json()["id"]
        answer = client.post(f"/v1/batches/{batch}/direct-uploads", json={"bytes": 5})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_offered")
