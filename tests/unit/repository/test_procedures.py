"""Procedures: law as data with dates, joined on the stem of the code."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository import procedures, seed
from repository.database import Database
from repository.procedures import from_json, stem_of
from vocabulary.errors import InvalidRequest, NotFound

ONE: dict[str, Any] = {
    "code": "1.005129",
    "name": "Cấp giấy phép",
    "valid_from": "2024-01-01",
    "valid_to": None,
    "processing_time": {"province": {"days": 15}, "ministry": {"days": 20}},
    "components": [
        {
            "code": "TP1",
            "name": "Giấy chứng nhận",
            "satisfied_by": [["business_registration"], ["a", "b"]],
            "form": ["original", "certified_copy"],
            "max_age_days": 183,
            "required": True,
        }
    ],
    "results": [{"type": "radiation_work_licence", "name": "Giấy phép", "required": True}],
    "legal_bases": [{"instrument": "NĐ 142/2020/NĐ-CP", "article": "24"}],
}


def test_a_version_comes_back_as_it_was_put(database: Database, now: datetime) -> None:
    with database.write() as tx:
        procedures.put(tx, from_json(ONE), now)
        assert procedures.get(tx, "1.005129", date(2026, 11, 23)).to_json() == ONE


@pytest.mark.parametrize(
    "code", ["1.005129", "1.005129.000.00.00.H58", "1.005129.H38", "1.005129.000.00.00.H31.01"]
)
def test_codes_are_joined_on_their_stem(database: Database, now: datetime, code: str) -> None:
    with database.write() as tx:
        procedures.put(tx, from_json(ONE), now)
        assert procedures.get(tx, code, date(2026, 11, 23)).code == "1.005129"


@pytest.mark.parametrize("code", ["", "1.5129", "1005129", "1.005129.", "x.005129", "263341"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidRequest):
        stem_of(code)


@given(st.from_regex(r"[0-9]\.[0-9]{6}(\.[0-9]{3}\.[0-9]{2}\.[0-9]{2})?(\.[A-Z][0-9]{2})?",
                     fullmatch=True))  # fmt: skip
def test_the_stem_is_the_first_eight_characters(code: str) -> None:
    assert stem_of(code) == code[:8]


def test_a_new_version_ends_the_open_one_on_the_day_before(
    database: Database, now: datetime
) -> None:
    newer = {**ONE, "valid_from": "2026-07-01", "name": "Tên mới"}
    with database.write() as tx:
        procedures.put(tx, from_json(ONE), now)
        procedures.put(tx, from_json(newer), now)
        assert procedures.get(tx, "1.005129", date(2026, 6, 30)).name == "Cấp giấy phép"
        assert procedures.get(tx, "1.005129", date(2026, 7, 1)).name == "Tên mới"
        old, new = procedures.versions(tx, "1.005129")
        assert (old.valid_to, new.valid_to) == (date(2026, 6, 30), None)
        assert [one.name for one in procedures.list_all(tx, date(2026, 11, 23))] == ["Tên mới"]
        assert len(procedures.list_all(tx)) == 2


def test_putting_the_same_first_day_replaces_the_version(database: Database, now: datetime) -> None:
    with database.write() as tx:
        procedures.put(tx, from_json(ONE), now)
        procedures.put(tx, from_json({**ONE, "name": "Sửa lỗi"}), now)
        (only,) = procedures.versions(tx, "1.005129")
    assert only.name == "Sửa lỗi"


def test_versions_that_overlap_are_refused(database: Database, now: datetime) -> None:
    ended = {**ONE, "valid_from": "2025-01-01", "valid_to": "2025-12-31"}
    earlier = {**ONE, "valid_from": "2024-06-01", "valid_to": "2025-01-01"}
    with database.write() as tx:
        procedures.put(tx, from_json(ended), now)
        with pytest.raises(InvalidRequest):
            procedures.put(tx, from_json(earlier), now)


def test_no_version_on_that_day_is_not_found(database: Database, now: datetime) -> None:
    with database.write() as tx:
        procedures.put(tx, from_json(ONE), now)
        with pytest.raises(NotFound):
            procedures.get(tx, "1.005129", date(2023, 12, 31))
        with pytest.raises(NotFound):
            procedures.get(tx, "1.005128", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("code", {"code": "x"}),
        ("name", {"name": " "}),
        ("name", {"name": 3}),
        ("valid_from", {"valid_from": None}),
        ("valid_from", {"valid_from": "01/01/2024"}),
        ("valid_to", {"valid_to": "2023-01-01"}),
        ("components", {"components": {}}),
        ("components", {"components": ["TP1"]}),
        ("results", {"results": "licence"}),
        ("legal_bases", {"legal_bases": [1]}),
        ("processing_time", {"processing_time": 15}),
        ("components", {"components": ONE["components"] * 2}),
        ("satisfied_by", {"components": [{"code": "a", "name": "b", "satisfied_by": ["x"]}]}),
        ("max_age_days", {"components": [{"code": "a", "name": "b", "max_age_days": -1}]}),
        ("max_age_days", {"components": [{"code": "a", "name": "b", "max_age_days": True}]}),
    ],
)
def test_a_value_that_does_not_fit_is_named(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        from_json({**ONE, **change})
    assert refusal.value.detail["field"] == field


def test_the_departments_procedures_are_entered_once(database: Database, now: datetime) -> None:
    with database.write() as tx:
        procedures.put(tx, from_json({**ONE, "code": "2.002381", "name": "Của cơ quan"}), now)
        assert seed.load_procedures(tx, now) == 10
        assert seed.load_procedures(tx, now) == 0
        assert procedures.get(tx, "2.002381", date(2026, 11, 23)).name == "Của cơ quan"


def test_renewing_a_licence_names_the_licence_that_this_office_gave() -> None:
    (renewal,) = [one for one in seed.department_procedures() if one.code == "2.002381"]
    assert renewal.component("TP2").satisfied_by == (("radiation_work_licence",),)
    with pytest.raises(NotFound):
        renewal.component("TP99")
