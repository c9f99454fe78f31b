"""The shape of Vietnamese: what tells text from broken text and up from down."""

import pytest

from ocr.opening.legacy_encodings import strangeness
from ocr.opening.text_trust import encodings_of, plausible
from ocr.plausible_words import plausible_share
from ocr.syllable_shape import is_syllable

SYLLABLES = (
    "QUYẾT Nghị nghiêng giếng khuyến thuở quý của hoà hòa khoẻ gì oai xoắn thuế đường yêu ủy ươm "
    "rượu ngoằn khuya tuyên loét"
)
IMPOSSIBLE = "QuyÕt Quyeát ñònh strong TTHC 12 Kz quyềến ngx"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", IMPOSSIBLE.split())
def test_what_cannot_be_one(word):
    assert not is_syllable(word)


def believed(text: str) -> bool:
    return plausible(encodings_of({"TimesNewRomanPSMT": text}).values())


def test_running_text_is_plausible():
    assert believed("Quyết định này có hiệu lực thi hành kể từ ngày ký, Giám đốc các Sở")
    assert believed("The quick brown fox")


@pytest.mark.parametrize(
    "legacy",
    [
        "QuyÕt ®Þnh nµy cã hiÖu lùc thi hµnh kÓ tõ ngµy ký. Gi¸m ®èc c¸c Së",  # TCVN3
        "Quyeát ñònh naøy coù hieäu löïc thi haønh keå töø ngaøy kyù, caùc Sôû",  # VNI
        "Quyết đđịnh nxày cáó hiẹấu lừực thxi hàảnh kxể tqừ nggày kzý",
    ],
)
def test_broken_text_is_strange(legacy):
    marked, odd = strangeness(legacy)
    assert odd > 0.35 * marked


def test_what_is_read_upside_down_is_no_language():
    assert plausible_share(["ɓuoud", "elp", "uǝʎnb", "yuıɥɔ"]) < 0.3
    assert plausible_share(["Căn", "cứ", "Luật", "Tổ", "chức", "ngày", "19"]) > 0.9
    assert plausible_share(["của"]) == 0.0
