"""The QR code of a card found on a page image, with its place."""

from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from ocr.codes import read_codes
from ocr.fields import extract_fields
from ocr.opening import RawPage
from tests.unit.ocr_fields.paper_builder import Page

CARD = "033090123456||Nguyễn Văn A|01011990|Nam|Phố Nối, Hưng Yên|15042021"


def page_with(text: str) -> RawPage:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = np.array(zxingcpp.write_barcode_to_image(code, scale=4), dtype=np.uint8)
    pixels = np.full((1200, 900), 255, np.uint8)
    pixels[100 : 100 + drawn.shape[0], 200 : 200 + drawn.shape[1]] = drawn
    return RawPage(1, 432.0, 576.0, pixels, 150, np.diag([0.48, 0.48, 1.0]))


def test_a_card_on_a_scan_gives_its_holder() -> None:
    codes = read_codes(page_with(CARD))
    assert [code.text for code in codes] == [CARD]
    fields = extract_fields([replace(Page().reading(), codes=codes)])
    assert fields["holder_id"].value == "033090123456"
    assert fields["holder_id"].source == "qr"
    box = fields["holder_id"].box
    assert box is not None
    assert 90 < box.x0 < 115
    assert 40 < box.y0 < 70


def test_a_page_in_colour_is_read_too_and_an_empty_one_has_no_code() -> None:
    page = page_with(CARD)
    assert page.pixels is not None
    colour = cv2.cvtColor(page.pixels, cv2.COLOR_GRAY2BGR)
    assert read_codes(RawPage(1, 432.0, 576.0, colour, 150, page.to_points))
    blank = np.full((300, 300), 255, np.uint8)
    assert read_codes(RawPage(1, 144.0, 144.0, blank, 150, page.to_points)) == ()
    assert read_codes(RawPage(1, 144.0, 144.0, None, 0, page.to_points)) == ()
