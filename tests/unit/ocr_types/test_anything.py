"""Whatever stands on a page, every type answers with well-formed values and never fails."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.types import extract_for_type, recognise_type, shipped_catalogue
from tests.unit.ocr_fields.paper_builder import Page
from vocabulary.papers import FIELD_NAMES

TYPES = shipped_catalogue()
_LABELS = [text for kind in TYPES for rule in kind.labels for text in rule.texts]
_TITLES = [cue.text.upper() for kind in TYPES for cue in kind.cues.titles]
_VALUES = [
    "0100047516", "033192004567", "0100047515-0", "99/99/9999", "31/02/2024", "ngày 5 tháng 6 năm",
    "1.000.000.000.000.000 đồng", "đến ngày", "từ ngày 01/01/2024", "999 năm", "không thời hạn",
    "ÔNG", "Bà .", ":", "...", "-", "Nguyễn Văn An", "CÔNG TY", "1.", "a)", "²³",
]  # fmt: skip
_WORD = st.one_of(
    st.sampled_from(_LABELS).map(lambda text: f"{text}:"),
    st.sampled_from(_LABELS),
    st.sampled_from(_TITLES),
    st.sampled_from(_VALUES),
    st.text(min_size=1, max_size=12),
)
_ROW = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_ROW, st.floats(0, 400), st.floats(0, 800), st.floats(4, 20)), max_size=12),
    st.sampled_from(sorted(TYPES.types)),
)
def test_any_rows_anywhere(rows: list[tuple[str, float, float, float]], key: str) -> None:
    page = Page(source="ocr", confidence=80.0)
    for text, x, y, height in rows:
        if text.split():
            page.at(x, y, text, height=height)
    pages = [page.reading()]
    match = recognise_type(pages, TYPES)
    assert match is None or (match.key in TYPES.types and 0.5 <= match.confidence <= 1)
    found = extract_for_type(pages, TYPES.types[key])
    assert set(found.fields) <= set(FIELD_NAMES)
    assert set(found.missing) <= set(TYPES.types[key].essential)
    for value in found.fields.values():
        assert value.value
        assert 0 <= value.confidence <= 1
    for fact in found.facts.values():
        assert fact.value
        assert fact.page == 1
    assert found.to_json()["findings"] == [
        {"check": one.check, "field": one.field, "message": one.vi, "message_en": one.en}
        for one in found.findings
    ]
