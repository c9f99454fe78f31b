"""How every search index must find, told against the port; adapters join the fixture's list."""

import base64
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repository.ports import FacetCount, IndexEntry, SearchIndex, SearchQuery
from tests.contract.repository.search_papers import CITING, DECISION, entry, found
from vocabulary.errors import InvalidRequest

FAR = ("9" * 5000 + "-0", "0-" + "9" * 5000, base64.b64encode(b"[" * 60_000).decode())
"""Numbers that Python does not read, and JSON in base64 that is nested without end."""


def test_what_is_put_is_found_at_once_and_what_is_removed_is_not(index: SearchIndex) -> None:
    index.put([DECISION, CITING])
    assert found(index, "Bệnh viện Đa khoa Phố Nối") == ["decision"]
    assert index.count() == 2
    index.remove(["decision", "never there"])
    assert found(index, "Bệnh viện Đa khoa Phố Nối") == []
    assert index.count() == 1


def test_putting_an_entry_again_replaces_it(index: SearchIndex) -> None:
    index.put([entry("a", "giấy phép cũ")])
    index.put([entry("a", "giấy phép mới"), entry("a", "giấy phép mới nhất")])
    assert index.count() == 1
    assert found(index, "cũ") == []
    assert found(index, '"mới nhất"') == ["a"]


def test_clearing_leaves_an_index_that_can_be_filled_again(index: SearchIndex) -> None:
    index.put([DECISION])
    index.clear()
    assert index.count() == 0
    assert found(index, "quyết định") == []
    index.put([DECISION])
    assert found(index, "quyết định") == ["decision"]


@pytest.mark.parametrize(
    "typed",
    ["hòa bình", "hoà bình", "HÒA BÌNH", "ho\u0300a bi\u0300nh", "hoa binh"],
    ids=["old placement", "new placement", "capitals", "decomposed", "no marks"],
)
@pytest.mark.parametrize("stored", ["Xã Hòa Bình", "XÃ HOÀ BÌNH", "Xa\u0303 Ho\u0300a Bi\u0300nh"])
def test_every_way_of_writing_finds_every_other(
    index: SearchIndex, typed: str, stored: str
) -> None:
    index.put([entry("a", stored)])
    assert found(index, typed) == ["a"]


def test_exact_matches_stand_above_folded_ones(index: SearchIndex) -> None:
    index.put(
        [
            entry("folded", "hóa bịnh hóa bịnh hóa bịnh"),
            entry("junk", "hoa binh"),
            entry("exact", "một trang dài nói về nhiều việc khác nhau ở xã hòa bình và nơi khác"),
        ]
    )
    result = index.search(SearchQuery("hòa bình"))
    assert result.hits[0].id == "exact"
    assert [hit.exact for hit in result.hits] == [True, False, False]
    assert {hit.id for hit in result.hits} == {"exact", "folded", "junk"}


def test_one_marked_word_prefers_the_exact_one(index: SearchIndex) -> None:
    index.put([entry("folded", "dân dàn dẫn"), entry("exact", "rất nhiều chữ rồi mới đến dẫn")])
    index.put([entry("other", "dàn dàn dàn dàn")])
    assert set(found(index, "dẫn")[:2]) == {"exact", "folded"}
    assert found(index, "dẫn")[2] == "other"


def test_a_query_without_marks_does_not_prefer_unmarked_junk(index: SearchIndex) -> None:
    index.put(
        [
            entry("real", "Quyết định về việc cấp giấy phép; quyết định có hiệu lực"),
            entry("junk", "quyet dinh " + "chữ khác " * 40),
        ]
    )
    assert found(index, "quyet dinh")[0] == "real"


def test_a_phrase_stands_above_scattered_words(index: SearchIndex) -> None:
    index.put(
        [
            entry("scattered", "phép giấy cấp, cấp phép, giấy cấp phép giấy"),
            entry("phrase", "việc của chúng tôi là cấp giấy phép cho mọi người trong tỉnh này"),
        ]
    )
    assert found(index, "cap giay phep") == ["phrase", "scattered"]


@pytest.mark.parametrize("typed", ["123/QĐ-UBND", "123/qd-ubnd", "123 / QĐ - UBND"])
def test_a_document_number_finds_its_paper_first_then_those_that_cite_it(
    index: SearchIndex, typed: str
) -> None:
    index.put([CITING, DECISION])
    assert found(index, typed) == ["decision", "citing"]


