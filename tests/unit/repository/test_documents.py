"""Documents: always in one named state, every step repeatable, nothing written twice."""

from datetime import date
from typing import Any

import pytest

from repository import documents
from repository.database import Database
from repository.documents import DocumentFilter, PageSaved
from repository.ports import StoredObject
from tests.unit.repository.paper import (
    NOW,
    field,
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


class TestFields:
    def test_fields_come_back_in_their_order_with_everything(self, database: Database) -> None:
        found = {
            "number_symbol": field("123/QĐ-UBND"),
            "issuer": field("UBND tỉnh", doubtful=True),
            "citations": field(("Luật A", "Nghị định B")),
        }
        with database.write() as tx:
            one = registered(tx)
            documents.save_fields(tx, one, found, NOW)
            back = documents.fields(tx, one)
            assert back == found
            assert list(back) == ["issuer", "number_symbol", "citations"]
            assert not documents.fields_confirmed(tx, one)

    def test_the_catalogue_follows_the_fields_but_what_the_person_said_stands(
        self, database: Database
    ) -> None:
        found = {
            "number_symbol": field("123/QĐ-UBND"),
            "issue_date": field("2024-05-02"),
            "expiry_date": field("2027-05-01"),
            "issuer": field("đọc sai"),
        }
        with database.write() as tx:
            one = registered(tx, issuer="UBND tỉnh", metadata={"issuer": "UBND tỉnh"})
            documents.save_fields(tx, one, found, NOW)
            document = documents.get(tx, one)
        assert document.number_symbol == "123/QĐ-UBND"
        assert (document.issue_date, document.valid_to) == (date(2024, 5, 2), date(2027, 5, 1))
        assert document.issuer == "UBND tỉnh"

    def test_a_date_that_is_none_is_kept_as_read_and_not_believed(self, database: Database) -> None:
        with database.write() as tx:
            one = registered(tx)
            documents.save_fields(tx, one, {"expiry_date": field("không thời hạn")}, NOW)
            assert documents.get(tx, one).valid_to is None
            assert documents.fields(tx, one)["expiry_date"].value == "không thời hạn"

    def test_a_reviewers_correction_stands_above_what_was_said_at_hand_in(
        self, database: Database
    ) -> None:
        with database.write() as tx:
            one = waiting_for_review(tx, issuer="gõ sai", metadata={"issuer": "gõ sai"})
            version = documents.get(tx, one).version
            documents.review_fields(tx, one, {"issuer": "UBND tỉnh"}, "officer", version, NOW)
            assert documents.get(tx, one).issuer == "UBND tỉnh"

    def test_a_persons_correction_survives_another_extraction(self, database: Database) -> None:
        with database.write() as tx:
            one = waiting_for_review(tx)
            documents.review_fields(
                tx, one, {"number_symbol": "124/QĐ-UBND", "issuer": None}, "officer",
                documents.get(tx, one).version, NOW,
            )  # fmt: skip
            documents.save_fields(
                tx, one, {"number_symbol": field("123"), "issuer": field("x")}, later(1)
            )
            fields = documents.fields(tx, one)
            assert documents.get(tx, one).number_symbol == "124/QĐ-UBND"
        assert "issuer" not in fields
        corrected = fields["number_symbol"]
        assert (corrected.value, corrected.source, corrected.needs_review) == (
            "124/QĐ-UBND", "person", False,
        )  # fmt: skip
        assert corrected.box == field("").box

    def test_two_reviewers_do_not_overwrite_each_other(self, database: Database) -> None:
        with database.write() as tx:
            one = waiting_for_review(tx)
            seen = documents.get(tx, one).version
            changed = documents.review_fields(tx, one, {"signer": "A"}, "officer", seen, NOW)
            assert changed.version == seen + 1
            for act in (
                lambda: documents.review_fields(tx, one, {"signer": "B"}, "other", seen, NOW),
                lambda: documents.confirm(tx, one, "other", seen, NOW),
                lambda: documents.withdraw(tx, one, "other", "", NOW, seen),
                lambda: documents.supersede(tx, one, registered(tx), "other", NOW, seen),
            ):
                with pytest.raises(Conflict) as conflict:
                    act()
                assert conflict.value.error_code == "version_changed"
            assert documents.fields(tx, one)["signer"].value == "A"

    def test_confirming_settles_every_doubt_and_lets_the_document_go_on(
        self, database: Database
    ) -> None:
        with database.write() as tx:
            one = waiting_for_review(tx)
            with pytest.raises(Conflict) as conflict:
                documents.finish(tx, one, NOW)
            assert conflict.value.error_code == "needs_review"
            version = documents.get(tx, one).version
            document = documents.confirm(tx, one, "officer", version, later(1))
            assert (document.state, document.confirmed_by) == ("reviewed", "officer")
            assert documents.fields_confirmed(tx, one)
            documents.set_step(tx, one, "needs_review", later(2))  # the way, repeated
            assert documents.get(tx, one).state == "reviewed"

    def test_what_was_not_read_cannot_be_confirmed(self, database: Database) -> None:
        with database.write() as tx, pytest.raises(Conflict) as conflict:
            documents.confirm(tx, registered(tx), "officer", 1, NOW)
        assert conflict.value.error_code == "not_read_yet"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("unknown", "x"),
            ("issuer", "  "),
            ("issuer", ["a"]),
            ("citations", "a"),
            ("citations", []),
            ("issue_date", "02/05/2024"),
            ("expiry_date", "không thời hạn"),
        ],
    )
    def test_a_value_that_does_not_fit_is_refused_whole(
        self, database: Database, name: str, value: Any
    ) -> None:
        with database.write() as tx:
            one = waiting_for_review(tx)

        def review() -> None:
            with database.write() as tx:
                version = documents.get(tx, one).version
                changes = {"signer": "A", name: value}
                documents.review_fields(tx, one, changes, "officer", version, NOW)

        with pytest.raises(InvalidRequest) as refusal:
            review()
        assert refusal.value.detail["field"] == name
        with database.read() as tx:
            assert "signer" not in documents.fields(tx, one)


def waiting_for_review(tx: Any, **given: Any) -> str:
    one = registered(tx, **given)
    documents.set_step(tx, one, "read", NOW)
    found = {"number_symbol": field("123/QĐ-UBND", doubtful=True), "issuer": field("UBND")}
    documents.save_fields(tx, one, found, NOW)
    documents.set_step(tx, one, "needs_review", NOW)
    return one


def test_what_a_person_knows_of_the_paper_stands_above_what_was_read(database: Database) -> None:
    with database.write() as tx:
        one = waiting_for_review(tx)
        documents.describe(tx, one, {"type": "licence", "valid_to": date(2027, 1, 1)}, "o", NOW)
        documents.save_fields(tx, one, {"expiry_date": field("2020-01-01")}, NOW)
        document = documents.get(tx, one)
        with pytest.raises(InvalidRequest):
            documents.describe(tx, one, {"state": "done"}, "o", NOW)
    assert (document.type, document.valid_to) == ("licence", date(2027, 1, 1))
    assert document.metadata == {"type": "licence", "valid_to": "2027-01-01"}


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
