"""A type file is read strictly; each mistake is named with its line, its key and what to do."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.types import read_type
from ocr.types.loader import parse_type, try_type
from tests.unit.ocr_types.files import WHOLE, changed, report_type, written
from vocabulary.errors import UsageError


def test_a_whole_file_says_everything(tmp_path: Path) -> None:
    kind = report_type(tmp_path)
    assert (kind.key, kind.vi, kind.en) == (
        "test_report",
        "Phiếu kết quả thử nghiệm",
        "Test report",
    )
    assert [cue.text for cue in kind.cues.titles] == ["Phiếu kết quả thử nghiệm"]
    assert kind.cues.symbols[0].pattern.matches("7/PKQ-KT1")
    assert kind.essential == ("doc_type", "number_symbol", "holder_name")
    assert [(rule.field, rule.fact, rule.value) for rule in kind.labels] == [
        ("holder_name", "", "organisation"),
        ("", "fee", "money"),
    ]
    assert [(term.months, term.begin) for term in kind.validity.terms] == [
        (6, date(2020, 1, 1)),
        (12, date(2024, 1, 1)),
    ]
    assert not kind.shipped


@pytest.mark.parametrize(
    ("text", "line", "key", "english"),
    [
        (changed("schema = 1", "schema = 2"), 1, "schema", "schema = 1"),
        (changed('key = "test_report"', 'key = "Báo cáo"'), 2, "key", "lower-case"),
        (changed("abbreviations", "abreviations"), 3, "abreviations", "'abbreviations'"),
        (changed('en = "Test report"', ""), 6, "name.en", "missing"),
        (changed('forbidden = ["bản nháp"]', 'forbiden = ["x"]'), 11, "cues.forbiden", "no key"),
        (changed("weight = 0.9", "weight = 9"), 15, "cues.titles[1].weight", "0.01 to 1"),
        (changed("weight = 0.9", 'weight = "0.9"'), 15, "cues.titles[1].weight", "a number"),
        (changed("weight = 0.9", ""), 13, "cues.titles[1].weight", "missing"),
        (changed("{d0-6}/PKQ", "{q}/PKQ"), 18, "cues.symbols[1].pattern", "must be one of"),
        (changed('"issue_date", "hol', '"isue_date", "hol'), 22, "fields.has", "'issue_date'"),
        (
            changed('essential = ["doc_type"', 'essential = ["signer"'),
            23,
            "fields.essential",
            "has",
        ),
        (changed('"organisation"', '"organization"'), 28, "labels[1].value", "'organisation'"),
        (changed('field = "holder_name"', 'field = "signer"'), 26, "labels[1].field", "has"),
        (
            changed('fact = "fee"', 'fact = "fee"\nfield = "holder_id"'),
            32,
            "labels[2].field",
            "one",
        ),
        (changed('name = "Phí thử nghiệm"', ""), 30, "labels[2].name", "missing"),
        (changed('rule = "term"', 'rule = "until"'), 37, "validity.labels", "labels"),
        (changed("to = 2023-12-31", "to = 2024-06-30"), 36, "validity.terms", "overlap"),
        (changed("from = 2024-01-01", 'from = "2024"'), 49, "validity.terms[2].from", "date"),
        (changed("months = 12", "months = true"), 47, "validity.terms[2].months", "a number"),
        (changed('"check_digit"', '"checksum"'), 52, "checks[1].name", "check_digit"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(text: str, line: int, key: str, english: str) -> None:
    found, problems = parse_type(text, "a.toml")
    assert found is None
    told = [one for one in problems if one.key == key]
    assert told, problems
    assert abs(told[0].line - line) <= 1
    assert english in told[0].en
    assert told[0].vi != told[0].en
    assert told[0].where.startswith("a.toml:")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("months", "month").replace('"money"', '"cash"').replace("vi =", "vn =")
    with pytest.raises(UsageError) as refused:
        read_type(written(tmp_path, text))
    for key in ("name.vi", "name.vn", "labels[2].value", "validity.terms[1].month"):
        assert f": {key}: " in refused.value.vi
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"schema = ", "TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a = " + b"[" * 5000, "nested"),
        (b"# " + b"x" * 300_000, "too large"),
        (b"", "missing"),
        (b"schema = 1\nname = 5\ncues = []\nfields = 1\nlabels = 3\nchecks = {}", "table"),
    ],
)
def test_bytes_that_are_no_type_file_end_in_a_sentence(
    tmp_path: Path, content: bytes, english: str
) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    found, problems = try_type(path)
    assert found is None
    assert any(english in one.en for one in problems), problems


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(WHOLE, encoding="utf-8-sig")
    assert read_type(path).key == "test_report"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text(max_size=12))
def test_any_damage_to_a_file_ends_in_a_type_or_in_problems(
    start: int, length: int, put: str
) -> None:
    found, problems = parse_type(WHOLE[:start] + put + WHOLE[start + length :], "a.toml")
    assert (found is None) == bool(problems)
    assert all(one.vi and one.en for one in problems)
