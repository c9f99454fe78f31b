"""Neighbours choose between likely readings; figures and names stay as they were read."""

import numpy as np
import pytest

from ocr.ports import ReadLine, ReadWord
from ocr.statistics import SyllableChooser, load_chooser
from ocr.statistics.build import count
from ocr.statistics.counts import load_counts


def word(text: str, **doubts: tuple[str, float]) -> ReadWord:
    """A word read surely, but for letters in doubt: ``at2=("ế", 0.3)`` is what else it may be."""
    letters = []
    for place, char in enumerate(text):
        other, weight = doubts.get(f"at{place}", ("", 0.0))
        choices = [(char, 1 - weight - 0.001)] + ([(other, weight)] if weight else [])
        letters.append(tuple(choices))
    return ReadWord(text, (0, 0, 10, 10), 95.0, tuple(letters))


def line(*words: ReadWord) -> ReadLine:
    return ReadLine(words, (0, 10, 100, 10), 14)


def chosen(*words: ReadWord) -> str:
    (result,) = load_chooser().choose([line(*words)])
    return " ".join(word.text for word in result.words)


def test_a_doubtful_mark_goes_to_what_laws_write():
    assert chosen(word("QUYÉT", at3=("Ế", 0.2)), word("ĐỊNH")) == "QUYẾT ĐỊNH"
    assert chosen(word("Ủy"), word("ban"), word("nhân"), word("dan", at1=("â", 0.1))) == (
        "Ủy ban nhân dân"
    )


def test_words_of_offices_that_laws_hardly_hold_are_known():
    words = [word("trên"), word("Công", at1=("ổ", 0.1)), word("Dịch"), word("vụ"), word("công")]
    assert chosen(*words) == "trên Cổng Dịch vụ công"


def test_what_was_read_is_kept_beside_what_was_chosen():
    (result,) = load_chooser().choose(
        [line(word("thẩm"), word("quyên", at3=("ề", 0.3)), word("giải"), word("quyết"))]
    )
    assert result.words[1].text == "quyền"
    assert result.words[1].raw == "quyên"
    assert result.words[0].raw is None


def test_a_wrong_base_letter_goes_only_where_no_syllable_was_read():
    assert chosen(word("Tăn", at0=("V", 0.1)), word("phòng")) == "Văn phòng"
    assert chosen(word("Tăn"), word("phòng")) == "Tăn phòng"
    assert chosen(word("Tan", at0=("V", 0.1)), word("phòng")) == "Tan phòng"


def test_a_sure_reading_outweighs_the_laws():
    assert chosen(word("nhân"), word("dấn"), word("tỉnh")) == "nhân dấn tỉnh"


@pytest.mark.parametrize("code", ["63/2010/NĐ-CP", "TTHC1", "0101248141", "ngay19"])
def test_words_with_figures_are_never_touched(code):
    doubted = word(code, **{f"at{place}": ("ă", 0.4) for place in range(len(code))})
    assert chosen(word("số"), doubted) == f"số {code}"


def test_names_stay_as_read():
    assert chosen(word("ông"), word("Nguyễn"), word("Hông", at1=("ồ", 0.2)), word("Thai")) == (
        "ông Nguyễn Hông Thai"
    )


def test_names_in_capitals_stay_as_read():
    name = [word("MAI", at1=("Ạ", 0.04)), word("VĂN"), word("TRƯỜNG,")]
    assert chosen(word("Tôi"), word("là"), *name, word("sinh")) == "Tôi là MAI VĂN TRƯỜNG, sinh"


def test_the_order_of_lines_and_words_is_kept():
    lines = [line(word("một")), line(word("hai"), word("ba"))]
    result = load_chooser().choose(lines)
    assert [[w.text for w in one.words] for one in result] == [["một"], ["hai", "ba"]]
    assert load_chooser().choose([]) == ()


def test_an_engine_without_alternatives_is_helped_too():
    unsure = ReadWord("phú", (0, 0, 1, 1), 70.0)
    (result,) = load_chooser().choose([line(word("Chính"), unsure, word("quy"), word("định"))])
    assert result.words[1].text == "phủ"


def test_counts_are_made_kept_and_looked_up(tmp_path):
    made = count(["Ủy ban nhân dân", "nhân dân", "Ủy ban nhân dân xã", ""])
    made.save(tmp_path / "table.npz")
    kept = load_counts(tmp_path / "table.npz")
    assert kept.syllables == ("", "", "nhân", "dân", "ủy", "ban")
    numbers = {text: np.array([number]) for number, text in enumerate(kept.syllables)}
    assert kept.pairs(numbers["nhân"], numbers["dân"]) == [3]
    assert kept.triples(numbers["ủy"], numbers["ban"], numbers["nhân"]) == [2]
    assert kept.pairs(numbers["dân"], numbers["ủy"]) == [0]
    assert SyllableChooser(kept).choose([line(word("ban"))])[0].words[0].text == "ban"
