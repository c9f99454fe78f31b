"""Bad files are what they claim to be, small on disk, and cheap to make."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image

from demo import hostile
from vocabulary.reasons import REASONS


@pytest.mark.parametrize("bad", hostile.HOSTILE, ids=lambda bad: bad.name)
def test_each_names_known_reasons_and_is_small(bad: hostile.HostileFile) -> None:
    assert set(bad.reasons) <= set(REASONS)
    assert len(bad.build()) < 5_000_000


def test_zeros_are_valid_zlib_data() -> None:
    for length in (0, 1, 5_000_000):
        assert zlib.decompress(hostile.zlib_zeros(length)) == bytes(length)


def test_the_content_bomb_is_a_few_kilobytes_for_two_gibibytes() -> None:
    assert len(hostile.bomb_content()) < 8_000
    with pikepdf.open(io.BytesIO(hostile.bomb_content(3 << 20))) as pdf:
        assert len(pdf.pages[0].Contents.read_bytes()) == 3 << 20


def test_the_picture_bombs_are_sound_pictures_when_small() -> None:
    with Image.open(io.BytesIO(hostile.giant_png(100))) as image:
        assert image.size == (100, 100)
        assert image.convert("L").getextrema() == (255, 255)
    with pikepdf.open(io.BytesIO(hostile.bomb_image(64))) as pdf:
        assert len(pdf.pages[0].obj.Resources.XObject.Im0.read_bytes()) == 64 * 64


def test_the_zip_bomb_is_a_sound_archive_when_small() -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.zip_bomb(3 << 20, 2))) as archive:
        assert archive.testzip() is None
        assert [entry.file_size for entry in archive.infolist()] == [3 << 20] * 2


def test_pages_and_page_size_are_as_asked() -> None:
    with pikepdf.open(io.BytesIO(hostile.pdf_of_pages(7))) as pdf:
        assert len(pdf.pages) == 7
    with pikepdf.open(io.BytesIO(hostile.giant_page(99_000))) as pdf:
        assert list(pdf.pages[0].mediabox) == [0, 0, 99_000, 99_000]
    with pikepdf.open(io.BytesIO(hostile.pdf_without_pages())) as pdf:
        assert len(pdf.pages) == 0


def test_the_encrypted_file_opens_with_its_password_only() -> None:
    data = hostile.encrypted_pdf("mở ra")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(data))
    with pikepdf.open(io.BytesIO(data), password="mở ra") as pdf:
        assert len(pdf.pages) == 1


def test_the_truncated_and_the_random_file_do_not_open() -> None:
    for data in (hostile.truncated_pdf(), hostile.random_bytes()):
        with pytest.raises(pikepdf.PdfError):
            pikepdf.open(io.BytesIO(data))
