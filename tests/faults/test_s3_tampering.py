"""Objects that are lost or altered behind the service's back: found, named, mended by a new put."""

import io
import random
from pathlib import Path

import pytest

from repository.s3 import S3Store
from tests.servers.s3 import S3Server
from vocabulary.errors import IntegrityFailure, NotFound

PAPER = random.Random(3).randbytes(300_000)


def put(store: S3Store, data: bytes = PAPER) -> str:
    return store.put(io.BytesIO(data)).sha256


def test_an_object_that_is_gone(s3_server: S3Server, s3_store: S3Store) -> None:
    name = put(s3_store)
    s3_server.client().remove_object(s3_store.place.bucket, s3_store.place.key(name))
    for act in (s3_store.open, s3_store.check, s3_store.size):
        with pytest.raises(NotFound):
            act(name)
    with pytest.raises(NotFound), s3_store.local(name):
        pass
    put(s3_store)
    s3_store.check(name)


@pytest.mark.parametrize("forged", [b"forged", bytes(len(PAPER)), b""])
def test_an_object_that_was_altered(s3_server: S3Server, s3_store: S3Store, forged: bytes) -> None:
    name = put(s3_store)
    bucket, key = s3_store.place.bucket, s3_store.place.key(name)
    s3_server.client().put_object(bucket, key, io.BytesIO(forged), len(forged))
    with pytest.raises(IntegrityFailure) as told:
        s3_store.check(name)
    assert told.value.detail["sha256"] == name
    with pytest.raises(IntegrityFailure), s3_store.local(name):
        pass
    with pytest.raises(IntegrityFailure), s3_store.open(name) as stream:
        stream.read()
    put(s3_store)  # handed in again: whole again
    s3_store.check(name)


def test_an_object_that_is_replaced_while_it_is_read(
    s3_server: S3Server, s3_store: S3Store
) -> None:
    data = random.Random(5).randbytes(4_000_000)
    name = put(s3_store, data)
    bucket, key = s3_store.place.bucket, s3_store.place.key(name)
    with s3_store.open(name) as stream:
        assert stream.read(10) == data[:10]
        s3_server.client().put_object(bucket, key, io.BytesIO(bytes(len(data))), len(data))
        with pytest.raises(IntegrityFailure):
            stream.read()


def test_a_copy_on_this_machine_that_was_damaged_is_fetched_anew(
    s3_server: S3Server, tmp_path: Path
) -> None:
    bucket = s3_server.bucket()
    store = s3_server.store(tmp_path, bucket)
    name = put(store)
    with store.local(name):
        pass
    (kept,) = (tmp_path / "kept").iterdir()
    kept.chmod(0o600)
    kept.write_bytes(b"half")
    again = s3_server.store(tmp_path, bucket)
    with again.local(name) as path:
        assert path.read_bytes() == PAPER
