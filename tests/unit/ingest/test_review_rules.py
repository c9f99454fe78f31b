"""When a person must look."""

from ingest.review_rules import ESSENTIAL, merge, open_questions
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
