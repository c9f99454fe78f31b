"""The two indexes of the search bench, filled through the port once and kept."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from bench.report import say
from bench.search_papers import Papers
from repository.ports import SearchIndex
from repository.search import TantivyIndex
from repository.search.elastic import Credentials, ElasticIndex, elastic_address
from tests.servers.elasticsearch import Elasticsearch

_LOT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling an index took. ``process_s``: processor time of this program alone."""

    documents: int
    wall_s: float
    process_s: float


@contextmanager
def embedded(folder: Path, papers: Papers, count: int) -> Iterator[tuple[SearchIndex, Filling]]:
    """The embedded index."""
    with closing(TantivyIndex(folder / "tantivy")) as index:
        yield index, _filled(index, folder / "tantivy.json", papers, count)


@contextmanager
def on_a_server(
    folder: Path, papers: Papers, count: int, heap: str
) -> Iterator[tuple[SearchIndex, Filling, Elasticsearch]]:
    """The index on a real Elasticsearch node of its own."""
    node = Elasticsearch(folder, heap=heap)
    (folder / "log").unlink(missing_ok=True)
    node.start()
    try:
        with closing(
            ElasticIndex(elastic_address(node.address("bench"), Credentials()), "B")
        ) as it:
            yield it, _filled(it, folder / "elasticsearch.json", papers, count), node
    finally:
        node.server.stop(60)


def size_mib(folder: Path) -> float:
    """What a folder takes on the disk."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 2**20


def fresh(folder: Path) -> Path:
    """An empty folder of that name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _filled(index: SearchIndex, note: Path, papers: Papers, count: int) -> Filling:
    if note.exists():
        return Filling(**json.loads(note.read_text()))
    say(f"filling {note.stem} with {count:,} papers ...")
    entries = papers.entries(count)
    wall = process = 0.0
    done = 0
    with index.rebuilding() as new:
        while lot := list(islice(entries, _LOT)):
            began, cpu = time.monotonic(), time.process_time()
            new.put(lot)
            wall += time.monotonic() - began
            process += time.process_time() - cpu
            done += len(lot)
            say(f"  {done:,}: {done / wall:.0f} a second")
        began, cpu = time.monotonic(), time.process_time()
    wall += time.monotonic() - began
    process += time.process_time() - cpu
    filling = Filling(count, wall, process)
    note.write_text(json.dumps(asdict(filling)))
    return filling
