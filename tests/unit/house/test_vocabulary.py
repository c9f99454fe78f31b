"""The words every room uses: normal forms of text, reasons, values that survive JSON."""

import json
import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.errors import Conflict, MissingPart, SohoaError, Stopped
from vocabulary.papers import (
    Baseline,
    Box,
    FieldValue,
    Line,
    PageCode,
    PageReading,
    SignatureRecord,
    Word,
)
from vocabulary.reasons import REASONS
from vocabulary.text import exact, folded, has_marks, nfc, unmark

VIETNAMESE = st.text(
    alphabet="aăâeêioôơuưybcdđghklmnpqrstvxáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọ"
    "ốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĐÁÂƯ0123456789/-.",
    max_size=60,
)


@given(VIETNAMESE)
def test_normal_forms_keep_the_length_so_that_offsets_hold(text: str) -> None:
    assert len(exact(text)) == len(nfc(text)) == len(folded(text))


@given(VIETNAMESE)
def test_composed_and_decomposed_text_are_the_same(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert exact(decomposed) == exact(text)
    assert folded(decomposed) == folded(text)


@given(VIETNAMESE)
def test_normal_forms_are_fixed_points(text: str) -> None:
    assert exact(exact(text)) == exact(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà bình", "Hòa Bình"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("ỦY BAN", "uỷ ban")],
)
def test_both_placements_of_the_tone_are_one(one: str, other: str) -> None:
    assert exact(one) == exact(other)


@pytest.mark.parametrize("text", ["quý", "hoàn", "quà"])
def test_a_tone_that_can_stand_in_one_place_only_stays(text: str) -> None:
    assert exact(text) == text


def test_folding_is_what_people_type_without_vietnamese_keyboard() -> None:
    assert folded("Đặng Thị Mỹ, Sở Tư pháp") == "dang thi mi, so tu phap"
    assert unmark("ĐƯỜNG") == "DUONG"
    assert has_marks("đa")
    assert not has_marks("quyet dinh")


def test_every_reason_says_what_to_do_in_both_languages() -> None:
    for code, reason in REASONS.items():
        assert reason.code == code
        assert reason.vi.endswith(".")
        assert reason.en.endswith(".")
        assert " Hãy " in reason.vi or "hãy" in reason.vi


@pytest.mark.parametrize(
    "error",
    [
        Stopped("time_limit", "processor", page=3),
        MissingPart("thiếu", "missing", package="x"),
        Conflict("a", "b", code="version_changed", current=4),
    ],
)
def test_errors_cross_process_borders_whole(error: SohoaError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (back.vi, back.en, back.error_code, back.detail) == (
        error.vi,
        error.en,
        error.error_code,
        error.detail,
    )


number = st.floats(0, 2000, allow_nan=False)
box = st.builds(Box, number, number, number, number)
word = st.builds(
    Word,
    text=st.text(min_size=1, max_size=8),
    box=box,
    confidence=st.floats(0, 100),
    source=st.sampled_from(["ocr", "text", "annotation"]),
    engine=st.just("own"),
    raw=st.none() | st.text(max_size=5),
    alternatives=st.lists(st.tuples(st.text(max_size=3), st.floats(0, 1)), max_size=2).map(tuple),
)
line = st.builds(
    Line,
    words=st.lists(word, min_size=1, max_size=4).map(tuple),
    baseline=st.builds(Baseline, number, number, number, number),
    height=number,
    block=st.integers(0, 9),
)
page = st.builds(
    PageReading,
    number=st.integers(1, 500),
    width_pt=number,
    height_pt=number,
    dpi=st.integers(0, 600),
    source=st.sampled_from(["scan", "text", "blank"]),
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew_deg=st.floats(-8, 8),
    lines=st.lists(line, max_size=3).map(tuple),
    flags=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    codes=st.lists(
        st.builds(PageCode, text=st.text(max_size=9), page=st.just(1), box=st.none() | box),
        max_size=2,
    ).map(tuple),
)


@given(page)
def test_a_page_reading_survives_its_checkpoint(reading: PageReading) -> None:
    assert PageReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_fields_and_signatures_survive_json() -> None:
    field = FieldValue(("1/QĐ",), 0.5, 1, Box(1, 2, 3, 4), "ocr", needs_review=True)
    assert FieldValue.from_json(json.loads(json.dumps(field.to_json()))) == field
    record = SignatureRecord(
        "S1", "A", "B", "B-B", "valid", ("x",), "intact", "trusted", "whole_file", "none",
        "2026-11-24T10:00:00+07:00", "claimed", True,
    )  # fmt: skip
    assert SignatureRecord.from_json(json.loads(json.dumps(record.to_json()))) == record
