"""The seal on an electronic original: red, of its real size, nothing else."""

from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from signing.seal_image import SealImage
from signing.sign import sign_file
from signing.validation import verify_file
from tests.unit.signing.office import blank_pdf, make_key, make_root
from vocabulary.errors import InvalidRequest, MissingPart, UsageError

RED = (213, 30, 40, 255)


def seal(path: Path, colour: tuple[int, ...] = RED, ground: tuple[int, ...] = (0, 0, 0, 0)) -> Path:
    image = Image.new("RGBA", (400, 400), ground)
    ImageDraw.Draw(image).ellipse((4, 4, 396, 396), outline=colour, width=30)
    image.save(path, "PNG")
    return path


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_it_stands_where_it_is_told_in_its_real_size(tmp_path: Path, rotate: int) -> None:
    picture = seal(tmp_path / "dau.png")
    blank_pdf(tmp_path / "in.pdf", rotate=rotate, pages=2)
    root = make_root()
    sign_file(
        tmp_path / "in.pdf", tmp_path / "out.pdf", make_key(root), "organisation",
        seal=SealImage(picture, 36, 2, 100, 120),
    )  # fmt: skip
    (record,) = verify_file(tmp_path / "out.pdf", [root.pem(tmp_path)]).signatures
    assert (record.verdict, record.field) == ("valid", "CoQuan")
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        document.init_forms()
        pages = [document[n].render(scale=2).to_numpy().copy() for n in (0, 1)]
    red = [(page[:, :, 2] > 150) & (page[:, :, 1] < 120) for page in pages]
    assert not red[0].any()
    rows, columns = np.nonzero(red[1])
    scale = 25.4 / 72 / 2  # millimetres a pixel
    assert abs((columns.max() - columns.min()) * scale - 36) < 1
    assert abs((columns.max() + columns.min()) / 2 * scale - 100) < 0.5
    assert abs((rows.max() + rows.min()) / 2 * scale - 120) < 0.5
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.Root.AcroForm.Fields[0].TU == "Con dấu"


def attempt(folder: Path, image: SealImage) -> None:
    blank_pdf(folder / "in.pdf")
    sign_file(folder / "in.pdf", folder / "out.pdf", make_key(make_root()), "organisation",
              seal=image)  # fmt: skip


def test_what_is_no_seal_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    good = seal(tmp_path / "dau.png")
    (tmp_path / "text.png").write_text("không phải ảnh")
    Image.new("RGB", (10, 10), "red").save(tmp_path / "a.jpg")
    unfit = [
        SealImage(seal(tmp_path / "xanh.png", (20, 20, 200, 255)), 36, 1, 100, 100),
        SealImage(seal(tmp_path / "dac.png", RED, (255, 255, 255, 255)), 36, 1, 100, 100),
        SealImage(tmp_path / "text.png", 36, 1, 100, 100),
        SealImage(tmp_path / "a.jpg", 36, 1, 100, 100),
        SealImage(good, 90, 1, 100, 100),
    ]
    for image in unfit:
        with pytest.raises(InvalidRequest) as caught:
            attempt(tmp_path, image)
        assert caught.value.error_code == "seal_image_unfit", image
    with pytest.raises(InvalidRequest) as outside:
        attempt(tmp_path, SealImage(good, 36, 1, 5, 5))
    assert outside.value.error_code == "seal_outside_the_page"
    with pytest.raises(MissingPart):
        attempt(tmp_path, SealImage(tmp_path / "khong-co.png", 36, 1, 100, 100))
    with pytest.raises(UsageError):
        attempt(tmp_path, SealImage(good, 36, 9, 100, 100))
    assert not (tmp_path / "out.pdf").exists()
