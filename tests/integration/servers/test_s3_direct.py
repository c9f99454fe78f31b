"""Direct uploads in parts, and what must not come through that door."""

import hashlib
import io
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from repository.ports import DirectUpload, StoredObject, UploadedPart
from repository.s3 import S3DirectUploads, S3Store
from repository.s3.outline import PART_BYTES
from tests.servers.s3 import S3Server
from vocabulary.errors import InvalidRequest, MissingPart, NotFound, Stopped

DATA = random.Random(7).randbytes(2 * PART_BYTES + 1000)


@pytest.fixture
def direct(locked_store: S3Store) -> S3DirectUploads:
    return S3DirectUploads(locked_store)


def piece(upload: DirectUpload, number: int, data: bytes = DATA) -> bytes:
    return data[(number - 1) * upload.part_bytes : number * upload.part_bytes]


def send(direct: S3DirectUploads, upload: DirectUpload, number: int, body: bytes) -> UploadedPart:
    """As a browser does it: no keys, only the address."""
    name = hashlib.sha256(body).hexdigest()
    address = direct.part_address(upload, number, name)
    answer = httpx.put(address.url, content=body, headers=dict(address.headers), timeout=60)
    assert answer.status_code == 200, answer.text
    return UploadedPart(number, answer.headers["etag"], name)


def send_all(direct: S3DirectUploads, upload: DirectUpload) -> list[UploadedPart]:
    numbers = range(upload.parts, 0, -1)  # in whatever order
    return [send(direct, upload, number, piece(upload, number)) for number in numbers]


def complete(
    store: S3Store, direct: S3DirectUploads, upload: DirectUpload, parts: list[UploadedPart]
) -> StoredObject:
    with direct.complete(upload, parts) as file:
        return store.put(file)


def keys(server: S3Server, store: S3Store) -> list[str | None]:
    found = server.client().list_objects(store.place.bucket, recursive=True, include_version=True)
    return [one.object_name for one in found]


