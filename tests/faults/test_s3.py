"""The object store is slow, away, full or killed: named, and nothing is lost."""

import hashlib
import io
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from repository.s3 import S3Keys, S3Place, S3Store
from repository.s3.findings import raise_refused
from repository.s3.outline import PART_BYTES
from repository.s3.probe import quick
from tests.servers import s3
from tests.servers.running import free_ports
from tests.servers.s3 import KEYS, S3Server
from tests.servers.troubled_way import TroubledWay, self_signed, troubled_way
from vocabulary.errors import MissingPart

PAPER = random.Random(3).randbytes(300_000)
NAME = hashlib.sha256(PAPER).hexdigest()
SLOW_DOWN = "<Error><Code>SlowDown</Code><Message>busy</Message></Error>"


def put(store: S3Store, data: bytes = PAPER) -> str:
    return store.put(io.BytesIO(data)).sha256


def complaint(act: Callable[[], object]) -> MissingPart:
    """What a person is told; both sentences say something to do."""
    with pytest.raises(MissingPart) as raised:
        act()
    for sentence in (raised.value.vi, raised.value.en):
        assert sentence.endswith(".")
        assert KEYS.secret_key not in sentence
    assert "Hãy" in raised.value.vi
    return raised.value


LOOKS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning",
                "s3:GetBucketObjectLockConfiguration",
            ],
            "Resource": ["arn:aws:s3:::*"],
        }
    ],
}  # fmt: skip


@pytest.fixture
def way(s3_server: S3Server) -> Iterator[TroubledWay]:
    with troubled_way(s3_server.port) as found:
        yield found


def through(way: TroubledWay, server: S3Server, scratch: Path, **options: object) -> S3Store:
    place = server.place(server.bucket(), **options)
    return S3Store(replace(place, host=way.address.partition("//")[2]), KEYS, scratch)


# ---- the store dies


@pytest.mark.parametrize("start", [s3.seaweedfs, s3.minio], ids=["seaweedfs", "minio"])
def test_killed_in_the_middle_of_fifty_uploads(
    start: Callable[[Path], S3Server], tmp_path: Path
) -> None:
    """What was accepted is there; what was not is there whole or not at all."""
    (tmp_path / "server").mkdir()
    server = start(tmp_path / "server")
    try:
        store = server.store(
            tmp_path / "scratch", server.bucket(lock=True),
            lock="compliance", retention_days=1, patience_seconds=90,
        )  # fmt: skip
        sizes = [random.Random(n).choice((1000, 200_000, PART_BYTES + 9)) for n in range(50)]
        papers = [random.Random(n).randbytes(size) for n, size in enumerate(sizes)]
        accepted: list[str] = []
        refused: list[MissingPart] = []
        ten_are_in = threading.Event()

        def hand_in(data: bytes) -> None:
            try:
                accepted.append(put(store, data))
            except MissingPart as error:
                refused.append(error)
            if len(accepted) >= 10:
                ten_are_in.set()

        with ThreadPoolExecutor(4) as pool:
            hands = [pool.submit(hand_in, data) for data in papers]
            assert ten_are_in.wait(120)
            server.server.kill()
            server.server.start()
            for one in hands:
                one.result()
        assert len(accepted) + len(refused) == 50
        for name in accepted:
            store.check(name)
        there = set(store.all())
        assert set(accepted) <= there
        for name in there - set(accepted):
            store.check(name)
        for data in papers:  # a person tries again
            put(store, data)
        assert set(store.all()) == {hashlib.sha256(data).hexdigest() for data in papers}
    finally:
        server.server.stop()


def test_nobody_there(tmp_path: Path) -> None:
    place = S3Place.from_url(
        f"s3://papers?endpoint=http://127.0.0.1:{free_ports()[0]}&patience_seconds=1"
    )
    store = S3Store(place, KEYS, tmp_path)
    for act in (
        lambda: put(store), lambda: store.exists(NAME), lambda: store.check(NAME),
        lambda: store.open(NAME), lambda: list(store.all()), store.answers,
        lambda: raise_refused(quick(store)),
    ):  # fmt: skip
        told = complaint(act)
        assert told.error_code in ("store_unreachable", "store_refused")
        assert "cannot be reached" in told.en