@pytest.mark.parametrize("typed", ["123", "QĐ-UBND", "qd ubnd"])
def test_parts_of_a_document_number_find_it(index: SearchIndex, typed: str) -> None:
    index.put([CITING, DECISION])
    assert set(found(index, typed)) == {"decision", "citing"}


@pytest.mark.parametrize(
    "typed",
    [
        "giay phep tien hahn cong viec buc xa",  # swapped
        "giay phep tien hanhh cong viec buc xa",  # one too many
        "giay phpe tien hanh cong viec buc xa",  # in a short word
        "giay phep tien hanh cong vjec buc xa cho benh vien pho noi",
        "thiet bi xquang y te cap giay phep",  # a word that is two in the text
        "benh vien da khoa pho nii",
    ],
)
def test_an_undiacritic_misspelt_phrase_still_finds_its_paper_first(
    index: SearchIndex, typed: str
) -> None:
    index.put([DECISION, CITING, entry("other", "Giấy chứng nhận đăng ký của công ty khác")])
    result = index.search(SearchQuery(typed))
    assert result.relaxed
    assert result.hits[0].id == "decision"


def test_a_misspelt_phrase_is_not_lost_to_a_paper_that_has_the_wrong_word_by_chance(
    index: SearchIndex,
) -> None:
    junk = "phép tien của cviec, công giay bức hanh giấy, xạ phep cong tiến buc xa hành"
    index.put([DECISION, entry("junk", junk)])
    result = index.search(SearchQuery("giay phep tien hanh cong cviec buc xa"))
    assert [hit.id for hit in result.hits] == ["decision"]
    assert result.relaxed
    scattered = index.search(SearchQuery("cviec giay phep xa buc"))
    assert [hit.id for hit in scattered.hits] == ["junk"]
    assert not scattered.relaxed


def test_numbers_are_never_taken_for_misspelt(index: SearchIndex) -> None:
    index.put([entry("a", "Mã số thuế 0901234564")])
    assert found(index, "0901234565") == []


def test_quotation_marks_ask_for_the_very_phrase(index: SearchIndex) -> None:
    index.put([DECISION])
    assert found(index, '"giấy phép tiến hành"') == ["decision"]
    assert found(index, '"tiến hành giấy phép"') == []
    assert found(index, "“giay phep tien hanh”") == ["decision"]


def test_highlights_are_places_in_the_stored_text(index: SearchIndex) -> None:
    index.put([DECISION])
    (hit,) = index.search(SearchQuery("benh vien da khoa")).hits
    marked = [part.text[start:end] for part in hit.highlights for start, end in part.marks]
    assert marked[:4] == ["Bệnh", "viện", "Đa", "khoa"]
    assert all(len(part.text) < 300 for part in hit.highlights)


def test_a_word_longer_than_any_piece_is_still_shown(index: SearchIndex) -> None:
    long = "x" * 400
    index.put([entry("a", f"trước {long} sau {long} {long}")])
    (hit,) = index.search(SearchQuery(long)).hits
    assert hit.highlights


def test_highlights_show_the_word_meant_by_a_misspelt_one(index: SearchIndex) -> None:
    index.put([DECISION])
    (hit,) = index.search(SearchQuery("benh vienn")).hits
    marked = [part.text[start:end] for part in hit.highlights for start, end in part.marks]
    assert "viện" in marked


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"subject_id": "s1"}, ["decision"]),
        ({"type": "letter"}, ["citing"]),
        ({"issuer": "uỷ ban nhân dân tỉnh hưng yên"}, ["decision"]),
        ({"state": "needs_review"}, ["citing"]),
        ({"status": "active"}, ["decision"]),
        ({"issued_from": date(2024, 5, 3)}, ["citing"]),
        ({"issued_to": date(2024, 5, 2)}, ["decision"]),
        ({"valid_on": date(2027, 5, 1), "type": "decision"}, ["decision"]),
        ({"valid_on": date(2027, 5, 2), "type": "decision"}, []),
        ({"valid_on": date(2024, 5, 1)}, []),
        ({"type": "decision", "subject_id": "s2"}, []),
    ],
)
def test_filters_narrow_with_and_without_words(
    index: SearchIndex, filters: dict[str, object], expected: list[str]
) -> None:
    index.put([DECISION, CITING])
    assert found(index, "123/QĐ-UBND", **filters) == expected
    assert found(index, **filters) == expected


