"""Procedures as files: what is written out comes back as it was, whole or not at all."""

import json
from datetime import date, datetime
from typing import Any, Literal

import pytest

from repository import procedure_files, procedures, seed
from repository.database import Database
from repository.procedures import Procedure, from_json
from tests.unit.repository.test_procedures import ONE
from vocabulary.errors import InvalidRequest

RICH: dict[str, Any] = {
    **ONE,
    "valid_to": "2026-06-30",
    "cases": {"moi": "Cơ sở lần đầu | xin phép", "cu": "Cơ sở đã có phép"},
    "components": [
        *ONE["components"],
        {"code": "TP2", "name": "Đơn, \"mẫu\" 01", "required": False, "case": "moi",
         "satisfied_by": [], "form": [], "max_age_days": None, "preview": True},
        {"code": "TP3", "name": "Phép cũ", "satisfied_by": [["old"]], "case": "cu",
         "form": ["original"], "max_age_days": 0, "required": True},
    ],
    "results": [
        {"type": "licence", "name": "Giấy phép: bản chính", "required": True},
        {"type": "card", "name": "Thẻ", "required": False},
    ],
}  # fmt: skip
NEXT = {**ONE, "valid_from": "2026-07-01", "components": [], "results": [], "legal_bases": []}


def versions() -> list[Procedure]:
    return [*(from_json(one) for one in (RICH, NEXT)), *seed.department_procedures()]


def written(found: list[Procedure], kind: Literal["json", "csv"]) -> str:
    return {"json": procedure_files.as_json, "csv": procedure_files.as_csv}[kind](found)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_file_brings_back_every_version(kind: Literal["json", "csv"]) -> None:
    back = procedure_files.read(written(versions(), kind), kind)
    told = {(one.code, one.valid_from): one.to_json() for one in back}
    for one in versions():
        found, wanted = told[one.code, one.valid_from], one.to_json()
        if kind == "csv":  # names of cases in which no component stands are not in the table
            assert found.pop("cases", {}).items() <= wanted.pop("cases", {}).items()
        assert found == wanted
    assert len(back) == len(versions())


def test_a_table_with_the_mark_of_a_spreadsheet_is_read() -> None:
    text = "\ufeff" + written(versions(), "csv").replace("\r\n", "\n")
    assert len(procedure_files.read(text, "csv")) == len(versions())


def test_each_version_is_told_what_became_of_it(database: Database, now: datetime) -> None:
    found = [from_json(ONE)]
    with database.write() as tx:
        first = procedure_files.take_in(tx, found, now)
        again = procedure_files.take_in(tx, found, now)
        renamed = procedure_files.take_in(tx, [from_json({**ONE, "name": "Tên khác"})], now)
        assert procedures.get(tx, ONE["code"], date(2026, 1, 1)).name == "Tên khác"
    assert [one.became for one in (*first, *again, *renamed)] == ["new", "unchanged", "replaced"]


@pytest.mark.parametrize(
    ("kind", "text", "procedure"),
    [
        ("json", "{", None),
        ("json", "[1]", None),
        ("json", json.dumps([{**ONE, "name": ""}]), "1.005129"),
        ("csv", "", None),
        ("csv", "procedure,component\n1.005129,TP1\n", None),
        ("csv", "nonsense", None),
    ],
)
def test_what_is_no_such_file_is_refused(
    kind: Literal["json", "csv"], text: str, procedure: str | None
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        procedure_files.read(text, kind)
    assert refusal.value.detail.get("procedure") == procedure


def test_a_table_that_was_spoilt_is_refused_with_its_procedure() -> None:
    good = written([from_json(RICH)], "csv")
    for old, new in (("183", "half a year"), ('""province""', "province"), ("2024-01-01", "1/1")):
        with pytest.raises(InvalidRequest) as refusal:
            procedure_files.read(good.replace(old, new), "csv")
        assert refusal.value.detail["procedure"] == "1.005129", old


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("cases", {"cases": ["moi"]}),
        ("cases", {"cases": {"Mới": "Cơ sở mới"}}),
        ("moi", {"cases": {"moi": ""}}),
        ("case", {"cases": {"cu": "Cơ sở cũ"}, "components": RICH["components"]}),
    ],
)
def test_cases_that_are_none_are_named(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        from_json({**ONE, **change})
    assert refusal.value.detail["field"] == field


def test_a_case_has_its_components() -> None:
    version = from_json(RICH)
    for chosen, codes in (
        ((), ["TP1"]), (("moi",), ["TP1", "TP2"]), (("cu", "moi"), ["TP1", "TP2", "TP3"]),
    ):  # fmt: skip
        assert [one.code for one in version.for_cases(chosen).components] == codes
