"""Pages a second with one, two and more worker hosts, on the servers and on the embedded parts.

    python -m bench.hosts [--pages N] [--scans N] [--most HOSTS]

The same backlog each time: papers of ten pages with text of their own, and scans. Hosts are
processes with data folders of their own, one paper at a time each. Counted from the first page
that is read to the last, so that the start of a process does not count. The embedded parts
are one machine: there the number is of papers at a time in one process.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from demo.papers import PaperKind
from ingest.house import House
from repository.schema import documents, page_readings
from tests.faults.hosts import Department, department
from tests.integration.http.papers import born_digital, scanned
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engines import Servers
from tests.servers.postgresql import PostgreSql
from tests.servers.s3 import KEYS, seaweedfs

PAGES_A_PAPER = 10


@dataclass(frozen=True)
class Run:
    """One backlog taken in. ``load``: processes that wanted the machine, mean over the run."""

    where: str
    hosts: int
    pages: int
    seconds: float
    load: float

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def backlog(folder: Path, pages: int, scans: int) -> None:
    """Files that every run takes in."""
    folder.mkdir()
    for number in range((pages - scans) // PAGES_A_PAPER):
        texts = [f"CONG VAN SO {number} TRANG {page}" for page in range(PAGES_A_PAPER)]
        (folder / f"cong-van-{number:03}.pdf").write_bytes(born_digital(*texts))
    for number in range(scans):
        content = scanned(PaperKind.LETTER, 100 + number)
        (folder / f"quet-{number:03}.pdf").write_bytes(content)


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """PostgreSQL, SeaweedFS, Elasticsearch of this run's own."""
    with ExitStack() as opened:
        places = {name: folder / name for name in ("postgresql", "s3", "elasticsearch")}
        for place in places.values():
            place.mkdir()
        folder.chmod(0o755)
        places["postgresql"].chmod(0o755)
        cluster = PostgreSql(places["postgresql"], durable=True)
        opened.callback(cluster.server.stop)
        store = seaweedfs(places["s3"])
        opened.callback(store.server.stop)
        node = Elasticsearch(places["elasticsearch"]).start()
        opened.callback(node.server.stop)
        keys = folder / "keys"
        keys.write_text(
            f"[default]\naws_access_key_id = {KEYS.access_key}\n"
            f"aws_secret_access_key = {KEYS.secret_key}\n"
        )
        keys.chmod(0o600)
        yield Servers(cluster, store, node, keys)


def measure(office: Department, files: Path, where: str, hosts: int) -> Run:
    """Take the backlog in with so many hosts (or papers at a time, where there is one host)."""
    office.command("import", str(files), "--no-wait")
    embedded = "database_url" not in office.engines
    with office.house() as house:
        if embedded:
            office.worker(office.desk, "bench", hosts)
        else:
            for number in range(hosts):
                office.host(f"host{number}")
        began, before = _when(lambda: _pages(house) > 0), _pages(house)
        loads = []

        def done() -> bool:
            loads.append(os.getloadavg()[0])
            return _on_the_way(house) == 0

        ended = _when(done)
        return Run(where, hosts, _pages(house) - before, ended - began, sum(loads) / len(loads))


def _when(what: Callable[[], bool]) -> float:
    while not what():
        time.sleep(0.1)
    return time.monotonic()


def _pages(house: House) -> int:
    with house.database.read() as tx:
        return tx.execute(select(func.count()).select_from(page_readings)).scalar_one()


def _on_the_way(house: House) -> int:
    open_ = documents.c.state.not_in(("done", "needs_review", "stopped"))
    with house.database.read() as tx:
        return tx.execute(select(func.count()).where(open_)).scalar_one()


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--scans", type=int, default=40)
    parser.add_argument("--most", type=int, default=os.cpu_count() or 1)
    wanted = parser.parse_args(arguments)
    counts = [hosts for hosts in (1, 2, 4, 8) if hosts <= max(2, wanted.most)]
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name, ExitStack() as opened:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        files = folder / "backlog"
        backlog(files, wanted.pages, wanted.scans)
        (folder / "servers").mkdir()
        made = opened.enter_context(servers(folder / "servers"))
        print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)
        for hosts in counts:
            for where in ("embedded", "servers"):
                place = folder / f"{where}{hosts}"
                place.mkdir()
                engines = made.fresh() if where == "servers" else {}
                with department(place, engines) as office:
                    run = measure(office, files, where, hosts)
                print(
                    f"{run.where:9} {run.hosts} at work: {run.rate:6.2f} pages/s "
                    f"({run.pages} in {run.seconds:.1f} s, load {run.load:.1f})",
                    flush=True,
                )


if __name__ == "__main__":
    main()