# ---- the way is bad


def test_a_slow_store_is_waited_for(way: TroubledWay, s3_server: S3Server, tmp_path: Path) -> None:
    store = through(way, s3_server, tmp_path)
    way.delay = 5
    name = put(store)
    store.check(name)
    assert way.served >= 1


def test_a_store_that_is_too_slow_is_named(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path
) -> None:
    store = through(way, s3_server, tmp_path, read_seconds=1, patience_seconds=1)
    way.delay = 5
    assert complaint(lambda: put(store)).error_code == "store_unreachable"
    way.delay = 0
    put(store)


@pytest.mark.parametrize("body", [SLOW_DOWN, "<html>bad gateway</html>", "busy", ""])
def test_a_busy_store_is_asked_again(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path, body: str
) -> None:
    store = through(way, s3_server, tmp_path)
    for step in (put, lambda store: store.check(NAME), lambda store: list(store.all())):
        way.refuse("503 Service Unavailable", body, times=3)
        step(store)
        assert way.refusals == 0


def test_a_store_that_stays_busy_is_named(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path
) -> None:
    store = through(way, s3_server, tmp_path, patience_seconds=1)
    way.refuse("503 Service Unavailable", SLOW_DOWN)
    told = complaint(lambda: put(store))
    assert (told.error_code, told.detail["status"]) == ("store_failing", 503)
    assert "SlowDown" in complaint(lambda: list(store.all())).en
    left = way.refusals
    assert "SlowDown" in complaint(lambda: put(store)).en  # at once: it is left alone for a second
    assert way.refusals == left
    way.refusals = 0
    time.sleep(1.1)
    put(store)


def test_reading_goes_on_where_it_broke_off(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path
) -> None:
    store = through(way, s3_server, tmp_path)
    data = random.Random(4).randbytes(5_000_000)
    name = put(store, data)
    way.drop_connections()
    way.cut_after, way.cuts = 500_000, 3
    with store.open(name) as stream:
        assert stream.read() == data
    assert way.cuts < 3
    way.cuts = 3
    with store.local(name) as path:
        assert path.read_bytes() == data
    assert way.cuts == 0


def test_an_answer_that_was_lost_is_no_second_object(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path
) -> None:
    bucket = s3_server.bucket(lock=True)
    place = s3_server.place(bucket, lock="compliance", retention_days=1)
    store = S3Store(replace(place, host=way.address.partition("//")[2]), KEYS, tmp_path)
    store.exists(NAME)
    way.drop_connections()
    way.cut_after, way.cuts = 0, 1  # the store has it, we do not hear so
    put(store)
    assert way.cuts == 0
    found = s3_server.client().list_objects(bucket, recursive=True, include_version=True)
    assert len(list(found)) == 1


def test_a_store_that_knows_no_conditional_writes(
    way: TroubledWay, s3_server: S3Server, tmp_path: Path
) -> None:
    store = through(way, s3_server, tmp_path)
    way.unknown = b"if-none-match"
    for data in (PAPER, b"another"):
        store.check(put(store, data))
    assert len(list(store.all())) == 2


def test_a_certificate_that_nobody_vouches_for(minio_server: S3Server, tmp_path: Path) -> None:
    context = self_signed(tmp_path)
    with troubled_way(minio_server.port, context) as way:
        place = replace(
            minio_server.place(minio_server.bucket(), patience_seconds=1),
            host=way.address.partition("//")[2], secure=True,
        )  # fmt: skip
        store = S3Store(place, KEYS, tmp_path / "a")
        assert complaint(lambda: put(store)).error_code == "store_untrusted"
        with pytest.raises(MissingPart, match="cannot be read as certificates"):
            S3Store(replace(place, ca=tmp_path / "key.pem"), KEYS, tmp_path / "c")
        trusting = S3Store(replace(place, ca=tmp_path / "ca.pem"), KEYS, tmp_path / "b")
        for data in (PAPER, bytes(PART_BYTES + 1)):
            trusting.check(put(trusting, data))


# ---- the store refuses


