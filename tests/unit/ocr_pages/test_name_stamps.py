"""A signer's name stamped in blue is found among pens and seals, levelled, read, and placed."""

from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engines.own.engine import OwnEngine
from ocr.fields import extract_fields
from ocr.name_stamps import could_be_name, name_stamps, without_echoes
from ocr.opening import open_document
from ocr.ports import Pixels
from ocr.reading import read_page
from tests.unit.ocr_pages.drawing import face, letter_page
from vocabulary.papers import Baseline, Box, Line, PageReading, Word

DPI: Final = 200
NAME: Final = "Nguyễn Thành Diệu"
SCRIPT: Final = "/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyrechorus-mediumitalic.otf"
MIDDLE: Final = (1130, 1480)
"""Of the stamp on the page, in pixels."""
HEAD: Final = (
    (420, 130, "ỦY BAN NHÂN DÂN"),
    (420, 175, "TỈNH LÂM ĐỒNG"),
    (420, 240, "Số: 181/QĐ-UBND"),
    (1120, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (1120, 175, "Độc lập - Tự do - Hạnh phúc"),
    (1120, 240, "Lâm Đồng, ngày 05 tháng 3 năm 2025"),
    (826, 340, "QUYẾT ĐỊNH"),
    (826, 385, "Về việc công bố danh mục thủ tục hành chính"),
    (MIDDLE[0], 1060, "KT. CHỦ TỊCH"),
    (MIDDLE[0], 1105, "PHÓ CHỦ TỊCH"),
)
BLUE, VIOLET, RED = (30, 50, 190), (95, 50, 170), (215, 30, 40)
Colour = tuple[int, int, int]


def stamped(
    name: str = NAME, lean: float = 10, colour: Colour = BLUE, size: int = 48
) -> Image.Image:
    """A short decision: a red seal under the title, a pen and the name's stamp in blue."""
    page = letter_page(top_pt=170).image.convert("RGB")
    draw = ImageDraw.Draw(page)
    for middle, top, text in HEAD:
        draw.text((middle, top), text, (20, 20, 20), face(34), anchor="ms")
    draw.text((195, 1060), "Nơi nhận:", (20, 20, 20), face(33), anchor="ls")
    draw.text((195, 1100), "- Như Điều 3;", (20, 20, 20), face(30), anchor="ls")
    draw.ellipse((800, 1130, 1085, 1415), outline=RED, width=6)
    pen = [(960, 1350), (1040, 1190), (1060, 1330), (1130, 1220), (1150, 1320), (1420, 1230)]
    draw.line(pen, (40, 80, 210), 6, joint="curve")
    draw.line([(820, 1440), (1500, 1330)], (40, 80, 210), 6)
    stamp = Image.new("L", (900, 500), 0)
    ImageDraw.Draw(stamp).text((450, 250), name, 255, ImageFont.truetype(SCRIPT, size), anchor="mm")
    stamp = stamp.rotate(lean, Image.Resampling.BICUBIC)
    page.paste(colour, (MIDDLE[0] - 450, MIDDLE[1] - 250), stamp)
    return page


def pixels_of(page: Image.Image) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(page), cv2.COLOR_RGB2BGR), dtype=np.uint8)


def reading(page: Image.Image, folder: Path, turn: int = 0) -> PageReading:
    packed = BytesIO()
    page.rotate(turn, expand=True).save(packed, "JPEG", quality=85, dpi=(DPI, DPI))
    path = folder / "page.jpg"
    path.write_bytes(packed.getvalue())
    with open_document(path, "image/jpeg") as document:
        return read_page(document, 1, OwnEngine())


def texts(reading: PageReading) -> list[str]:
    return [" ".join(word.text for word in line.words) for line in reading.lines]


@pytest.mark.parametrize("lean", [-15, -8, 0, 8, 15])
def test_a_leaning_stamp_is_cut_out_level(lean: float) -> None:
    (stamp,) = name_stamps(pixels_of(stamped(lean=lean)), DPI, DPI)
    rows, columns = np.nonzero(stamp.pixels < 128)
    assert np.ptp(columns) > 5.5 * np.ptp(rows)
    slope = np.polyfit(columns, rows, 1)[0]
    assert abs(np.degrees(np.arctan(slope))) < 2


