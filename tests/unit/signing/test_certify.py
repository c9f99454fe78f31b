"""Certified papers: two signatures in their legal corners, nothing else touched."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest

from signing.authority import TestAuthority
from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey
from signing.sign import sign_file
from signing.stamp import StampTexts
from signing.validation import has_signatures, verify_file
from tests.unit.signing.office import NOW, blank_pdf, make_key, make_root
from vocabulary.clock import vietnam_time
from vocabulary.errors import Conflict, InvalidRequest, MissingPart, Stopped, UsageError
from vocabulary.papers import Box


def corners(path: Path) -> tuple[str, str, str]:
    """Text in the left half of the top quarter, in its right half, and everywhere else."""
    document = pypdfium2.PdfDocument(path)
    try:
        document.init_forms()
        page = document[0]
        pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_NORMALDISPLAY)
        page = document[0]
        width, height = page.get_size()
        text = page.get_textpage()
        left = text.get_text_bounded(0, height * 0.75, width / 2, height)
        right = text.get_text_bounded(width / 2, height * 0.75, width, height)
        return left, right, text.get_text_bounded(0, 0, width, height * 0.75)
    finally:
        document.close()


def test_officer_stands_left_and_organisation_right(certified: Path, order: CertifyOrder) -> None:
    left, right, below = corners(certified)
    # Circular 01/2023/TT-VPCP, article 8: name of the person who scanned, time of scanning
    assert "Nguyễn Văn Ánh" in left
    assert vietnam_time(order.scanned_at) in left
    # Decree 30/2020, Phụ lục I, phần II: form of copy, organisation, time of signing
    flat = " ".join(right.split())
    assert f"Sao y; {order.organisation_name}; {vietnam_time(order.signed_at)}" in flat
    assert below.strip() == ""


def test_a_test_authority_says_so_on_the_paper(certified: Path) -> None:
    left, right, _ = corners(certified)
    assert "THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in left
    assert "THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in right


def test_real_keys_bear_no_mark_unless_asked(tmp_path: Path, order: CertifyOrder) -> None:
    root = make_root()
    real = replace(order, officer=make_key(root, number=1), organisation=make_key(root, number=2))
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", real)
    assert "THỬ NGHIỆM" not in "".join(corners(tmp_path / "out.pdf"))
    certify(tmp_path / "in.pdf", tmp_path / "marked.pdf", replace(real, test=True))
    assert "THỬ NGHIỆM" in corners(tmp_path / "marked.pdf")[0]


def test_letters_are_ten_points_times_black(certified: Path) -> None:
    with pikepdf.open(certified) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            form = field.AP.N
            assert b"/F1 10 Tf" in form.read_bytes()
            assert b"0 g" in form.read_bytes()
            assert "/XObject" not in form.Resources  # no image: Decree 30/2020
            assert str(form.Resources.Font["/F1"].BaseFont).endswith("+Tinos")


def test_widths_are_thousandths_of_the_em(certified: Path) -> None:
    """pyHanko's own embedder writes font units there, which PDF/A forbids (6.2.11.5)."""
    with pikepdf.open(certified) as pdf:
        font = pdf.Root.AcroForm.Fields[0].AP.N.Resources.Font["/F1"].DescendantFonts[0]
        widths = [float(width) for width in font.W[1]]
    assert max(widths) < 1100
    assert 250 in [round(width) for width in widths]  # the space of Times


def test_the_file_before_is_a_prefix_of_the_file_after(tmp_path: Path, order: CertifyOrder) -> None:
    blank_pdf(tmp_path / "in.pdf")
    before = (tmp_path / "in.pdf").read_bytes()
    certify(tmp_path / "in.pdf", tmp_path / "out.pdf", order)
    assert (tmp_path / "out.pdf").read_bytes().startswith(before)
    assert (tmp_path / "in.pdf").read_bytes() == before


