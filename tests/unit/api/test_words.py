"""Every code that a page can meet has its words."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest

from api.access import Role
from api.web import words
from repository import seed, subjects
from repository.documents import FORMS, STEPS, Status
from repository.office_codes import load_codes
from repository.once_only import decision
from signing.sign import Level
from signing.validation.remarks import REMARKS
from vocabulary.papers import FIELD_NAMES, FieldSource, SignatureRecord
from vocabulary.reasons import REASONS

SURFACE_REASONS = (
    "expired", "not_yet_valid", "superseded", "withdrawn", "draft", "unsigned",
    "signature_invalid", "signature_undecided", "holder_differs", "type_not_accepted",
    "form_not_accepted", "out_of_scope", "too_old", "fields_unconfirmed",
)  # fmt: skip


def test_every_field_has_a_label() -> None:
    assert tuple(words.FIELDS) == FIELD_NAMES


def test_every_state_and_status_has_a_word() -> None:
    assert set(words.STATES) == {*STEPS, "stopped"}
    assert set(words.STATUSES) == set(get_args(Status))


def test_every_level_of_a_signature_has_a_word() -> None:
    assert set(words.LEVELS) == {*get_args(Level), "legacy"}


@pytest.mark.parametrize("code", SURFACE_REASONS)
def test_every_once_only_reason_has_a_sentence(code: str) -> None:
    assert words.ONCE_ONLY_REASONS[code].endswith(".")


def test_the_decision_gives_no_reason_without_a_sentence() -> None:
    signature = {reason for reason in decision._SIGNATURE_REASONS.values() if reason}
    status = {one for one in get_args(Status) if one != "active"}
    timely = {"not_yet_valid", "expired", "issue_date_unknown", "too_old"}
    assert signature | status | timely <= set(words.ONCE_ONLY_REASONS)


def test_every_stop_reason_is_told_with_what_to_do() -> None:
    for code in REASONS:
        assert words.stop_reason(code) == REASONS[code].vi
    assert words.stop_reason(None) == ""
    assert words.stop_reason("a_new_code") == "a_new_code"


def test_every_verdict_on_a_signature_has_words() -> None:
    hints = SignatureRecord.__annotations__
    assert set(words.VERDICTS) == set(get_args(hints["verdict"]))
    assert set(words.INTEGRITY) == set(get_args(hints["integrity"]))
    assert set(words.TRUST) == set(get_args(hints["trust"]))
    assert set(words.COVERS) == set(get_args(hints["covers"]))


def test_every_remark_on_a_signature_has_a_sentence() -> None:
    assert {code: words.REMARKS[code] for code in REMARKS} == {
        one.code: one.vi for one in REMARKS.values()
    }
    assert all(sentence.endswith(".") for sentence in words.REMARKS.values())


def test_every_source_of_a_field_and_every_role_has_a_word() -> None:
    assert set(words.SOURCES) == set(get_args(FieldSource))
    assert set(words.ROLES) == {str(role) for role in Role}


def test_every_identifier_scheme_is_offered() -> None:
    assert set(words.SCHEMES) == set(subjects.SCHEMES)


def test_every_legal_form_and_every_place_of_the_office_is_offered() -> None:
    assert set(words.FORMS) == set(FORMS)
    places = load_codes().places
    assert set(words.scopes(places)) == {decision.NATIONWIDE, *places}


def test_every_document_type_of_the_department_has_a_name() -> None:
    types = set()
    for procedure in seed.department_procedures():
        types |= {result.type for result in procedure.results}
        types |= {k for part in procedure.components for one in part.satisfied_by for k in one}
    assert types <= set(words.DOCUMENT_TYPES)


def test_dates_times_and_sizes_are_written_as_vietnam_writes_them() -> None:
    assert words.day(date(2026, 11, 3)) == "03/11/2026"
    assert words.day("2026-11-03") == "03/11/2026"
    assert words.day("không rõ") == "không rõ"
    assert words.moment(datetime(2026, 11, 3, 17, 5, tzinfo=UTC)) == "04/11/2026 00:05"
    assert words.moment(None) == ""
    assert words.size(12) == "12 byte"
    assert words.size(1536) == "1,5 KB"
    assert words.size(3 * 1024**3) == "3,0 GB"


def test_confidence_is_told_in_words_and_not_by_colour_alone() -> None:
    assert words.band(0.95, False, "ocr").word == "chắc chắn"
    assert words.band(0.80, False, "ocr").word == "khá chắc"
    assert words.band(0.95, True, "ocr").word == "cần xem lại"
    assert words.band(1.0, False, "person").word == "người xác nhận"


def test_what_is_flagged_on_a_page_is_told_in_words() -> None:
    told = {"photographed", "inverted", "faint", "noisy", "two_pages", "other_language",
            "low_confidence", "ink_without_text", "blank"}  # fmt: skip
    assert told <= set(words.PAGE_FLAGS)
