"""What every object store must do, told against the port; adapters join the fixture's list."""

import hashlib
import io
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repository.objects import FileStore
from repository.ports import ObjectStore
from repository.s3.outline import PART_BYTES
from tests.servers.s3 import S3Server
from vocabulary.errors import Conflict, InvalidRequest, NotFound

NOBODY = "0" * 64


ON_SERVERS = ("seaweedfs", "minio", "seaweedfs locked", "minio locked")


@pytest.fixture(
    params=["files", *(pytest.param(one, marks=pytest.mark.servers) for one in ON_SERVERS)]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Each adapter on a store of its own; on S3 also in a bucket with object lock."""
    name, _, locked = request.param.partition(" ")
    if name == "files":
        return FileStore(tmp_path / "objects")
    server: S3Server = request.getfixturevalue(f"{name}_server")
    if not locked:
        return server.store(tmp_path / "scratch")
    bucket = server.bucket(lock=True)
    return server.store(tmp_path / "scratch", bucket, lock="compliance", retention_days=1)


def put(store: ObjectStore, data: bytes) -> str:
    return store.put(io.BytesIO(data)).sha256


@given(data=st.binary(max_size=2000))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_come_back_as_they_went_in(store: ObjectStore, data: bytes) -> None:
    stored = store.put(io.BytesIO(data))
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.bytes == len(data) == store.size(stored.sha256)
    with store.open(stored.sha256) as stream:
        assert stream.read() == data
    with store.local(stored.sha256) as path:
        assert path.read_bytes() == data
    store.check(stored.sha256)


def test_the_same_bytes_are_one_object(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"paper")
    assert store.put_file(tmp_path / "file") == store.put(io.BytesIO(b"paper"))
    assert list(store.all()) == [hashlib.sha256(b"paper").hexdigest()]
    assert (tmp_path / "file").read_bytes() == b"paper"


def test_all_names_every_object(store: ObjectStore) -> None:
    names = {put(store, bytes([number])) for number in range(20)}
    assert set(store.all()) == names
    assert all(store.exists(name) for name in names)


@pytest.mark.parametrize("name", [NOBODY, "", "../../etc/passwd", "A" * 64, "ab"])
def test_what_is_not_there_is_not_found(store: ObjectStore, name: str) -> None:
    assert not store.exists(name)
    for ask in (store.open, store.check, store.size):
        with pytest.raises(NotFound):
            ask(name)
    with pytest.raises(NotFound), store.local(name):
        pass


def test_too_much_is_refused_and_nothing_is_kept(store: ObjectStore) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        store.put(io.BytesIO(b"x" * 11), limit=10)
    assert refusal.value.error_code == "too_large"
    assert list(store.all()) == []
    assert store.put(io.BytesIO(b"x" * 10), limit=10).bytes == 10


class TornStream(io.BytesIO):
    """A sender that goes away in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise ConnectionResetError
        return super().read(min(10, size or 10))


def test_a_torn_stream_leaves_nothing(store: ObjectStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(TornStream(b"x" * 100))
    assert list(store.all()) == []


def test_reading_starts_anywhere(store: ObjectStore) -> None:
    data = random.Random(1).randbytes(3_000_000)
    name = put(store, data)
    with store.open(name) as stream:
        for start, length in ((2_999_990, 100), (0, 10), (1_500_000, 700_000), (5, 0)):
            stream.seek(start)
            assert stream.read(length) == data[start : start + length]
        assert stream.seek(-5, io.SEEK_END) == 2_999_995
        assert stream.read() == data[-5:]
        assert stream.read() == b""


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 12_345])
def test_any_size_comes_back(store: ObjectStore, tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    (tmp_path / "file").write_bytes(data)
    stored = store.put_file(tmp_path / "file")
    assert (stored.sha256, stored.bytes) == (hashlib.sha256(data).hexdigest(), size)
    assert store.put(io.BytesIO(data)) == stored
    store.check(stored.sha256)
    assert store.size(stored.sha256) == size
    with store.local(stored.sha256) as first, store.local(stored.sha256) as second:
        assert first.read_bytes() == second.read_bytes() == data
    with store.open(stored.sha256) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == stored.sha256


def test_many_put_the_same_at_once(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: put(store, b"one paper, many desks"), range(8)))
    assert len(names) == 1
    assert list(store.all()) == list(names)
    store.check(names.pop())


def test_it_answers(store: ObjectStore) -> None:
    store.answers()


def test_what_is_removed_is_gone_and_may_come_again(
    request: pytest.FixtureRequest, store: ObjectStore
) -> None:
    """But for stores that lock each object: they keep it until its time is over."""
    gone, stays = put(store, b"gone"), put(store, b"stays")
    with store.local(gone) as path:  # a copy on this machine, where the store is elsewhere
        assert path.read_bytes() == b"gone"
    if "locked" in request.node.callspec.params["store"]:
        with pytest.raises(Conflict) as refusal:
            store.remove(gone)
        assert refusal.value.error_code == "retained"
        store.check(gone)
        return
    store.remove(gone)
    assert list(store.all()) == [stays]
    assert not store.exists(gone)
    with pytest.raises(NotFound), store.local(gone):
        pass
    for name in (gone, NOBODY, "../../etc/passwd"):
        with pytest.raises(NotFound):
            store.remove(name)
    assert put(store, b"gone") == gone
    store.check(gone)
    store.check(stays)