def top_of(path: Path) -> np.ndarray:
    """The top tenth of page 1 as a person sees it, grey."""
    document = pypdfium2.PdfDocument(path)
    try:
        document.init_forms()
        picture = document[0].render(scale=1, grayscale=True, may_draw_forms=True).to_numpy()
        return picture[: picture.shape[0] // 10].astype(int).copy()
    finally:
        document.close()


@pytest.mark.parametrize(
    ("rotate", "size"), [(90, (842, 595)), (180, (595, 842)), (270, (842, 595))]
)
def test_stamps_on_a_turned_page_look_as_on_one_that_is_not(
    tmp_path: Path, order: CertifyOrder, rotate: int, size: tuple[int, int]
) -> None:
    certify(blank_pdf(tmp_path / "a.pdf", *size), tmp_path / "straight.pdf", order)
    certify(blank_pdf(tmp_path / "b.pdf", 595, 842, rotate=rotate), tmp_path / "turned.pdf", order)
    straight, turned = top_of(tmp_path / "straight.pdf"), top_of(tmp_path / "turned.pdf")
    assert straight.shape == turned.shape
    ink = (255 - straight).mean()
    assert ink > 1
    assert np.abs(straight - turned)[:, 30:-30].mean() < 0.6 * ink  # glyph edges differ a little


@pytest.mark.parametrize("size", [(60, 40), (10, 10), (3000, 60), (3, 3), (14400, 14400)])
def test_any_page_size(tmp_path: Path, order: CertifyOrder, size: tuple[int, int]) -> None:
    certify(blank_pdf(tmp_path / "in.pdf", *size), tmp_path / "out.pdf", order)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        for field in pdf.Root.AcroForm.Fields:
            x0, y0, x1, y1 = (float(value) for value in field.Rect)
            assert 0 <= x0 < x1 <= size[0]
            assert 0 <= y0 < y1 <= size[1]


def test_stamps_step_aside_for_words(tmp_path: Path, order: CertifyOrder) -> None:
    word = Box(20, 8, 120, 16)  # a header line at the very top, left
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", replace(order, avoid=(word,)))
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        officer, organisation = (
            [float(value) for value in field.Rect] for field in pdf.Root.AcroForm.Fields
        )
    assert 841.89 - officer[3] >= 16
    assert 841.89 - officer[1] < 71  # still in the top margin, 25 mm
    assert organisation[3] > officer[3]  # nothing stands in its way


def test_texts_are_data(tmp_path: Path, order: CertifyOrder) -> None:
    texts = StampTexts(organisation=("{form} | {name}", "{time}"), test="TEST")
    own = replace(order, texts=texts, copy_form="Sao lục")
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", own)
    assert f"Sao lục | {order.organisation_name}" in corners(tmp_path / "out.pdf")[1]
    assert "TEST" in corners(tmp_path / "out.pdf")[0]


def test_letters_that_the_font_lacks_become_question_marks(
    tmp_path: Path, order: CertifyOrder
) -> None:
    certify(
        blank_pdf(tmp_path / "in.pdf"),
        tmp_path / "out.pdf",
        replace(order, officer_name="阮文英 Ánh"),
    )
    assert "??? Ánh" in corners(tmp_path / "out.pdf")[0]


def test_a_signed_original_is_not_certified_over(
    certified: Path, order: CertifyOrder, tmp_path: Path
) -> None:
    with pytest.raises(Conflict) as caught:
        certify(certified, tmp_path / "out.pdf", order)
    assert caught.value.error_code == "already_signed"
    assert list(tmp_path.iterdir()) == []


def test_an_expired_certificate_does_not_sign(tmp_path: Path, order: CertifyOrder) -> None:
    old = make_key(make_root(), end=NOW - timedelta(days=1))
    with pytest.raises(InvalidRequest) as caught:
        certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", replace(order, officer=old))
    assert caught.value.error_code == "certificate_expired"
    assert [path.name for path in tmp_path.iterdir()] == ["in.pdf"]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"%PDF-1.7 broken", "damaged"), (b"not a pdf", "damaged")]
)
def test_broken_files_leave_nothing_behind(
    tmp_path: Path, order: CertifyOrder, content: bytes, reason: str
) -> None:
    (tmp_path / "in.pdf").write_bytes(content)
    with pytest.raises(Stopped) as caught:
        certify(tmp_path / "in.pdf", tmp_path / "out.pdf", order)
    assert caught.value.reason == reason
    assert [path.name for path in tmp_path.iterdir()] == ["in.pdf"]


def test_encrypted_files_are_not_signed(tmp_path: Path, order: CertifyOrder) -> None:
    blank_pdf(tmp_path / "plain.pdf")
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        pdf.save(tmp_path / "in.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Stopped) as caught:
        certify(tmp_path / "in.pdf", tmp_path / "out.pdf", order)
    assert caught.value.reason == "encrypted"


def test_a_folder_that_cannot_be_written(tmp_path: Path, order: CertifyOrder) -> None:
    with pytest.raises(MissingPart) as caught:
        certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "no" / "out.pdf", order)
    assert caught.value.error_code == "folder_not_writable"


def test_higher_levels_need_a_timestamp_authority(tmp_path: Path, order: CertifyOrder) -> None:
    with pytest.raises(UsageError):
        certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", replace(order, level="B-T"))


def test_one_signature_at_a_time(
    tmp_path: Path, officer: SigningKey, organisation: SigningKey, authority: TestAuthority
) -> None:
    """``sohoa sign``: officer, then organisation, then the officer of another department."""
    blank_pdf(tmp_path / "0.pdf")
    sign_file(tmp_path / "0.pdf", tmp_path / "1.pdf", officer, "officer", name="Lê Thị Ký")
    sign_file(tmp_path / "1.pdf", tmp_path / "2.pdf", organisation, "organisation")
    sign_file(tmp_path / "2.pdf", tmp_path / "3.pdf", make_key(make_root()), "officer")
    assert "Lê Thị Ký" in corners(tmp_path / "1.pdf")[0]
    assert "Sao y" in corners(tmp_path / "2.pdf")[1]
    report = verify_file(tmp_path / "3.pdf", [authority.root_pem])
    assert [signature.integrity for signature in report.signatures] == ["intact"] * 3
    assert has_signatures(tmp_path / "3.pdf")


def test_a_certified_paper_takes_no_third_visible_signature(
    certified: Path, tmp_path: Path, officer: SigningKey
) -> None:
    """It would break the certification, as every careful reader would say."""
    with pytest.raises(Conflict) as caught:
        sign_file(certified, tmp_path / "3.pdf", officer, "officer")
    assert caught.value.error_code == "changes_forbidden"
    assert list(tmp_path.iterdir()) == []


def test_a_stamp_finds_an_empty_place_where_the_margin_is_full(
    tmp_path: Path, order: CertifyOrder
) -> None:
    full = tuple(Box(0, top, 595, top + 12) for top in (8, 22, 36, 50, 64, 78))
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", replace(order, avoid=full))
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        for field in pdf.Root.AcroForm.Fields:
            _, low, _, high = (float(number) for number in field.Rect)
            assert 841.89 * 0.75 <= low < high <= 841.89 - 90
    crowded = tuple(Box(0, top, 595, top + 12) for top in range(0, 842, 14))
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", replace(order, avoid=crowded))
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        for field in pdf.Root.AcroForm.Fields:  # nowhere is room: the margin, as little as can be
            assert float(field.Rect[3]) >= 841.89 - 90