@pytest.mark.parametrize("status", ["withdrawn", "superseded", "corrected"])
def test_a_paper_that_is_gone_is_valid_on_no_day(index: SearchIndex, status: str) -> None:
    index.put([IndexEntry(id="w", text="x", status=status, issue_date=date(2024, 1, 1))])
    assert found(index) == ["w"]
    assert found(index, valid_on=date(2025, 1, 1)) == []


def test_an_empty_question_lists_the_newest_first(index: SearchIndex) -> None:
    index.put([DECISION, CITING])
    assert found(index) == ["citing", "decision"]


def test_punctuation_alone_finds_nothing(index: SearchIndex) -> None:
    index.put([DECISION])
    assert found(index, "?!…") == []


def test_pages_follow_each_other_without_gap_or_repeat(index: SearchIndex) -> None:
    index.put([entry(f"d{number}", "giấy phép " * (number + 1)) for number in range(7)])
    for text in ("giay phep", "giay phepp", ""):
        seen: list[str] = []
        cursor = None
        while True:
            result = index.search(SearchQuery(text, cursor=cursor, limit=3))
            assert result.total == 7
            seen += [hit.id for hit in result.hits]
            cursor = result.cursor
            if cursor is None:
                break
        assert sorted(seen) == sorted(f"d{number}" for number in range(7))


@pytest.mark.parametrize(
    "cursor", ["", "x", "9-0", "0--1", "0-999999999", *FAR], ids=lambda cursor: cursor[:12]
)
def test_a_cursor_that_was_never_given_is_refused(index: SearchIndex, cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        index.search(SearchQuery("a", cursor=cursor))


def test_a_question_as_long_as_may_be_asked_is_answered(index: SearchIndex) -> None:
    words = [f"{one}{other}" for one in "abcdeghik" for other in "mnopqrstuvx"]
    index.put([entry("a", " ".join(words)), entry("b", " ".join(words[:90]) + " khác")])
    asked = " ".join(words)
    assert found(index, asked)[0] == "a"
    misspelt = asked.replace("hs", "hsz")
    assert found(index, misspelt)[0] == "a"
    index.search(SearchQuery(" ".join(["giấy phếp"] * 50)))


@given(text=st.text(max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_question_breaks_the_index(shared_index: SearchIndex, text: str) -> None:
    shared_index.search(SearchQuery(text))


@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_finds_itself(shared_index: SearchIndex, text: str) -> None:
    shared_index.put([entry("a", text)])
    result = shared_index.search(SearchQuery(text.replace('"', " ").replace("'", " ")))
    if any(char.isalnum() for char in text):
        assert [hit.id for hit in result.hits] == ["a"]
        for part in result.hits[0].highlights:
            assert all(0 <= start < end <= len(part.text) for start, end in part.marks)


def test_facets_are_counted_only_when_asked_for(index: SearchIndex) -> None:
    index.put(
        [DECISION, CITING, replace(DECISION, id="third", issuer="UỶ BAN NHÂN DÂN tỉnh Hưng Yên")]
    )
    assert index.search(SearchQuery("123/QĐ-UBND")).facets == {}
    asked = ("type", "issuer", "state", "year")
    told = index.search(SearchQuery("123/QĐ-UBND", limit=1, facets=asked)).facets
    assert told["type"] == (FacetCount("decision", 2), FacetCount("letter", 1))
    assert [one.count for one in told["issuer"]] == [2, 1]
    assert told["issuer"][1].value == "Sở Khoa học và Công nghệ"
    assert told["state"] == (FacetCount("done", 2), FacetCount("needs_review", 1))
    assert told["year"] == (FacetCount("2024", 2), FacetCount("2025", 1))
    (types,) = index.search(
        SearchQuery(issued_from=date(2025, 1, 1), facets=("type",))
    ).facets.values()
    assert types == (FacetCount("letter", 1),)
    with pytest.raises(InvalidRequest):
        index.search(SearchQuery("a", facets=("holder",)))


def test_an_index_says_what_it_is(index: SearchIndex) -> None:
    index.put([DECISION])
    assert index.check().endswith(", 1")


def test_every_entry_is_told_with_its_version(index: SearchIndex) -> None:
    index.put([IndexEntry(id=f"d{number}", text="văn bản", version=number) for number in range(3)])
    index.remove(["d1"], 1)
    assert dict(index.versions()) == {"d0": 0, "d2": 2}
