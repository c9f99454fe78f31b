"""``python -m bench.search``: both search indexes over the same invented papers.

Each index is filled through the port once (kept under ``--store``), then asked the
same questions: times by class, relevance of the first ten on known items, size,
memory, rate of filling.
"""

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.report import Cell, Section, Table, Target, show, show_targets
from bench.search_indexes import Filling, embedded, on_a_server, size_mib
from bench.search_papers import Papers
from bench.search_questions import Judged, Questions
from bench.store import STORE
from repository.ports import SearchIndex, SearchQuery

_LIMITS: Final = {
    "phrase, quoted, with marks": 100.0,
    "words without marks": 50.0,
    "misspelt words without marks": 50.0,
    "subject's papers": 50.0,
    "words, issuer, years, 4 facets": 50.0,
    "issuer, years, 4 facets": 50.0,
}
_HEADS: Final = (
    "questions", "n", "p50 ms", "p95 ms", "p99 ms", "p50 CPU", "p95 CPU", "found p50", "found most",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200, help="of each class")
    parser.add_argument("--elasticsearch", action="store_true", help="a real node beside it")
    parser.add_argument("--heap", default="2g", help="memory of the node's Java heap")
    parser.add_argument("--store", type=Path, default=STORE / "search")
    chosen = parser.parse_args(arguments)
    folder = (chosen.store / str(chosen.documents)).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    papers = Papers()
    asked = _drawn(papers, chosen.documents, chosen.questions)
    judged = Questions(papers, chosen.documents, seed=9).judged(200)
    sections = []
    with embedded(folder, papers, chosen.documents) as (index, filling):
        found = _measured("embedded (tantivy)", index, asked, judged)
        memory = _resident_mib(os.getpid())
        costs = [_cost("embedded (tantivy)", filling, size_mib(folder / "tantivy"), memory)]
    sections.append(found)
    show(found)
    if chosen.elasticsearch:
        with on_a_server(folder, papers, chosen.documents, chosen.heap) as (index, filling, node):
            assert node.server.process is not None
            sections.append(_measured("Elasticsearch", index, asked, judged))
            show(sections[-1])
            memory = _resident_mib(node.server.process.pid)
            costs.append(_cost("Elasticsearch", filling, size_mib(folder / "data"), memory))
    heads = ("index", "papers", "papers/s", "this program's CPU ms/paper", "size MiB", "memory MiB")
    sections.append(Section("cost", (Table("filling and keeping", heads, tuple(costs)),)))
    show(sections[-1])
    show_targets(sections)


def _drawn(papers: Papers, count: int, each: int) -> dict[str, list[SearchQuery]]:
    makers = Questions(papers, count).classes()
    return {name: [make() for _ in range(each)] for name, make in makers.items()}


def _measured(
    name: str,
    index: SearchIndex,
    asked: dict[str, list[SearchQuery]],
    judged: Sequence[Judged],
) -> Section:
    rows: list[tuple[Cell, ...]] = []
    targets = []
    for kind, queries in asked.items():
        for query in queries[:10]:  # warm
            index.search(query)
        took, used, totals = [], [], []
        for query in queries:
            began, cpu = time.perf_counter(), time.process_time()
            result = index.search(query)
            took.append(1000 * (time.perf_counter() - began))
            used.append(1000 * (time.process_time() - cpu))
            totals.append(result.total)
        p50, p95, p99 = (_part(took, part) for part in (0.5, 0.95, 0.99))
        cpu50, cpu95 = _part(used, 0.5), _part(used, 0.95)
        counts = int(_part(totals, 0.5)), max(totals)
        rows.append((kind, len(queries), p50, p95, p99, cpu50, cpu95, *counts))
        if kind in _LIMITS and name.startswith("embedded"):
            # a busy machine says nothing of the index: its processor time is all the work there is
            targets.append(Target(f"{kind}: p95 ms of the processor", _LIMITS[kind], cpu95, "most"))
    times = Table(f"{name}: times (CPU: ms of the processor, of this program)", _HEADS, tuple(rows))
    return Section(name, (times, _relevance(name, index, judged)), tuple(targets))


def _relevance(name: str, index: SearchIndex, judged: Sequence[Judged]) -> Table:
    ranks: dict[str, list[int]] = defaultdict(list)
    for one in judged:
        hits = [hit.id for hit in index.search(SearchQuery(one.query.text, limit=10)).hits]
        place = hits.index(one.wanted) + 1 if one.wanted in hits else 0
        ranks[one.kind].append(place)
        ranks["all"].append(place)
    rows = tuple(
        (
            kind,
            len(places),
            100 * sum(place == 1 for place in places) / len(places),
            100 * sum(place > 0 for place in places) / len(places),
            sum(1 / place for place in places if place) / len(places),
        )
        for kind, places in ranks.items()
    )
    heads = ("known items", "n", "first %", "in first ten %", "MRR")
    return Table(f"{name}: relevance", heads, rows)


def _cost(name: str, filling: Filling, size: float, memory: float) -> tuple[Cell, ...]:
    rate = filling.documents / filling.wall_s
    each = 1000 * filling.process_s / filling.documents
    return name, filling.documents, rate, each, size, memory


def _part(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
