"""Dossier codes: made by the rule, read with forgiveness."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.dossiers import make_code, parse_code
from vocabulary.errors import Conflict, InvalidRequest

DAY = date(2026, 1, 15)
organisations = st.from_regex(r"[0-9A-Z]{1,3}(\.[0-9A-Z]{1,3}){0,6}", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_a_code_is_made_as_the_circular_says() -> None:
    assert make_code("000.00.15.H31", DAY, 1) == "000.00.15.H31-260115-0001"


@given(organisations, days, st.integers(1, 9999))
def test_a_made_code_is_read_back(organisation: str, day: date, ordinal: int) -> None:
    read = parse_code(make_code(organisation, day, ordinal))
    assert (read.organisation, read.day, read.ordinal) == (organisation, day, ordinal)
    assert read.result is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" 000.00.15.h31-260115-0001 ", "000.00.15.H31-260115-0001"),
        ("000.00.15.H31 – 260115 – 0001", "000.00.15.H31-260115-0001"),
        ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
        ("000.00.15.H31-260115-0001-KQ2", "000.00.15.H31-260115-0001"),
        ("H31.15-260115-00012", "H31.15-260115-00012"),
    ],
)
def test_what_people_type_and_other_systems_write_is_read(typed: str, code: str) -> None:
    assert parse_code(typed).text == code


def test_the_ordinal_of_a_result_is_read() -> None:
    assert parse_code("000.00.15.H31-240115-0001-KQ1").result == 1


@pytest.mark.parametrize(
    "wrong",
    ["", "H31", "H31-261301-0001", "H31-260115-01", "../x-260115-0001", "H31-260115-0001-KQ"],
)
def test_what_is_no_code_is_refused_by_name(wrong: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_code(wrong)
    assert caught.value.error_code == "dossier_code_invalid"


def test_an_office_without_its_code_is_told_to_set_it() -> None:
    with pytest.raises(InvalidRequest) as caught:
        make_code("sở khcn", DAY, 1)
    assert caught.value.error_code == "unit_code_invalid"


def test_the_ordinals_of_a_day_end() -> None:
    with pytest.raises(Conflict) as caught:
        make_code("H31", DAY, 10_000)
    assert caught.value.error_code == "codes_exhausted"