def test_its_place_on_the_page_is_known() -> None:
    (stamp,) = name_stamps(pixels_of(stamped(lean=12)), DPI, DPI)
    rows, columns = np.nonzero(stamp.pixels < 128)
    ends = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    x, y, _ = stamp.to_page @ (*ends, 1.0)
    assert abs(x - MIDDLE[0]) < 12
    assert abs(y - MIDDLE[1]) < 12


def test_seals_and_pens_alone_are_no_stamps() -> None:
    assert name_stamps(pixels_of(stamped(name="")), DPI, DPI) == []


def test_a_grey_page_and_a_fax_have_none() -> None:
    page = pixels_of(stamped())
    assert name_stamps(np.asarray(page[:, :, 0]), DPI, DPI) == []
    assert name_stamps(page, 204, 98) == []


@pytest.mark.parametrize("shape", [(3, 900), (900, 3), (1, 1)])
@pytest.mark.parametrize("dpi", [200, 2400])
def test_a_scrap_of_blue_has_none(shape: tuple[int, int], dpi: float) -> None:
    assert name_stamps(np.full((*shape, 3), BLUE[::-1], np.uint8), dpi, dpi) == []


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_name_is_read_where_it_stands(tmp_path: Path, turn: int) -> None:
    page = reading(stamped(), tmp_path, turn)
    (line,) = [line for line in page.lines if " ".join(w.text for w in line.words) == NAME]
    middle = (line.box.x0 + line.box.x1) / 2, (line.box.y0 + line.box.y1) / 2
    assert middle == pytest.approx([side * 72 / DPI for side in MIDDLE], abs=6)


@pytest.mark.parametrize("colour", [BLUE, VIOLET], ids=["blue", "violet"])
@pytest.mark.parametrize("lean", [-9, 0, 12])
def test_who_signs_is_the_stamped_name(tmp_path: Path, colour: Colour, lean: float) -> None:
    fields = extract_fields([reading(stamped(colour=colour, lean=lean), tmp_path)])
    assert fields["signer"].value == NAME


def test_a_pen_alone_makes_no_name(tmp_path: Path) -> None:
    page = reading(stamped(name=""), tmp_path)
    assert "signer" not in extract_fields([page])
    assert texts(page)[-1] in {"PHÓ CHỦ TỊCH", "- Như Điều 3;"}


@pytest.mark.parametrize("ink", [(15, 25, 105), (20, 35, 150)])
def test_a_name_filled_in_behind_its_label_is_read_once(tmp_path: Path, ink: Colour) -> None:
    page = letter_page(top_pt=170).image.convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.text((195, 1300), "Họ và tên người khám:", (20, 20, 20), face(36), anchor="ls")
    draw.text((545, 1300), "MAI VĂN TRƯỜNG", ink, face(36), anchor="ls")
    assert "Họ và tên người khám: MAI VĂN TRƯỜNG" in texts(reading(page, tmp_path))


def line_of(left: float, text: str, confidence: float) -> Line:
    """Words side by side, ten points a letter."""
    words, x = [], left
    for part in text.split():
        words.append(Word(part, Box(x, 100, x + 10 * len(part), 112), confidence, "ocr", "test"))
        x += 10 * len(part) + 4
    return Line(tuple(words), Baseline(left, 110, x, 110), 12)


@pytest.mark.parametrize(("surety", "wins"), [(98, False), (70, True)])
def test_the_surer_reading_counts_and_the_label_before_it_stays(surety: float, wins: bool) -> None:
    label, name = "Họ và tên:", "MAI VĂN TRƯỜNG"
    start = line_of(50, f"{label} MAI", 99).words[-1].box.x0
    stamp = line_of(start, "MAI VĂN TRƯƠNG", 90)
    printed = line_of(50, f"{label} {name}", surety)
    assert could_be_name(stamp, [printed]) == wins
    left = without_echoes(printed, [stamp])
    assert left is not None
    assert left.text == label
    assert without_echoes(stamp, [stamp]) is None
    assert without_echoes(line_of(300, name, 90), [line_of(50, name, 90)]) is not None
