"""Intake batches: what was declared and what came must agree before a batch is closed."""

import pytest

from repository import batches, documents
from repository.batches import Difference
from repository.database import Database
from tests.unit.repository.paper import NOW, finished, later, reading, registered
from vocabulary.errors import Conflict, NotFound


def test_a_batch_whose_counts_agree_closes(database: Database) -> None:
    with database.write() as tx:
        batch = batches.create(tx, "Lô 1", "clerk", NOW, declared_files=2, declared_pages=3)
        documents.set_page_count(tx, finished(tx, batch_id=batch.id), 3)
        documents.stop(tx, registered(tx, batch_id=batch.id), "damaged", "", NOW)
        outcome = batches.close(tx, batch.id, "clerk", later(1))
        assert (outcome.closed, outcome.differences) == (True, ())
        assert (outcome.batch.state, outcome.batch.closed_by) == ("closed", "clerk")
        assert batches.close(tx, batch.id, "other", later(2)).batch.closed_by == "clerk"
        with pytest.raises(Conflict) as conflict:
            batches.open_batch(tx, batch.id)
    assert conflict.value.error_code == "batch_closed"


def test_a_batch_whose_counts_differ_stays_open_and_says_where(database: Database) -> None:
    with database.write() as tx:
        batch = batches.create(tx, "Lô 1", "clerk", NOW, declared_files=3, declared_pages=5)
        documents.set_page_count(tx, finished(tx, batch_id=batch.id), 4)
        registered(tx, batch_id=batch.id)
        outcome = batches.close(tx, batch.id, "clerk", NOW)
        assert not outcome.closed
        assert outcome.differences == (
            Difference("files", 3, 2),
            Difference("pages", 5, 4),
            Difference("unfinished", 0, 1),
        )
        assert batches.open_batch(tx, batch.id).state == "open"


def test_a_discarded_duplicate_was_handed_in_but_needs_nothing_more(database: Database) -> None:
    with database.write() as tx:
        batch = batches.create(tx, "Lô 1", "clerk", NOW, declared_files=2)
        first = finished(tx, batch_id=batch.id)
        second = registered(tx, batch_id=batch.id, duplicate_of=first)
        documents.choose_duplicate(tx, second, "discard", "clerk", NOW)
        assert batches.progress(tx, batch.id).discarded == 1
        assert batches.close(tx, batch.id, "clerk", NOW).closed


def test_a_batch_without_declared_counts_closes_when_all_is_finished(database: Database) -> None:
    with database.write() as tx:
        batch = batches.create(tx, "Lô 1", "clerk", NOW)
        assert batches.close(tx, batch.id, "clerk", NOW).closed


def test_progress_counts_states_and_pages(database: Database) -> None:
    with database.write() as tx:
        batch = batches.create(tx, "Lô 1", "clerk", NOW)
        one = registered(tx, batch_id=batch.id)
        documents.set_page_count(tx, one, 40)
        documents.save_page(tx, one, reading(1), NOW)
        finished(tx, batch_id=batch.id)
        registered(tx)
        progress = batches.progress(tx, batch.id)
    assert progress.by_state == {"received": 1, "done": 1}
    assert (progress.files, progress.finished) == (2, 1)
    assert (progress.pages, progress.pages_read, progress.files_without_page_count) == (40, 1, 1)


def test_batches_page_newest_first(database: Database) -> None:
    with database.write() as tx:
        ids = [batches.create(tx, f"Lô {n}", "clerk", later(n)).id for n in range(5)]
        first = batches.page_of(tx, limit=3)
        second = batches.page_of(tx, first.next, limit=3)
    assert [one.id for one in first.items + second.items] == ids[::-1]
    assert second.next is None


def test_an_unknown_batch_is_not_found(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFound):
        batches.get(tx, "nothing")
