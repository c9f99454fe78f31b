"""Whether an office is whole: each paper once, each page once, and the index as the catalogue."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import func, select

from ingest.house import House
from ingest.indexing import entry_of
from repository.named_objects import named_objects
from repository.ports import SearchQuery
from repository.schema import document_events, documents, page_readings, renditions
from vocabulary.errors import MissingPart

ONCE: Final = (
    "received", "identified", "checked", "read", "needs_review", "confirmed", "composed",
    "certified", "done",
)  # fmt: skip
"""Events that a paper's history has once at most, whoever worked on it how often."""


def pages_read(house: House) -> dict[tuple[str, int], object]:
    """When each page was read."""
    with house.database.read() as tx:
        found = tx.execute(
            select(page_readings.c.document_id, page_readings.c.number, page_readings.c.read_at)
        )
        return {(row.document_id, row.number): row.read_at for row in found}


def states(house: House) -> Counter[str]:
    with house.database.read() as tx:
        return Counter(tx.execute(select(documents.c.state)).scalars())


def each_paper_once(house: House, pages: Mapping[str, int]) -> None:
    """The catalogue has these files (name: pages), each once, each with every page once."""
    with house.database.read() as tx:
        held = tx.execute(select(documents.c.id, documents.c.name)).all()
        names = {row.id: row.name for row in held}
        assert sorted(names.values()) == sorted(pages), "a paper is lost, or there twice"
        numbers: dict[str, list[int]] = {one: [] for one in names}
        for row in tx.execute(select(page_readings.c.document_id, page_readings.c.number)):
            numbers[row.document_id].append(row.number)
        for one, name in names.items():
            assert sorted(numbers[one]) == list(range(1, pages[name] + 1)), name
        doubled = tx.execute(
            select(document_events.c.document_id, document_events.c.event, func.count())
            .where(document_events.c.event.in_(ONCE))
            .group_by(document_events.c.document_id, document_events.c.event)
            .having(func.count() > 1)
        ).all()
        assert doubled == [], "a step stands twice in a paper's history"
        made = tx.execute(
            select(renditions.c.document_id, renditions.c.made_by)
            .where(renditions.c.kind == "archival")
        ).all()  # fmt: skip
        archival = Counter(row.document_id for row in made)
        assert {row.made_by["certified"] for row in made} <= {"true"}
        done = set(tx.execute(select(documents.c.id).where(documents.c.state == "done")).scalars())
        assert archival == Counter(dict.fromkeys(done, 1))
        wanted = named_objects(tx)
    for sha256 in wanted:
        house.objects.check(sha256)


def index_is_the_catalogue(house: House) -> None:
    """Every paper that may be found is found in the state that it has, and no other."""
    with house.database.read() as tx:
        entries = {
            one: entry
            for one in tx.execute(select(documents.c.id)).scalars()
            if (entry := entry_of(tx, one)) is not None
        }
    known = house.index.count()
    assert known == len(entries), (known, set(entries) ^ found(house, SearchQuery(limit=200)))
    for state in {entry.state for entry in entries.values()}:
        wanted = {one for one, entry in entries.items() if entry.state == state}
        assert found(house, SearchQuery(state=state, limit=200)) == wanted, state
    for one, entry in entries.items():
        words = " ".join(entry.text.split()[:6])
        assert one in found(house, SearchQuery(f'"{words}"', limit=200)), words


def found(house: House, query: SearchQuery) -> set[str]:
    """Ids on every page of the answer."""
    ids: set[str] = set()
    while True:
        page = house.index.search(query)
        ids |= {hit.id for hit in page.hits}
        if page.cursor is None:
            return ids
        query = SearchQuery(query.text, state=query.state, cursor=page.cursor, limit=query.limit)


def wait_until(what: Callable[[], bool], seconds: float, why: Callable[[], object] = str) -> None:
    """Ask again and again; a server that is away at the moment has not said yes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if what():
                return
        except MissingPart:
            pass
        time.sleep(0.2)
    raise AssertionError(f"it never came to be: {why()}")


def nothing_waits(house: House) -> bool:
    """No paper is on its way, and the index has heard of everything."""
    on_the_way = set(states(house)) - {"done", "needs_review", "stopped"}
    return not on_the_way and house.queue.unfinished() == 0
