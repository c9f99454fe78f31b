"""Objects put and got: the file store, the store on S3, and the bare client on the same server.

``python -m bench.objects [seaweedfs|minio]...``: all in one run on one machine, in turns, so
that the ratios hold where the figures do not. The bare client sends what it is given: it
neither spools nor hashes nor has anything confirmed, as an application without an
archive's duties would use it.
"""

import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.report import Section, Table, say, show
from repository.objects import FileStore
from repository.ports import ObjectStore
from repository.s3 import S3Store
from tests.servers import s3

_SIZES: Final = ((64 * 1024, 200), (8 * 2**20, 24))
_ROUNDS: Final = 4

Put = Callable[[bytes], str]
Get = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to keep bytes; ``put`` gives the name that ``get`` asks for."""

    name: str
    put: Put
    get: Get


def main(arguments: list[str]) -> None:
    """Measure the file store and every named server (both, where none is named)."""
    starters = {"seaweedfs": s3.seaweedfs, "minio": s3.minio}
    chosen = arguments or list(starters)
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-objects-") as folder:
        files = _of_store("files", FileStore(Path(folder) / "files"))
        for name in chosen:
            with _served(starters[name]) as server:
                store = server.store(Path(folder) / name, server.bucket())
                locked = server.store(
                    Path(folder) / f"{name}-locked", server.bucket(lock=True),
                    lock="compliance", retention_days=1,
                )  # fmt: skip
                ways = (
                    _bare(f"bare client, {name}", store, server.bucket()),
                    _of_store(f"store on {name}", store),
                    _of_store(f"store on {name}, locked", locked),
                    files,
                )
                for size, count in _SIZES:
                    rows += _rows(ways, size, count)
    heads = (
        "way", "size", "put/s", "of bare", "CPU ms a put", "get/s", "of bare", "CPU ms a get",
    )  # fmt: skip
    show(Section("objects", (Table("Objects, one caller", heads, tuple(rows)),)))


@contextmanager
def _served(start: Callable[[Path], s3.S3Server]) -> Iterator[s3.S3Server]:
    folder = Path(tempfile.mkdtemp(prefix="bench-s3-"))
    server = start(folder)
    try:
        yield server
    finally:
        server.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _bare(name: str, store: S3Store, bucket: str) -> Way:
    client = store.client
    made = iter(range(10**9))

    def put(data: bytes) -> str:
        key = f"{next(made)}"
        client.put_object(bucket, key, io.BytesIO(data), len(data))
        return key

    def get(key: str) -> int:
        response = client.get_object(bucket, key)
        try:
            return len(response.read())
        finally:
            response.close()
            response.release_conn()

    return Way(name, put, get)


def _of_store(name: str, store: ObjectStore) -> Way:
    def get(sha256: str) -> int:
        with store.open(sha256) as stream:
            return len(stream.read())

    return Way(name, lambda data: store.put(io.BytesIO(data)).sha256, get)


def _rows(ways: tuple[Way, ...], size: int, count: int) -> list[tuple[str | float, ...]]:
    """In turns: each way does a quarter, then the next, so that a busy moment meets them all."""
    puts = dict.fromkeys(ways, (0.0, 0.0))
    gets = dict.fromkeys(ways, (0.0, 0.0))
    for turn in range(_ROUNDS):
        say(f"{size} bytes, round {turn + 1} of {_ROUNDS}")
        for way in ways:
            papers = [os.urandom(size) for _ in range(count // _ROUNDS)]
            names: list[str] = []
            puts[way] = _timed(puts[way], lambda: names.extend(map(way.put, papers)))  # noqa: B023
            gets[way] = _timed(gets[way], lambda: list(map(way.get, names)))  # noqa: B023
    base_put, base_get = puts[ways[0]][0], gets[ways[0]][0]
    return [
        (
            way.name, f"{size // 1024} KiB",
            round(count / puts[way][0], 1), round(base_put / puts[way][0], 2),
            round(puts[way][1] / count * 1000, 2),
            round(count / gets[way][0], 1), round(base_get / gets[way][0], 2),
            round(gets[way][1] / count * 1000, 2),
        )
        for way in ways
    ]  # fmt: skip


def _timed(before: tuple[float, float], act: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds so far."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu


if __name__ == "__main__":
    main(sys.argv[1:])
