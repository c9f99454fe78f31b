"""The two indexes of the search bench, filled through the port once and kept."""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from bench.report import say
from bench.search_papers import Papers
from repository.ports import IndexEntry, SearchIndex
from repository.search import TantivyIndex
from repository.search.elastic import Credentials, ElasticIndex, elastic_address
from tests.servers.elasticsearch import Elasticsearch

_LOT: Final = 20_000
COLLECTOR: Final = (
    "-XX:+UseG1GC", "-XX:G1ReservePercent=25", "-XX:InitiatingHeapOccupancyPercent=30",
)  # fmt: skip
"""As Elasticsearch's own settings have it: its breaker counts on this collector; with another
one it refuses writes for minutes once the heap has filled up with garbage."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling an index took. ``process_s``: processor time of this program alone."""

    documents: int
    wall_s: float
    process_s: float

    def more(self, documents: int, began: float, cpu: float) -> "Filling":
        """With a lot that was begun at these clocks and has just ended."""
        return Filling(
            self.documents + documents,
            self.wall_s + time.monotonic() - began,
            self.process_s + time.process_time() - cpu,
        )


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
    node = Elasticsearch(folder, heap=heap, collector=COLLECTOR)
    (folder / "log").unlink(missing_ok=True)
    node.start()
    try:
        with closing(
            ElasticIndex(elastic_address(node.address("bench"), Credentials()), "B")
        ) as it:
            yield it, _filled_on(it, folder / "elasticsearch.json", papers, count), node
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
    """Filled in one go, as ``sohoa reindex`` does."""
    if note.exists():
        return Filling(**json.loads(note.read_text()))
    say(f"filling {note.stem} with {count:,} papers ...")
    with index.rebuilding() as new:
        filling = _lots(new.put, papers, count, Filling(0, 0.0, 0.0), lambda _so_far: None)
        began, cpu = time.monotonic(), time.process_time()
    filling = filling.more(0, began, cpu)
    note.write_text(json.dumps(asdict(filling)))
    return filling


def _filled_on(index: SearchIndex, note: Path, papers: Papers, count: int) -> Filling:
    """Filled lot by lot, so that a run that was cut short is gone on with."""
    index.check()
    so_far = Filling(**json.loads(note.read_text())) if note.exists() else Filling(0, 0.0, 0.0)
    if so_far.documents < count:
        say(f"filling {note.stem}: {so_far.documents:,} of {count:,} papers are there ...")
    return _lots(
        index.put, papers, count, so_far, lambda now: note.write_text(json.dumps(asdict(now)))
    )


def _lots(
    put: Callable[[Sequence[IndexEntry]], object],
    papers: Papers,
    count: int,
    so_far: Filling,
    note: Callable[[Filling], object],
) -> Filling:
    entries = islice(papers.entries(count), so_far.documents, None)
    while lot := list(islice(entries, _LOT)):
        began, cpu = time.monotonic(), time.process_time()
        put(lot)
        so_far = so_far.more(len(lot), began, cpu)
        note(so_far)
        say(f"  {so_far.documents:,}: {so_far.documents / so_far.wall_s:.0f} a second")
    return so_far
