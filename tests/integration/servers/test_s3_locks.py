"""Retention, legal holds, encryption: what the store itself must enforce."""

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from repository.s3 import S3Store
from repository.s3.outline import PART_BYTES
from tests.servers.s3 import S3Server
from vocabulary.clock import FixedClock
from vocabulary.errors import Conflict, NotFound

PAPER = b"Quy\xe1\xba\xbft \xc4\x91\xe1\xbb\x8bnh"


def put(store: S3Store, data: bytes = PAPER) -> str:
    return store.put(io.BytesIO(data)).sha256


def version_of(server: S3Server, store: S3Store, name: str) -> str:
    stat = server.client().stat_object(store.place.bucket, store.place.key(name))
    assert stat.version_id
    return stat.version_id


@pytest.mark.parametrize("size", [100, PART_BYTES + 1])
def test_every_object_has_its_own_retention(locked_store: S3Store, size: int) -> None:
    name = put(locked_store, bytes(size))
    protection = locked_store.locks.protection(name)
    assert protection.retained_until is not None
    left = protection.retained_until - datetime.now(UTC)
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)
    assert not protection.held


def test_nobody_deletes_or_shortens(s3_server: S3Server, locked_store: S3Store) -> None:
    name = put(locked_store)
    bucket, key = locked_store.place.bucket, locked_store.place.key(name)
    version = version_of(s3_server, locked_store, name)
    client = s3_server.client()
    for headers in ({}, {"x-amz-bypass-governance-retention": "true"}):
        with pytest.raises(S3Error) as refusal:
            client._execute(
                "DELETE", bucket, key, headers=headers, query_params={"versionId": version}
            )
        assert refusal.value.response.status in (400, 403)
    soon = datetime.now(UTC) + timedelta(hours=1)
    for weaker in (Retention(COMPLIANCE, soon), Retention(GOVERNANCE, soon)):
        with pytest.raises(S3Error):
            client.set_object_retention(bucket, key, weaker, version)
    with pytest.raises(Conflict) as told:
        locked_store.remove(name)
    assert told.value.error_code == "retained"
    locked_store.check(name)


def test_a_retention_only_grows(locked_store: S3Store) -> None:
    name = put(locked_store)
    first = locked_store.locks.protection(name).retained_until
    assert first is not None
    locked_store.locks.retain(name, first - timedelta(days=1))
    assert locked_store.locks.protection(name).retained_until == first
    later = (first + timedelta(days=3650)).replace(microsecond=0)
    locked_store.locks.retain(name, later)
    assert locked_store.locks.protection(name).retained_until == later


def test_handing_in_again_prolongs(s3_server: S3Server, tmp_path: Path) -> None:
    bucket = s3_server.bucket(lock=True)
    early = s3_server.store(tmp_path / "a", bucket, lock="compliance", retention_days=1)
    late = s3_server.store(tmp_path / "b", bucket, lock="compliance", retention_days=30)
    name = put(early)
    assert put(late) == name
    until = late.locks.protection(name).retained_until
    assert until is not None
    assert until - datetime.now(UTC) > timedelta(days=29)
    versions = s3_server.client().list_objects(bucket, recursive=True, include_version=True)
    assert len(list(versions)) == 1


def test_a_hold_is_set_asked_and_lifted(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(tmp_path / "scratch", s3_server.bucket(lock=True))
    name = put(store)
    store.locks.hold(name, on=True)
    assert store.locks.protection(name).held
    with pytest.raises(Conflict) as told:
        store.remove(name)
    assert told.value.error_code == "held"
    store.locks.hold(name, on=False)
    assert not store.locks.protection(name).held
    store.remove(name)
    assert not store.exists(name)
    with pytest.raises(NotFound):
        store.remove(name)


def test_a_hold_outlives_the_retention(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(tmp_path / "scratch", s3_server.bucket(lock=True))
    name = put(store)
    until = datetime.now(UTC) + timedelta(seconds=3)
    store.locks.retain(name, until)
    store.locks.hold(name, on=True)
    time.sleep(4)
    with pytest.raises(S3Error):
        s3_server.client().remove_object(
            store.place.bucket, store.place.key(name), version_of(s3_server, store, name)
        )
    store.locks.hold(name, on=False)
    store.remove(name)
    assert list(store.all()) == []


def test_a_store_that_refuses_is_believed_over_our_own_clock(
    s3_server: S3Server, tmp_path: Path
) -> None:
    store = s3_server.store(
        tmp_path / "scratch", s3_server.bucket(lock=True), lock="compliance", retention_days=1
    )
    name = put(store)
    hasty = S3Store(
        store.place, store.keys, tmp_path / "b", FixedClock(datetime(2100, 1, 1, tzinfo=UTC))
    )
    with pytest.raises(Conflict) as told:
        hasty.locks.remove(name)
    assert told.value.error_code == "retained"
    store.check(name)


@pytest.mark.parametrize("size", [100, PART_BYTES + 1])
def test_the_store_encrypts_where_asked(s3_server: S3Server, tmp_path: Path, size: int) -> None:
    store = s3_server.store(tmp_path / "scratch", sse="s3")
    name = put(store, bytes(size))
    head = store.head(name)
    assert head is not None
    assert head["x-amz-server-side-encryption"] == "AES256"
    store.check(name)


def test_a_bucket_without_lock_says_so_on_the_first_paper(
    s3_server: S3Server, tmp_path: Path
) -> None:
    from vocabulary.errors import MissingPart

    store = s3_server.store(
        tmp_path / "scratch", s3_server.bucket(), lock="compliance", retention_days=1
    )
    with pytest.raises(MissingPart):
        put(store)
    assert list(store.all()) == []
