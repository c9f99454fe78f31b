"""Fields: what was read, what a person corrected, and who vouches for it."""

from datetime import date
from typing import Any

import pytest

from repository import documents
from repository.database import Database
from tests.unit.repository.paper import NOW, field, later, registered
from vocabulary.errors import Conflict, InvalidRequest


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
