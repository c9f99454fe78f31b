"""The sizing table of docs/operate.md: ``python -m bench.planning`` prints its rows.

Measured inputs are those of ``python -m bench.sizing`` (docs/performance.md); the others are
assumptions, each a field of its own: change it and print the table anew.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Assumed:
    """Measured where ``docs/performance.md`` says so, else chosen.

    ``cpu_s``: processor seconds a page. ``original``, ``stored``: bytes a page at 300 dpi as
    received, and of original and archival file together. ``database``: bytes a page in the
    catalogue. ``index``: bytes a page in the search index (embedded, times 1.5 for a server).
    ``days``, ``hours``: when papers come in. ``peak``: busiest hour against the mean one.
    ``used``: how much of a core is planned for. ``copies``: of every byte in the store.
    ``shard``: bytes of one shard.
    """

    cpu_s: float = 0.5
    original: float = 0.97e6
    stored: float = 1.96e6
    database: float = 17e3
    index: float = 3.2e3 * 1.5
    days: int = 250
    hours: int = 8
    peak: float = 3.0
    used: float = 0.7
    copies: int = 2
    shard: float = 40e9
    cores_a_host: int = 8
    pages_a_document: int = 4


@dataclass(frozen=True)
class Plan:
    """What a number of pages a year needs."""

    pages: int
    peak_pages_s: float
    jobs_s: float
    cores: int
    hosts: int
    objects_tb: float
    database_gb: float
    index_gb: float
    shards: int
    network_mbit: float

    def row(self) -> str:
        """As it stands in the handbook."""
        cells = (
            f"{self.pages / 1e6:g} million", f"{self.peak_pages_s:.2g}", f"{self.jobs_s:.2g}",
            f"{self.cores}", f"{self.hosts}", f"{_short(self.objects_tb)} TB",
            f"{_short(self.database_gb)} GB", f"{_short(self.index_gb)} GB, {self.shards}",
            f"{_short(self.network_mbit)} Mbit/s",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


def plan(pages: int, given: Assumed = Assumed()) -> Plan:
    """The needs of ``pages`` a year."""
    mean = pages / (given.days * given.hours * 3600)
    peak = mean * given.peak
    cores = math.ceil(peak * given.cpu_s / given.used)
    index = pages * given.index
    # In comes the original; a worker fetches it and puts back what it made of it.
    moved = given.original + given.stored + given.database
    return Plan(
        pages=pages,
        peak_pages_s=peak,
        jobs_s=peak / given.pages_a_document,
        cores=max(2, cores),
        hosts=max(1, math.ceil(cores / given.cores_a_host)),
        objects_tb=pages * given.stored * given.copies / 1e12,
        database_gb=pages * given.database / 1e9,
        index_gb=index / 1e9,
        shards=max(1, math.ceil(index / given.shard)),
        network_mbit=peak * moved * 8 / 1e6,
    )


@dataclass(frozen=True)
class Prices:
    """VND, assumed: put in your own.

    ``core_h``: an hour of a core with its share of memory, power and room. ``tb_year``: a
    terabyte of slow disk for a year, ``fast_tb_year`` of fast. ``person_h``: an hour of a
    clerk. ``look_s``: seconds of a look at one document.
    """

    core_h: float = 600
    tb_year: float = 800_000
    fast_tb_year: float = 3_000_000
    person_h: float = 50_000
    look_s: float = 20
    looked_at: float = 0.5
    years: int = 10


def cost(given: Assumed = Assumed(), prices: Prices = Prices()) -> dict[str, float]:
    """VND a page, by what it is for."""
    fast = (given.database + given.index) * 2
    return {
        "reading, signing, composing": given.cpu_s / 3600 / given.used * prices.core_h,
        "files for ten years": given.stored * given.copies / 1e12 * prices.tb_year * prices.years,
        "database and index for ten years": fast / 1e12 * prices.fast_tb_year * prices.years,
        "a person's look": (
            prices.looked_at * prices.look_s / given.pages_a_document / 3600 * prices.person_h
        ),
    }


def lines() -> Iterator[str]:
    """All rows that the handbook has of these figures."""
    for pages in (1_000_000, 10_000_000, 100_000_000):
        yield plan(pages).row()
    for name, amount in cost().items():
        yield f"| {name} | {amount:.2g} |"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


if __name__ == "__main__":
    print("\n".join(lines()))
