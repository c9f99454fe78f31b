"""Codes of the office by date: provinces that joined, bodies renamed, codes of papers."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from repository.office_codes import load_codes
from vocabulary.errors import UsageError

JOINED = date(2025, 7, 1)
BEGUN = date(2023, 5, 25)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "places"),
    [
        (JOINED - DAY, {"H31"}),
        (JOINED, {"H31", "H54"}),
        (JOINED + DAY, {"H31", "H54"}),
    ],
)
def test_a_province_that_joined_counts_from_its_day(day: date, places: set[str]) -> None:
    assert load_codes().places_on(day) == places


@pytest.mark.parametrize(
    ("day", "given"), [(BEGUN - DAY, False), (BEGUN, True), (BEGUN + DAY, True)]
)
def test_codes_of_digitised_papers_begin_with_their_circular(day: date, given: bool) -> None:
    found = load_codes().result_code("0901234564", "birth_certificate", 1, day)
    assert found == ("0901234564.KQ.G15.000031" if given else None)


def test_codes_of_papers() -> None:
    codes = load_codes()
    today = date(2026, 11, 27)
    assert codes.result_code("", "birth_certificate", 1, today) == "KQ.G15.000031"
    assert codes.result_code("01", "radiation_work_licence", 3, today) == (
        "01.RADIATION-WORK-LICENCE-3"
    )


def own(folder: Path, text: str) -> Path:
    path = folder / "codes.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_offices_own_tables_stand_in_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    codes = load_codes(own(tmp_path, """
        [[unit]]
        code = "000.00.15.H54"
        to = 2025-06-30
        [[unit]]
        code = "000.00.15.H31"
        from = 2025-07-01
        to = 2025-12-31
        [[place]]
        code = "H21"
        """))  # fmt: skip
    days = (JOINED - DAY, JOINED, date(2025, 12, 31), date(2026, 1, 1))
    assert [codes.unit_on(day, "setting") for day in days] == [
        "000.00.15.H54", "000.00.15.H31", "000.00.15.H31", "setting",
    ]  # fmt: skip
    assert codes.places == {"H21": "H21"}
    assert codes.result_code("1", "birth_certificate", 1, JOINED) == "1.KQ.G15.000031"


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[[province]]\ncode = 'H31'",
        "[[place]]\ncode = 'Hưng Yên'",
        "[[place]]\nname = 'Hưng Yên'",
        "[[place]]\ncode = 'H31'\ncolour = 'red'",
        "[[place]]\ncode = 'H31'\nfrom = 'yesterday'",
        "[[place]]\ncode = 'H31'\nfrom = 2025-07-02\nto = 2025-07-01",
        "[place]\ncode = 'H31'",
        "[[unit]]\ncode = '000.00.15.H31'\n[[unit]]\ncode = '000.00.15.H54'\nfrom = 2030-01-01",
        "[[result_code]]\nform = '{holder.__class__}'\nfurther = '{n}'",
        "[[result_code]]\nform = '{holder}'\nfurther = '{holder}'",
        "[[result_code]]\nform = '{owner}'\nfurther = '{n}'",
        "[[paper_type]]\ntype = 'diploma'",
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        load_codes(own(tmp_path, text))
    assert "codes.toml" in refusal.value.en


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        load_codes(tmp_path / "away.toml")
    assert "away.toml" in refusal.value.en
