"""The shape of Vietnamese: what tells text from broken text and up from down."""

import pytest

from ocr.opening.text_trust import plausible
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


def test_running_text_is_plausible():
    assert plausible("Quyết định này có hiệu lực thi hành kể từ ngày ký, Giám đốc các Sở")
    assert plausible("The quick brown fox")


@pytest.mark.parametrize(
    "legacy",
    [
        "QuyÕt ®Þnh nµy cã hiÖu lùc thi hµnh kÓ tõ ngµy ký. Gi¸m ®èc c¸c Së",  # TCVN3
        "Quyeát ñònh naøy coù hieäu löïc thi haønh keå töø ngaøy kyù, caùc Sôû",  # VNI
    ],
)
def test_legacy_encodings_are_not_believed(legacy):
    assert not plausible(legacy)


def test_what_is_read_upside_down_is_no_language():
    assert plausible_share(["ɓuoud", "elp", "uǝʎnb", "yuıɥɔ"]) < 0.3
    assert plausible_share(["Căn", "cứ", "Luật", "Tổ", "chức", "ngày", "19"]) > 0.9
    assert plausible_share(["của"]) == 0.0
