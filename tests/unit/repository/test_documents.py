"""Documents: always in one named state, every step repeatable, nothing written twice."""

from typing import Any

import pytest

from repository import documents
from repository.database import Database
from repository.documents import DocumentFilter, PageSaved
from repository.ports import StoredObject
from tests.unit.repository.paper import (
    NOW,
    finished,
    later,
    new,
    reading,
    registered,
    signature,
)
from vocabulary.errors import Conflict, InvalidRequest, NotFound


def test_a_received_file_is_a_draft_in_state_received(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx, metadata={"type": "licence"}, type="licence", demo=True)
        document = documents.get(tx, one)
    assert (document.state, document.status, document.version) == ("received", "draft", 1)
    assert (document.created_at, document.updated_at) == (NOW, NOW)
    assert document.metadata == {"type": "licence"}
    assert document.pages_read == 0
    assert len(one) == 32


def test_names_are_kept_in_normal_form_c(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx, name="quye\u0302\u0301t.pdf")
        assert documents.get(tx, one).name == "quyết.pdf"


def test_the_way_to_done_and_active(database: Database) -> None:
    with database.write() as tx:
        one = finished(tx)
        document = documents.get(tx, one)
        events = [event.event for event in documents.history(tx, one)]
    assert (document.state, document.status, document.certified_at) == ("done", "active", NOW)
    assert events == ["received", "identified", "checked", "read", "composed", "certified", "done"]


def test_a_repeated_step_changes_nothing_and_nothing_goes_back(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx)
        documents.set_step(tx, one, "read", NOW)
        before, history = documents.get(tx, one), documents.history(tx, one)
        for step in ("read", "checked", "identified"):
            documents.set_step(tx, one, step, later(1))  # type: ignore[arg-type]
        assert documents.get(tx, one) == before
        assert documents.history(tx, one) == history
        documents.finish(tx, one, later(1))
        done = documents.get(tx, one)
        documents.finish(tx, one, later(2))
        assert documents.get(tx, one) == done


def test_a_stopped_document_names_its_reason_and_waits_for_a_person(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx)
        documents.stop(tx, one, "encrypted", "mật khẩu", NOW)
        documents.stop(tx, one, "encrypted", "mật khẩu", later(1))
        document = documents.get(tx, one)
        assert (document.state, document.reason, document.note) == (
            "stopped",
            "encrypted",
            "mật khẩu",
        )
        for act in (
            lambda: documents.set_step(tx, one, "read", NOW),
            lambda: documents.finish(tx, one, NOW),
            lambda: documents.confirm(tx, one, "officer", document.version, NOW),
        ):
            with pytest.raises(Conflict):
                act()
        documents.resume(tx, one, "clerk", later(2))
        assert documents.get(tx, one).state == "received"
        assert documents.get(tx, one).reason is None
        assert [event.event for event in documents.history(tx, one)] == [
            "received", "stopped", "resumed",
        ]  # fmt: skip


def test_what_is_done_cannot_stop_and_what_runs_cannot_be_resumed(database: Database) -> None:
    with database.write() as tx:
        one = finished(tx)
        with pytest.raises(Conflict):
            documents.stop(tx, one, "damaged", "", NOW)
        with pytest.raises(Conflict):
            documents.resume(tx, one, "clerk", NOW)


def test_an_unknown_document_is_not_found(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFound):
        documents.get(tx, "nothing")


class TestDuplicates:
    def test_the_first_with_these_bytes_is_named(self, database: Database) -> None:
        with database.write() as tx:
            assert documents.find_by_sha(tx, "a" * 64) is None
            first = registered(tx)
            second = registered(tx, later(1), duplicate_of=first)
            found = documents.find_by_sha(tx, "a" * 64)
            document = documents.get(tx, second)
        assert found is not None
        assert found.id == first
        assert (document.state, document.reason, document.duplicate_of) == (
            "stopped",
            "duplicate",
            first,
        )

    def test_kept_it_goes_its_own_way(self, database: Database) -> None:
        with database.write() as tx:
            second = registered(tx, later(1), duplicate_of=registered(tx))
            with pytest.raises(Conflict):
                documents.resume(tx, second, "clerk", NOW)
            for _ in range(2):
                documents.choose_duplicate(tx, second, "keep", "clerk", later(2))
            assert documents.get(tx, second).state == "received"
            with pytest.raises(Conflict):
                documents.choose_duplicate(tx, second, "discard", "clerk", later(3))

    def test_discarded_it_is_in_no_list_and_no_figure(self, database: Database) -> None:
        with database.write() as tx:
            first = registered(tx)
            second = registered(tx, later(1), duplicate_of=first)
            documents.choose_duplicate(tx, second, "discard", "clerk", later(2))
            listed = documents.page_of(tx, DocumentFilter())
            everything = documents.page_of(tx, DocumentFilter(with_discarded=True))
            counts = documents.counts(tx)
        assert [one.id for one in listed.items] == [first]
        assert [one.id for one in everything.items] == [second, first]
        assert counts.total == 1

    def test_a_discarded_file_may_be_handed_in_again(self, database: Database) -> None:
        with database.write() as tx:
            first = registered(tx)
            documents.choose_duplicate(
                tx, registered(tx, later(1), duplicate_of=first), "discard", "clerk", NOW
            )
            found = documents.find_by_sha(tx, "a" * 64)
        assert found is not None
        assert found.id == first

    def test_only_a_duplicate_waits_for_the_choice(self, database: Database) -> None:
        with database.write() as tx, pytest.raises(Conflict):
            documents.choose_duplicate(tx, registered(tx), "keep", "clerk", NOW)


