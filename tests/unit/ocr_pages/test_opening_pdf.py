"""PDF pages: image taken out, drawn, or read from their own text, with nothing out of place."""

import zlib

import numpy as np
import pikepdf
import pytest

from ocr.opening import OpenLimits, open_document
from ocr.opening.frames import point_through
from tests.unit.ocr_pages.drawing import A4_PT, image_pdf, jpeg, text_pdf
from tests.unit.ocr_pages.test_opening_images import corner_mark, marked_corner
from vocabulary.errors import Stopped

WORDS = b"BT /F1 12 Tf 100 600 Td (Decision number) Tj 0 -20 Td (two words more) Tj ET"


def opened(path, number=1, limits=None):
    with open_document(path, "application/pdf", limits) as document:
        return document.page(number)


def scanned(tmp_path, **options):
    image = corner_mark("L", (1000, 1415))
    return image_pdf(tmp_path / "scan.pdf", jpeg(image), image.size, **options)


@pytest.mark.parametrize(
    ("rotate", "corner"),
    [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")],
)
def test_a_page_image_is_taken_out_as_shown(tmp_path, rotate, corner):
    page = opened(scanned(tmp_path, rotate=rotate))
    assert marked_corner(page.pixels) == corner
    shown = A4_PT if rotate in (0, 180) else A4_PT[::-1]
    assert (page.width_pt, page.height_pt) == pytest.approx(shown)
    high, wide = page.pixels.shape
    assert point_through(page.to_points, 0, 0) == pytest.approx((0, 0), abs=0.01)
    assert point_through(page.to_points, wide, high) == pytest.approx(shown, abs=0.01)
    assert page.pixels.size == 1000 * 1415
    assert page.dpi == 121


@pytest.mark.parametrize(
    ("placed", "corner"),
    [
        ("0 842 -595 0 595 0", "bottom left"),
        ("-595 0 0 -842 595 842", "bottom right"),
        ("0 -842 595 0 0 842", "top right"),
    ],
)
def test_an_image_that_the_page_itself_turns(tmp_path, placed, corner):
    page = opened(scanned(tmp_path, placed=placed))
    assert marked_corner(page.pixels) == corner


def test_user_unit_makes_the_page_larger(tmp_path):
    page = opened(scanned(tmp_path, user_unit=2.0))
    assert (page.width_pt, page.height_pt) == pytest.approx((1190, 1684))


def test_more_than_an_image_is_drawn_whole(tmp_path):
    page = opened(scanned(tmp_path, extra=b"0 g 495 0 100 100 re f"))
    assert page.pixels[-20, -20] < 50
    assert page.pixels[20, 20] < 50
    assert page.pixels[20, -20] > 200


def test_an_image_with_a_mask_is_drawn(tmp_path):
    path = scanned(tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].obj.Resources.XObject.Im0
        image.Decode = pikepdf.Array([1, 0])
        pdf.save(path)
    page = opened(path)
    assert page.pixels[20, 20] > 200 > 50 > page.pixels[-20, -20]


def test_born_digital_words_have_boxes_and_baselines(tmp_path):
    page = opened(text_pdf(tmp_path / "text.pdf", WORDS))
    assert page.pixels is None
    assert [line.text for line in page.own_lines] == ["Decision number", "two words more"]
    first = page.own_lines[0]
    assert first.words[0].source == "text"
    assert first.baseline.x0 == pytest.approx(100, abs=0.5)
    assert first.baseline.y0 == pytest.approx(842 - 600, abs=0.01)
    assert first.height == pytest.approx(12)
    assert first.box.y0 < 842 - 600 < first.box.y1


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_born_digital_pages_that_are_shown_turned_say_how_to_turn_them_back(tmp_path, rotate):
    page = opened(text_pdf(tmp_path / "text.pdf", WORDS, rotate=rotate))
    assert page.text_turn == (360 - rotate) % 360
    assert page.own_lines[0].text == "Decision number"


def test_the_text_of_a_stamp_is_read_and_named_as_such(tmp_path):
    stamp = b"BT /F1 12 Tf 5 10 Td (354/QD) Tj ET"
    page = opened(text_pdf(tmp_path / "text.pdf", WORDS, appearance=stamp))
    stamps = [line for line in page.own_lines if line.words[0].source == "annotation"]
    assert [line.text for line in stamps] == ["354/QD"]
    assert stamps[0].baseline.y0 == pytest.approx(842 - 710, abs=0.01)
    assert len(page.own_lines) == 3


@pytest.mark.parametrize("mode", [b"3 Tr", b"0 Tr"])
def test_a_scan_with_a_small_or_invisible_text_layer_is_a_scan(tmp_path, mode):
    from tests.unit.ocr_pages.drawing import helvetica

    layer = b"BT /F1 8 Tf " + mode + b" 100 100 Td (Signed by somebody) Tj ET"
    fonts = {"Font": pikepdf.Dictionary(F1=helvetica())}
    page = opened(scanned(tmp_path, extra=layer, resources=fonts))
    assert page.pixels is not None
    assert page.own_lines == ()


def test_an_empty_page_has_nothing(tmp_path):
    page = opened(text_pdf(tmp_path / "text.pdf", b""))
    assert page.pixels is None
    assert page.own_lines == ()


def test_encrypted(tmp_path):
    with pikepdf.open(text_pdf(tmp_path / "text.pdf", WORDS)) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="a", owner="b"))
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "locked.pdf")
    assert stopped.value.reason == "encrypted"


def test_a_file_that_only_forbids_changes_is_read(tmp_path):
    with pikepdf.open(text_pdf(tmp_path / "text.pdf", WORDS)) as pdf:
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(owner="b"))
    assert len(opened(tmp_path / "owned.pdf").own_lines) == 2


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"%PDF-1.7 nothing more", "damaged")]
)
def test_what_is_no_pdf(tmp_path, content, reason):
    (tmp_path / "file.pdf").write_bytes(content)
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "file.pdf")
    assert stopped.value.reason == reason


def test_instructions_that_unpack_without_end_are_not_unpacked(tmp_path):
    inner = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    path = text_pdf(tmp_path / "bomb.pdf", b"")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, inner, Filter=filters)
        pdf.save(path)
    assert path.stat().st_size < 100_000
    with pytest.raises(Stopped) as stopped:
        opened(path)
    assert stopped.value.reason == "decompression_bomb"


def test_pages_of_absurd_size(tmp_path):
    with pytest.raises(Stopped) as stopped:
        opened(scanned(tmp_path, user_unit=30.0))
    assert stopped.value.reason == "page_too_large"


def test_large_pages_are_reduced_and_said_so(tmp_path):
    path = scanned(tmp_path, extra=b"0 g 0 0 10 10 re f")
    page = opened(path, limits=OpenLimits(read_pixels=500_000))
    assert page.pixels.size <= 510_000
    assert "reduced" in page.flags


def test_too_many_pages(tmp_path):
    pdf = pikepdf.new()
    for _ in range(4):
        pdf.add_blank_page()
    pdf.save(tmp_path / "many.pdf")
    with pytest.raises(Stopped) as stopped:
        opened(tmp_path / "many.pdf", limits=OpenLimits(max_pages=3))
    assert stopped.value.reason == "too_many_pages"


def test_a_picture_for_people_has_the_size_asked_for(tmp_path):
    path = text_pdf(tmp_path / "text.pdf", WORDS, appearance=b"0 g 0 0 200 40 re f")
    with open_document(path, "application/pdf") as document:
        picture = document.picture(1, 72)
    assert picture.shape[:2] == (842, 595)
    assert np.median(picture[110:135, 110:290]) < 50  # the stamp is seen