def test_a_large_file_arrives_and_is_kept_under_its_hash(
    s3_server: S3Server, locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(len(DATA))
    assert upload.parts == 3
    stored = complete(locked_store, direct, upload, send_all(direct, upload))
    assert (stored.sha256, stored.bytes) == (hashlib.sha256(DATA).hexdigest(), len(DATA))
    locked_store.check(stored.sha256)
    assert locked_store.locks.protection(stored.sha256).retained_until is not None
    assert keys(s3_server, locked_store) == [locked_store.place.key(stored.sha256)]


def test_completing_twice_is_once(locked_store: S3Store, direct: S3DirectUploads) -> None:
    upload = direct.begin(1000)
    part = send(direct, upload, 1, DATA[:1000])
    complete(locked_store, direct, upload, [part])
    with pytest.raises(NotFound):
        complete(locked_store, direct, upload, [part])


def test_a_completion_whose_answer_was_lost_goes_on(
    locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(1000)
    part = send(direct, upload, 1, DATA[:1000])
    direct._join(upload, [part])  # and then the service was killed
    stored = complete(locked_store, direct, upload, [part])
    assert stored.sha256 == hashlib.sha256(DATA[:1000]).hexdigest()
    locked_store.check(stored.sha256)


def test_a_part_that_differs_on_the_way_is_refused_by_the_store(
    direct: S3DirectUploads,
) -> None:
    upload = direct.begin(1000)
    meant = direct.part_address(upload, 1, hashlib.sha256(b"what was meant").hexdigest())
    for headers in (dict(meant.headers), {}):
        answer = httpx.put(meant.url, content=DATA[:1000], headers=headers, timeout=60)
        assert answer.status_code in (400, 403)
    direct.abandon(upload)


def test_parts_that_are_missing_or_differ_are_refused(
    s3_server: S3Server, locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(len(DATA))
    parts = send_all(direct, upload)
    for wrong in (
        parts[:2],
        [*parts, parts[0]],
        [UploadedPart(1, parts[0].etag, "00"), *parts[:2]],
        [UploadedPart(one.number, one.etag, "0" * 64) for one in parts],
    ):
        with pytest.raises(InvalidRequest) as refused:
            complete(locked_store, direct, upload, wrong)
        assert refused.value.error_code == "parts_differ"
    direct.abandon(upload)
    direct.abandon(upload)
    assert keys(s3_server, locked_store) == []


def test_a_trouble_of_ours_leaves_the_upload_to_be_completed_again(
    locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(1000)
    part = send(direct, upload, 1, DATA[:1000])
    with pytest.raises(MissingPart), direct.complete(upload, [part]):
        raise MissingPart("Đĩa đầy.", "The disk is full.")
    assert complete(locked_store, direct, upload, [part]).bytes == 1000


def test_a_file_that_is_refused_is_gone(
    s3_server: S3Server, locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(1000)
    part = send(direct, upload, 1, DATA[:1000])
    with pytest.raises(Stopped), direct.complete(upload, [part]):
        raise Stopped("not_a_document")
    assert keys(s3_server, locked_store) == []


def test_another_size_than_announced_is_refused(
    s3_server: S3Server, locked_store: S3Store, direct: S3DirectUploads
) -> None:
    upload = direct.begin(1000)
    part = send(direct, upload, 1, DATA[:999])
    with pytest.raises(InvalidRequest):
        complete(locked_store, direct, upload, [part])
    assert keys(s3_server, locked_store) == []


@pytest.mark.parametrize("size", [0, -1, 6 * 2**40])
def test_a_size_that_no_store_takes(direct: S3DirectUploads, size: int) -> None:
    with pytest.raises(InvalidRequest):
        direct.begin(size)


def test_an_address_takes_its_part_and_nothing_else(direct: S3DirectUploads) -> None:
    upload = direct.begin(1000)
    name = hashlib.sha256(b"x" * 1000).hexdigest()
    address = direct.part_address(upload, 1, name)
    headers = dict(address.headers)
    assert httpx.get(address.url, headers=headers, timeout=60).status_code in (400, 403)
    other = address.url.replace("partNumber=1", "partNumber=2")
    assert httpx.put(other, content=b"x" * 1000, headers=headers, timeout=60).status_code == 403
    for number in (0, 2):
        with pytest.raises(InvalidRequest):
            direct.part_address(upload, number, name)
    with pytest.raises(InvalidRequest):
        direct.part_address(upload, 1, "no hash")
    with pytest.raises(NotFound):
        direct.part_address(replace(upload, expires_at=datetime.now(UTC)), 1, name)
    direct.abandon(upload)


def test_what_was_abandoned_is_cleared(
    s3_server: S3Server, locked_store: S3Store, direct: S3DirectUploads
) -> None:
    joined, begun = direct.begin(1000), direct.begin(1000)
    direct._join(joined, [send(direct, joined, 1, DATA[:1000])])
    send(direct, begun, 1, DATA[:1000])
    assert locked_store.clear_abandoned() == 0
    assert locked_store.clear_abandoned(timedelta(0)) == 2
    assert keys(s3_server, locked_store) == []


def test_what_others_keep_in_the_bucket_is_left_alone(
    s3_server: S3Server, locked_store: S3Store
) -> None:
    client, bucket = s3_server.client(), locked_store.place.bucket
    for key in ("incoming/theirs", "other/paper"):
        client.put_object(bucket, key, io.BytesIO(b"theirs"), 6)
        client._create_multipart_upload(bucket, f"{key}-large", {})
    assert locked_store.clear_abandoned(timedelta(0)) == 0
    assert sorted(map(str, keys(s3_server, locked_store))) == ["incoming/theirs", "other/paper"]
    assert list(locked_store.all()) == []


def test_browsers_get_the_address_that_they_know(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(tmp_path / "s", public_endpoint="https://kho.example.vn")
    direct = S3DirectUploads(store)
    upload = direct.begin(10)
    address = direct.part_address(upload, 1, "0" * 64)
    assert address.url.startswith(f"https://kho.example.vn/{store.place.bucket}/incoming/")
    direct.abandon(upload)
