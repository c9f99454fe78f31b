"""TCVN3 and VNI text as Unicode: every letter, and only where it makes sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.opening.legacy_encodings import (
    TCVN3,
    VNI,
    decode,
    draws_capitals,
    encoding_of_font,
    strangeness,
)
from ocr.opening.text_trust import encodings_of, plausible
from tests.unit.ocr_pages.drawing import LETTER
from vocabulary.text import nfc

SMALL = nfc(
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
)  # all 67 letters with marks
ENCODE_TCVN3 = {letter: code for code, letter in TCVN3.items()}
ENCODE_VNI = {letter: code for code, letter in reversed(VNI.items())}


def legacy(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in text)


words = st.lists(st.text(st.sampled_from(SMALL + "aeiouybcdghklmnpqrstvx"), min_size=1)).map(
    " ".join
)


@given(words)
def test_every_letter_survives_tcvn3(text):
    assert decode(legacy(text, ENCODE_TCVN3), "tcvn3") == text


@given(words.flatmap(lambda text: st.sampled_from((text, text.upper()))))
def test_every_letter_survives_vni(text):
    # a bare u, o or a before a mark of its own is not written in Vietnamese
    coded = " ".join(legacy(word, ENCODE_VNI) for word in text.split(" "))
    assert decode(coded, "vni") == text


def test_the_tables_hold_the_alphabet():
    assert set(SMALL) <= set(ENCODE_TCVN3)
    assert set(SMALL + SMALL.upper()) == set(ENCODE_VNI)
    # code points of TCVN 5712:1993, as its table prints them
    assert {TCVN3[chr(code)] for code in (0xA1, 0xA7, 0xAE)} == {"Ă", "Đ", "đ"}
    assert [TCVN3[chr(code)] for code in (0xB5, 0xC6, 0xD0, 0xEE, 0xFE)] == list("àặéợỵ")


@pytest.mark.parametrize(
    ("coded", "text"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Ch-¬ng tr×nh, nh- sau: t-", "Chương trình, như sau: tư"),
        ("Q§-UBND, TT-BTC, Nam - B¾c", "QĐ-UBND, TT-BTC, Nam - Bắc"),
    ],
)
def test_a_hyphen_of_tcvn3_is_u_with_horn_only_where_it_spells(coded, text):
    assert decode(coded, "tcvn3") == text


def test_capital_faces_draw_small_codes_as_capitals():
    assert decode("ñy ban nh©n d©n tØnh", "tcvn3", capitals=True) == "ỦY BAN NHÂN DÂN TỈNH"
    for name in (".VnTimeH", "ABCDEF+.VnArialH", ".VnTimeH,Bold", ".VnTimeH-BoldItalic"):
        assert draws_capitals(name), name
    for name in (".VnTime", ".VnTime,Bold", ".VnHelvetInsH2"[:8], ".VnHelvet"):
        assert not draws_capitals(name), name


def test_fonts_that_promise_an_encoding():
    assert encoding_of_font("BCDFEE+.VnTime") == encoding_of_font(".VnArial NarrowH") == "tcvn3"
    assert encoding_of_font("VNI-Times") == encoding_of_font("ABCDEF+VNI-Helve-Condense") == "vni"
    assert encoding_of_font("TimesNewRomanPSMT") is encoding_of_font("Vnitime") is None


TEXT = " ".join(LETTER).lower()


@pytest.mark.parametrize(
    ("font", "coded", "encoding"),
    [
        (".VnTime", legacy(TEXT, ENCODE_TCVN3), "tcvn3"),
        ("VNI-Times", legacy(TEXT, ENCODE_VNI), "vni"),
        ("TT1F00", legacy(TEXT, ENCODE_TCVN3), "tcvn3"),
        ("TT1F00", legacy(TEXT, ENCODE_VNI), "vni"),
        (".VnTime", TEXT, None),
        ("VNI-Times", TEXT, None),
        ("Arial", "Le nœud gordien été coupé à Genève en août", None),
        (".VnTime", "Plain English text", None),
        (".VnTimeH", "plain title", "tcvn3"),
        (".VnTime", "Sè: 12", "tcvn3"),  # plausible either way: the name decides
    ],
)
def test_text_is_converted_only_where_that_makes_it_vietnamese(font, coded, encoding):
    assert encodings_of({font: coded})[font].encoding == encoding


def test_right_letters_in_one_font_speak_for_its_relatives():
    judged = encodings_of({".VnTime": "Quyết định", ".VnTime,Bold": "là nhân"})
    assert judged[".VnTime,Bold"].encoding is None


def test_what_no_table_makes_vietnamese_is_not_believed():
    judged = encodings_of({".VnTime": "Þ¸x ®q¹z ¶¶a øøb µc¸x ®®d ¹b"})
    assert judged[".VnTime"].encoding is None
    assert not plausible(judged.values())


def test_one_font_of_nonsense_is_enough_to_doubt_a_page():
    judged = encodings_of({"Times": TEXT * 5, "Odd": "Þ¸x ®q¹z ¶¶a øøb µc¸x ®®d ¹b"})
    assert not plausible(judged.values())
    assert plausible(encodings_of({"Times": TEXT}).values())


def test_abbreviations_are_not_strange():
    assert strangeness("QĐ-UBND, NĐ-CP, HĐND, TTĐT, 12/2015") == (0, 0)
    assert strangeness("nghÞ ®Þnh sè") == (3, 2)  # "sè" could be a syllable
    assert strangeness("nghị định số") == (3, 0)
