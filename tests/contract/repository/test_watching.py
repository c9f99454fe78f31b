"""The figures of operation, alike on both databases."""

from datetime import UTC, datetime, timedelta

from repository import documents, workers, workload
from repository.database import Database
from repository.documents import NewDocument
from repository.ports import StoredObject

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def paper(database: Database, number: int) -> str:
    new = NewDocument(f"{number}.pdf", f"{number:064x}", 100 + number, "application/pdf", "clerk")
    with database.write() as tx:
        made: str = documents.register(tx, new, NOW)
    return made


def test_documents_that_are_open_and_all_that_is_kept(database: Database) -> None:
    ids = [paper(database, number) for number in range(5)]
    with database.write() as tx:
        documents.stop(tx, ids[0], "damaged", "", NOW)
        documents.stop(tx, ids[1], "damaged", "", NOW)
        documents.set_step(tx, ids[2], "identified", NOW)
        documents.add_rendition(
            tx, ids[3], "archival", StoredObject("f" * 64, 1000), "application/pdf", {}, NOW
        )
        for step in ("identified", "checked", "read", "composed"):
            documents.set_step(tx, ids[3], step, NOW)  # type: ignore[arg-type]
        documents.finish(tx, ids[3], NOW)
    with database.read() as tx:
        found, kept = workload.open_documents(tx), workload.kept(tx)
    assert found.stopped == {"damaged": 2}
    assert {state: number for state, number in found.by_state.items() if number} == {
        "stopped": 2, "identified": 1, "received": 1,
    }  # fmt: skip
    assert (kept.done, kept.objects, kept.bytes) == (1, 6, 100 + 101 + 102 + 103 + 104 + 1000)
    assert kept.by_status == {"active": 1, "draft": 4}


def test_an_empty_office(database: Database) -> None:
    with database.read() as tx:
        assert workload.kept(tx) == workload.Kept(0, {}, 0, 0)
        assert set(workload.open_documents(tx).by_state.values()) == {0}
        assert workers.crew(tx, NOW).totals == {}


def test_workers_come_work_and_go(database: Database) -> None:
    for owner, pages in (("a:1:1", 3), ("b:1:1", 4), ("a:1:1", 5)):
        with database.write() as tx:
            workers.beat(tx, owner, NOW, NOW, 2, 1, {"pages": {"own": pages}})
    with database.write() as tx:
        workers.leave(tx, "a:1:1", NOW)
    with database.read() as tx:
        crew = workers.crew(tx, NOW)
    assert (crew.processes, crew.totals) == (1, {"pages": {"own": 9}})
    with database.write() as tx:
        workers.forget_gone(tx, NOW + timedelta(hours=2))
    with database.read() as tx:
        crew = workers.crew(tx, NOW + timedelta(hours=2))
    assert (crew.processes, crew.last_seen, crew.totals) == (0, None, {"pages": {"own": 9}})
