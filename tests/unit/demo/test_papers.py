"""Papers from a seed: the same every time, laid out by the decree, with exact truth."""

import io
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from demo.papers import PaperKind, born_digital_pdf, make_paper, make_subject, render
from demo.papers.certificates import later
from demo.papers.fonts import Face, font_file
from demo.papers.subjects import mst_check_digit
from vocabulary.errors import MissingPart
from vocabulary.papers import FIELD_NAMES

KINDS = list(PaperKind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_always_makes_the_same_pixels(kind: PaperKind) -> None:
    first, again = (render(make_paper(kind, 4).pages[0], 60) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != render(make_paper(kind, 5).pages[0], 60).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_of_the_truth_stand_on_the_paper(kind: PaperKind) -> None:
    for seed in range(6):
        paper = make_paper(kind, seed)
        said = " ".join(page.text for page in paper.pages)
        assert set(paper.fields) <= set(FIELD_NAMES)
        for name, value in paper.fields.items():
            if name.endswith("_date") or name == "doc_type":
                continue
            parts = value if isinstance(value, tuple) else value.split(" / ")
            for part in parts:
                loose = said.replace(" /", "/")
                assert part in said or part in loose, (seed, name, part)


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_its_ink_inside_its_box(kind: PaperKind) -> None:
    for page in make_paper(kind, 2).pages:
        image = np.asarray(render(page, 150).convert("L"))
        scale = image.shape[1] / page.width_pt
        for word in page.words:
            x0, y0, x1, y1 = (round(value * scale) for value in word.box)
            assert 0 <= word.box.x0 < word.box.x1 <= page.width_pt
            assert 0 <= word.box.y0 < word.baseline < word.box.y1 <= page.height_pt
            assert image[y0:y1, x0:x1].min() < 170, word.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_the_truth_is_composed_vietnamese(kind: PaperKind) -> None:
    for word in make_paper(kind, 3).words:
        assert word.text == unicodedata.normalize("NFC", word.text)
        assert " " not in word.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_born_digital_pdf_says_exactly_the_words_of_the_truth(kind: PaperKind) -> None:
    paper = make_paper(kind, 9)
    document = pypdfium2.PdfDocument(io.BytesIO(born_digital_pdf(paper)))
    try:
        for page, drawn in zip(paper.pages, document, strict=True):
            found = sorted(drawn.get_textpage().get_text_range().split())
            spaced = {word.text for word in page.words if word.style.tracking > 1}
            told = sorted(word.text for word in page.words if word.text not in spaced)
            missing = [word for word in told if word not in found]
            assert not missing
    finally:
        document.close()


def test_a_born_digital_pdf_is_the_same_every_time() -> None:
    paper = make_paper(PaperKind.LETTER, 1)
    assert born_digital_pdf(paper) == born_digital_pdf(make_paper(PaperKind.LETTER, 1))


def test_state_name_stands_right_and_issuer_left_as_decree_30_orders() -> None:
    for seed in range(8):
        page = make_paper(PaperKind.DECISION, seed).pages[0]
        state = next(word for word in page.words if word.text == "CỘNG")
        issuer = next(word for word in page.words if word.text in ("ỦY", "SỞ"))
        assert issuer.box.x0 < page.width_pt * 0.4 < state.box.x0
        assert state.style.face == issuer.style.face == Face.BOLD


def test_bases_are_italic_and_the_second_page_is_numbered() -> None:
    paper = next(
        paper for paper in (make_paper(PaperKind.DECISION, seed) for seed in range(20))
        if len(paper.pages) > 1
    )  # fmt: skip
    base = next(word for word in paper.words if word.text == "Căn")
    assert base.style.face == Face.ITALIC
    assert paper.pages[1].words[0].text == "2"
    assert all(word.text != "1" or word.box.y0 > 60 for word in paper.pages[0].words)


def test_decisions_have_one_to_three_pages_or_as_many_as_wished() -> None:
    counts = {len(make_paper(PaperKind.DECISION, seed).pages) for seed in range(40)}
    assert counts == {1, 2, 3}
    assert len(make_paper(PaperKind.DECISION, 1, pages=5).pages) >= 5


def test_wishes_replace_what_the_seed_chose() -> None:
    paper = make_paper(
        PaperKind.LETTER, 5, number_symbol="/SKHCN-VP", issue_date=date(2024, 1, 15),
        signer="Nguyễn Xuân Thử", secrecy="MẬT", footer="MẪU THỬ NGHIỆM",
    )  # fmt: skip
    assert paper.fields["number_symbol"] == "/SKHCN-VP"
    assert paper.fields["issue_date"] == "2024-01-15"
    assert paper.fields["secrecy"] == "MẬT"
    said = paper.pages[0].text
    assert "ngày 15 tháng 01 năm 2024" in said
    assert "MẬT" in said
    assert said.endswith("MẪU THỬ NGHIỆM")


def test_invented_numbers_pass_their_checks() -> None:
    for seed in range(200):
        company = make_subject("vn:mst", seed)
        assert mst_check_digit(company.id[:9]) == company.id[9]
        person = make_subject("vn:cccd", seed)
        century, year = int(person.id[3]), person.id[4:6]
        assert century % 2 == (person.sex == "Nữ")
        assert f"{19 + century // 2}{year}" == str(person.birth.year)


def test_one_subject_can_hold_several_papers() -> None:
    holder = make_subject("vn:mst", 3)
    licence = make_paper(PaperKind.LICENCE, 1, subject=holder)
    certificate = make_paper(PaperKind.CERTIFICATE, 2, subject=holder)
    assert licence.fields["holder_id"] == certificate.fields["holder_id"] == holder.id


def test_a_health_form_expires_after_six_months() -> None:
    paper = make_paper(PaperKind.HEALTH_FORM, 1, issue_date=date(2025, 8, 31))
    assert paper.fields["expiry_date"] == "2026-02-28"
    assert later(date(2025, 1, 15), years=3) == date(2028, 1, 15)


def test_the_cards_qr_code_says_what_real_cards_say() -> None:
    for seed in range(2):
        paper = make_paper(PaperKind.IDENTITY_CARD, seed)
        found = zxingcpp.read_barcodes(np.asarray(render(paper.pages[0], 300)))
        assert [code.text for code in found] == [paper.pages[0].codes[0].text]
        parts = found[0].text.split("|")
        assert len(parts) == 7
        assert parts[0] == paper.fields["holder_id"]


def test_a_missing_font_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(MissingPart) as caught:
        font_file(Face.ROMAN, (tmp_path,))
    assert "fonts-croscore" in caught.value.vi
    assert caught.value.detail["package"] == "fonts-croscore"
