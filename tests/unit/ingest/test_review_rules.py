"""When a person must look."""

from ingest.review_rules import ESSENTIAL, essential_fields, merge, open_questions
from ocr.types import TypeMatch, shipped_catalogue
from vocabulary.papers import Box, FieldValue


def read(value: str, *, sure: bool = True) -> FieldValue:
    confidence = 0.99 if sure else 0.4
    return FieldValue(value, confidence, 1, Box(1, 2, 3, 4), "ocr", needs_review=not sure)


def given(value: str) -> FieldValue:
    return FieldValue(value, 1.0, None, None, "person")


def test_nothing_is_asked_when_all_essentials_are_sure() -> None:
    assert open_questions({name: read("x") for name in ESSENTIAL}) == ()


def test_a_doubtful_or_missing_essential_is_a_question() -> None:
    fields = {name: read("x") for name in ESSENTIAL if name != "issuer"}
    fields["signer"] = read("?", sure=False)
    assert open_questions(fields) == ("issuer", "signer")


def test_a_surely_recognised_type_says_what_must_not_be_missing() -> None:
    types = shipped_catalogue()
    card = TypeMatch("citizen_identity_card", 0.95, ())
    assert essential_fields(types, None, card) == ("doc_type", "holder_name", "holder_id")
    assert essential_fields(types, None, None) == ESSENTIAL
    assert open_questions({"doc_type": read("x")}, essential=("doc_type", "holder_id")) == (
        "holder_id",
    )


def test_a_hardly_recognised_type_can_only_ask_for_more() -> None:
    types = shipped_catalogue()
    perhaps = TypeMatch("citizen_identity_card", 0.6, ())
    assert essential_fields(types, None, perhaps) == (*ESSENTIAL, "holder_name", "holder_id")


def test_what_a_person_says_of_the_type_stands_above_what_was_recognised() -> None:
    types = shipped_catalogue()
    taken_for = TypeMatch("citizen_identity_card", 0.99, ())
    licence = types.types["licence"].essential
    assert essential_fields(types, "licence", taken_for) == licence
    assert essential_fields(types, "of_another_system", None) == ESSENTIAL


def test_the_title_is_not_asked_for_where_somebody_said_what_the_paper_is() -> None:
    fields = {name: read("x") for name in ESSENTIAL if name != "doc_type"}
    assert open_questions(fields) == ("doc_type",)
    assert open_questions(fields, type_known=True) == ()


def test_what_a_person_gave_stands_above_a_doubtful_reading() -> None:
    merged = merge({"number_symbol": read("12/QD", sure=False)}, {"number_symbol": given("12/QĐ")})
    assert merged["number_symbol"].value == "12/QĐ"
    assert merged["number_symbol"].source == "person"
    assert not merged["number_symbol"].needs_review
    assert merged["number_symbol"].page == 1


def test_a_sure_reading_that_contradicts_what_was_given_is_a_question() -> None:
    merged = merge({"number_symbol": read("13/QĐ-SYT")}, {"number_symbol": given("12/QĐ-SYT")})
    assert merged["number_symbol"].value == "12/QĐ-SYT"
    assert merged["number_symbol"].needs_review


def test_case_spaces_and_tone_placement_are_no_contradiction() -> None:
    merged = merge({"number_symbol": read("12/QĐ - SYT")}, {"number_symbol": given("12/qđ-syt")})
    assert not merged["number_symbol"].needs_review
