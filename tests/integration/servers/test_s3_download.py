"""Signed addresses for reading: ranges, names, one object, a limited time."""

import io
import random
import time
from datetime import timedelta

import httpx
import pytest

from repository.s3 import S3Store
from vocabulary.errors import NotFound

DATA = random.Random(11).randbytes(1_000_000)
NAMED = "attachment; filename*=UTF-8''Gi%E1%BA%A5y%20ph%C3%A9p.pdf"


def address(store: S3Store, name: str, seconds: int = 60) -> str:
    return store.download_address(name, "application/pdf", NAMED, timedelta(seconds=seconds))


def test_ranges_and_the_name_that_people_know(s3_store: S3Store) -> None:
    url = address(s3_store, s3_store.put(io.BytesIO(DATA)).sha256)
    whole = httpx.get(url, timeout=60)
    assert whole.content == DATA
    assert whole.headers["content-type"] == "application/pdf"
    assert whole.headers["content-disposition"] == NAMED
    part = httpx.get(url, headers={"Range": "bytes=500000-500099"}, timeout=60)
    assert (part.status_code, part.content) == (206, DATA[500_000:500_100])


def test_one_object_to_be_read_for_a_while(s3_store: S3Store) -> None:
    name = s3_store.put(io.BytesIO(DATA)).sha256
    other = s3_store.put(io.BytesIO(b"another")).sha256
    url = address(s3_store, name)
    assert httpx.put(url, content=b"x", timeout=60).status_code == 403
    assert httpx.delete(url, timeout=60).status_code == 403
    moved = url.replace(s3_store.place.key(name), s3_store.place.key(other))
    assert httpx.get(moved, timeout=60).status_code == 403
    short = address(s3_store, name, seconds=1)
    time.sleep(2.5)
    assert httpx.get(short, timeout=60).status_code == 403
    s3_store.check(name)


def test_no_address_of_nothing(s3_store: S3Store) -> None:
    with pytest.raises(NotFound):
        address(s3_store, "0" * 64)