@pytest.mark.parametrize(
    "keys", [S3Keys("office", "not-the-secret"), S3Keys("nobody", KEYS.secret_key)]
)
def test_wrong_keys(s3_server: S3Server, tmp_path: Path, keys: S3Keys) -> None:
    store = S3Store(s3_server.place(s3_server.bucket()), keys, tmp_path)
    for act in (
        lambda: put(store), lambda: store.exists(NAME), lambda: store.check(NAME),
        lambda: list(store.all()),
    ):  # fmt: skip
        assert complaint(act).error_code == "store_wrong_keys"
    told = complaint(lambda: raise_refused(quick(store)))
    assert told.detail["checks"] == ["reachable"]
    assert "refuses the keys" in told.en


def test_a_bucket_that_is_not_there(s3_server: S3Server, tmp_path: Path) -> None:
    store = S3Store(s3_server.place("no-such-bucket"), KEYS, tmp_path)
    for act in (
        lambda: put(store), lambda: store.exists(NAME), lambda: store.check(NAME),
        lambda: store.size(NAME), lambda: list(store.all()), store.answers,
    ):  # fmt: skip
        told = complaint(act)
        assert told.error_code == "store_no_bucket"
        assert "no-such-bucket" in told.vi
    assert "reachable" in complaint(lambda: raise_refused(quick(store))).detail["checks"]


def test_keys_that_may_only_read(minio_server: S3Server, tmp_path: Path) -> None:
    reader = S3Keys("reader", "reads-only-123")
    admin = s3.minio_admin(minio_server)
    admin.user_add(reader.access_key, reader.secret_key)
    admin.policy_add("looks-only", policy=LOOKS_ONLY)
    admin.policy_set("looks-only", reader.access_key)
    bucket = minio_server.bucket()
    put(minio_server.store(tmp_path / "a", bucket))
    store = S3Store(minio_server.place(bucket), reader, tmp_path / "b")
    store.check(NAME)
    assert complaint(lambda: put(store, b"new")).error_code == "store_read_only"
    told = complaint(lambda: raise_refused(quick(store)))
    assert told.detail["checks"] == ["rights"]
    assert "may not write" in told.en


def test_keys_that_may_not_list(minio_server: S3Server, tmp_path: Path) -> None:
    """Without that right a store cannot say that an object is missing: it says forbidden."""
    getter = S3Keys("getter", "gets-only-1234")
    admin = s3.minio_admin(minio_server)
    admin.user_add(getter.access_key, getter.secret_key)
    admin.policy_set("readonly", getter.access_key)
    store = S3Store(minio_server.place(minio_server.bucket()), getter, tmp_path)
    assert complaint(lambda: store.exists(NAME)).error_code == "store_forbidden"
    assert complaint(lambda: raise_refused(quick(store))).detail["checks"] == ["reachable"]


def test_clocks_that_differ(way: TroubledWay, s3_server: S3Server, tmp_path: Path) -> None:
    store = through(way, s3_server, tmp_path)
    way.refuse(
        "403 Forbidden", "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>"
    )
    told = complaint(lambda: list(store.all()))
    assert told.error_code == "store_clock"
    assert "NTP" in told.vi


def test_a_quota_that_is_used_up(minio_server: S3Server, tmp_path: Path) -> None:
    bucket = minio_server.bucket()
    s3.minio_admin(minio_server).bucket_quota_set(bucket, 1_000_000)
    store = minio_server.store(tmp_path, bucket)
    told = complaint(lambda: put(store, bytes(2_000_000)))
    assert told.error_code == "disk_full"
    assert list(store.all()) == []


def test_a_store_whose_disk_is_full(tmp_path: Path) -> None:
    """A real one: what is in stays whole, what does not fit is refused and tried again."""
    (tmp_path / "server").mkdir()
    server = s3.minio(tmp_path / "server", disk_mib=96)
    try:
        store = server.store(tmp_path / "scratch", patience_seconds=2)
        accepted: list[str] = []

        def fill() -> None:
            while len(accepted) < 30:
                accepted.append(put(store, random.Random(len(accepted)).randbytes(8_000_000)))

        assert complaint(fill).error_code == "disk_full"
        assert accepted
        assert set(store.all()) == set(accepted)
        for name in accepted:
            store.check(name)
    finally:
        server.server.stop()