class TestPages:
    def test_a_page_is_checkpointed_exactly_once(self, database: Database) -> None:
        with database.write() as tx:
            one = registered(tx)
            documents.set_page_count(tx, one, 2)
            assert documents.save_page(tx, one, reading(1), NOW) is PageSaved.SAVED
            assert documents.save_page(tx, one, reading(1, "khác"), NOW) is PageSaved.ALREADY_THERE
            documents.save_page(tx, one, reading(2, ""), NOW)
            assert documents.pages(tx, one) == {1: reading(1), 2: reading(2, "")}
            assert documents.page(tx, one, 1) == reading(1)
            assert documents.page(tx, one, 3) is None
            assert documents.pages_done(tx, one) == {1, 2}
            document = documents.get(tx, one)
        assert (document.page_count, document.pages_read, document.version) == (2, 2, 1)


def test_signatures_come_back_and_a_repeated_check_replaces_them(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx)
        documents.save_signatures(tx, one, [signature("invalid"), signature()])
        documents.save_signatures(tx, one, [signature("valid"), signature("undecided")])
        assert documents.signatures(tx, one) == (signature("valid"), signature("undecided"))


def test_the_original_stays_and_a_repeated_step_replaces_only_what_was_derived(
    database: Database,
) -> None:
    def add(kind: Any, sha: str) -> None:
        stored = StoredObject(sha * 64, 10)
        documents.add_rendition(tx, one, kind, stored, "application/pdf", {"sohoa": "1"}, NOW)

    with database.write() as tx:
        one = registered(tx)
        for kind, sha in [("original", "a"), ("original", "b"), ("archival", "c")]:
            add(kind, sha)
        add("archival", "c")
        add("archival", "d")
        found = documents.renditions(tx, one)
        events = [event.detail for event in documents.history(tx, one)[1:]]
    assert {kind: rendition.sha256[0] for kind, rendition in found.items()} == {
        "original": "a",
        "archival": "d",
    }
    assert [event["sha256"][0] for event in events] == ["a", "c", "d"]
    assert found["archival"].made_by == {"sohoa": "1"}


def test_withdrawn_is_for_good(database: Database) -> None:
    with database.write() as tx:
        one = finished(tx)
        document = documents.withdraw(tx, one, "officer", "QĐ 5/QĐ-SKHCN", NOW)
        assert (document.status, document.status_note) == ("withdrawn", "QĐ 5/QĐ-SKHCN")
        with pytest.raises(Conflict):
            documents.withdraw(tx, one, "officer", "", NOW)
        with pytest.raises(Conflict):
            documents.supersede(tx, one, finished(tx), "officer", NOW)


def test_a_superseded_paper_names_its_successor_and_chains_never_close(
    database: Database,
) -> None:
    with database.write() as tx:
        first, second, third = finished(tx), finished(tx), finished(tx)
        document = documents.supersede(tx, first, second, "officer", NOW)
        assert (document.status, document.superseded_by) == ("superseded", second)
        documents.supersede(tx, second, third, "officer", NOW)
        for successor in (first, third):
            with pytest.raises(Conflict):
                documents.supersede(tx, third, successor, "officer", NOW)
        with pytest.raises(NotFound):
            documents.supersede(tx, third, "nothing", "officer", NOW)


def test_a_withdrawn_draft_does_not_become_active_when_it_is_done(database: Database) -> None:
    with database.write() as tx:
        one = registered(tx)
        documents.withdraw(tx, one, "officer", "nộp nhầm", NOW)
        documents.finish(tx, one, NOW)
        assert documents.get(tx, one).status == "withdrawn"


FILTERS = [
    (DocumentFilter(type="licence"), {"b", "c"}),
    (DocumentFilter(type="licence", created_by="other"), {"c"}),
    (DocumentFilter(state="stopped", reason="damaged"), {"d"}),
    (DocumentFilter(status="withdrawn"), set()),
]


def test_lists_page_by_cursor_newest_first_and_new_rows_shift_nothing(
    database: Database,
) -> None:
    with database.write() as tx:
        ids = [registered(tx, later(number // 2)) for number in range(7)]
        seen: list[str] = []
        cursor = None
        while True:
            page = documents.page_of(tx, DocumentFilter(), cursor, 3)
            seen += [one.id for one in page.items]
            registered(tx, later(100))
            cursor = page.next
            if cursor is None:
                break
    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[6]


@pytest.mark.parametrize(("wanted", "expected"), FILTERS)
def test_lists_are_filtered(database: Database, wanted: DocumentFilter, expected: set[str]) -> None:
    with database.write() as tx:
        registered(tx, name="a")
        registered(tx, name="b", type="licence")
        registered(tx, name="c", type="licence", created_by="other")
        documents.stop(tx, registered(tx, name="d"), "damaged", "", NOW)
        found = {one.name for one in documents.page_of(tx, wanted).items}
    assert found == expected


@pytest.mark.parametrize("cursor", ["x", "", "MjAyNi0xMS0yM3xh", "äö", "bm90aGluZ3x4"])
def test_a_foreign_cursor_is_refused(database: Database, cursor: str) -> None:
    with database.read() as tx, pytest.raises(InvalidRequest):
        documents.page_of(tx, DocumentFilter(), cursor)


def test_figures_of_the_dashboard(database: Database) -> None:
    with database.write() as tx:
        documents.save_page(tx, finished(tx), reading(), NOW)
        documents.stop(tx, registered(tx), "damaged", "", NOW)
        documents.register(tx, new(), NOW)
        counts = documents.counts(tx)
    assert counts.by_state == {"done": 1, "stopped": 1, "received": 1}
    assert counts.by_status == {"active": 1, "draft": 2}
    assert counts.by_reason == {"damaged": 1}
    assert (counts.total, counts.pages_read) == (3, 1)
