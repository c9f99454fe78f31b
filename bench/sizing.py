"""What a page costs from its bytes to the index: processor time, disk, database, index.

``python -m bench.sizing [PAPERS] [DPI]``: generated office scans of four pages are taken in and
worked on by one worker of one slot in a new office with test keys. The figures feed the sizing
table of docs/operate.md.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from api.settings import Settings
from api.wiring import open_house
from demo.damage import scan
from demo.office import make_demo_office
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import pdf_bytes
from ingest.house import House
from ingest.intake import receive
from ingest.review import confirm
from ingest.worker import Worker
from repository import documents
from repository.documents import DocumentFilter
from vocabulary.clock import SystemClock

PAGES = 4


def papers(folder: Path, number: int, dpi: int) -> list[Path]:
    """Different papers: nothing is read or stored twice."""
    made = []
    for seed in range(number):
        paper = make_paper(PaperKind.DECISION, seed, pages=PAGES)
        scans = [
            scan(render(page, dpi), "office", dpi, seed * 100 + page.number)
            for page in paper.pages[:PAGES]
        ]
        path = folder / f"{seed}.pdf"
        path.write_bytes(pdf_bytes(scans))
        made.append(path)
    return made


def cpu() -> float:
    """Processor seconds of this process and all that it has waited for."""
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _confirm_all(house: House) -> None:
    """A person's look costs no processor: every doubtful paper is vouched for."""
    with house.database.read() as tx:
        waiting = documents.page_of(tx, DocumentFilter(state="needs_review"), None, 1000).items
    for one in waiting:
        confirm(house, one.id, "bench", one.version)


def main(number: int, dpi: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sohoa-sizing-") as name:
        folder = Path(name)
        (folder / "papers").mkdir()
        files = papers(folder / "papers", number, dpi)
        home = folder / "home"
        make_demo_office(home, SystemClock().now())
        before = cpu()
        began = time.perf_counter()
        with open_house(Settings(home=home, workers=1)) as house:
            empty = size(home)
            for path in files:
                with path.open("rb") as stream:
                    receive(house, stream, path.name, by="bench")
            Worker(house, 1).run(until_idle=True)
            _confirm_all(house)
            Worker(house, 1).run(until_idle=True)
            with house.database.read() as tx:
                counts = documents.counts(tx)
        wall = time.perf_counter() - began
        spent = cpu() - before
        pages = counts.pages_read
        print(f"{number} papers, {pages} pages at {dpi} dpi; states {dict(counts.by_state)}")
        print(f"processor seconds a page {spent / pages:.2f}, wall {wall / pages:.2f}")
        print(f"original bytes a page    {sum(p.stat().st_size for p in files) / pages:,.0f}")
        print(f"objects bytes a page     {size(home / 'objects') / pages:,.0f}")
        database = (home / "sohoa.db").stat().st_size
        print(
            f"database bytes a page    {database / pages:,.0f}, a document {database / number:,.0f}"
        )
        print(f"index bytes a document   {size(home / 'index') / number:,.0f}")
        print(f"empty office             {empty:,} bytes; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*(words + [25, 300][len(words) :]))
