"""The file as a whole: the same bytes each time, whole or not at all, ready to be certified."""

import errno
import math
import os
import resource
import signal
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr.compose import compose_pdfa
from signing.authority import ensure_test_authority
from signing.certify import CertifyOrder, certify
from signing.keys import load_pkcs12
from tests.integration.pdfa.papers import (
    INFO,
    encoded,
    jpeg_stream,
    paper,
    saved,
    scan_pdf,
    texts_of,
)
from tests.integration.pdfa.words import assert_words, pdfium_text, poppler_text
from tests.judges.fixtures import Dss, VeraPdf
from tests.judges.render import pages_equal
from vocabulary.errors import Stopped
from vocabulary.papers import Baseline, Box

PDF = "application/pdf"


def _scan(folder: Path, pages: int = 1) -> Path:
    pdf = scan_pdf(jpeg_stream(paper().image))
    for _ in range(pages - 1):
        pdf.pages.append(pdf.pages[0])
    return saved(pdf, folder / "scan.pdf")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = _scan(tmp_path)
    outs = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for out in outs:
        compose_pdfa(source, PDF, [paper().reading], INFO, out)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    with pikepdf.open(outs[0]) as pdf:
        assert pdf.trailer.ID is not None


def test_a_certified_file_is_still_pdfa_and_both_judges_agree(
    tmp_path: Path, verapdf: VeraPdf, dss: Dss
) -> None:
    source, composed, out = _scan(tmp_path), tmp_path / "composed.pdf", tmp_path / "out.pdf"
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    authority = ensure_test_authority(tmp_path / "authority", now)
    keys = [
        load_pkcs12(path, authority.passphrase, now)
        for path in (authority.officer, authority.organisation)
    ]
    compose_pdfa(source, PDF, [paper().reading], INFO, composed)

    certify(
        composed,
        out,
        CertifyOrder(keys[0], keys[1], "Nguyễn Thị Mẫu", "Sở Khoa học và Công nghệ", now, now),
    )

    (verdict,) = verapdf([out])
    assert verdict.passed, str(verdict)
    (judged,) = dss([out], trust=[authority.root_pem], no_revocation=True, at=now)
    assert judged.ok, judged
    assert [signature.level for signature in judged.signatures] == ["PAdES-BASELINE-B"] * 2
    assert judged.signatures[0].changes_after in ("none", "form_filling", "evidence")
    assert out.read_bytes().startswith(composed.read_bytes())


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    source, out = _scan(tmp_path), tmp_path / "out.pdf"
    out.write_bytes(b"what was there before")
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        code = 1
        try:
            compose_pdfa(source, PDF, [paper().reading], INFO, out)
        except OSError as error:
            code = 0 if error.errno == errno.EFBIG else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert out.read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.pdf", "scan.pdf"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        compose_pdfa(
            _scan(tmp_path), PDF, [paper().reading], INFO, tmp_path / "nowhere" / "out.pdf"
        )


def test_a_locked_file_stops_as_encrypted(tmp_path: Path) -> None:
    source = tmp_path / "locked.pdf"
    with pikepdf.open(_scan(tmp_path)) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(Stopped) as stopped:
        compose_pdfa(source, PDF, [paper().reading], INFO, tmp_path / "out.pdf")
    assert stopped.value.reason == "encrypted"


def test_a_file_that_only_its_owner_may_change_is_composed(
    tmp_path: Path, verapdf: VeraPdf
) -> None:
    source, out = tmp_path / "restricted.pdf", tmp_path / "out.pdf"
    with pikepdf.open(_scan(tmp_path)) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(user="", owner="secret"))
    compose_pdfa(source, PDF, [paper().reading], INFO, out)
    assert verapdf([out])[0].passed
    assert_words(out, texts_of(paper().reading))


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        (PDF, b"%PDF-1.7 nothing behind it"),
        ("image/jpeg", b"\xff\xd8\xff\xe0 nothing behind it"),
        ("image/png", encoded(Image.new("L", (300, 300)), "PNG")[:60]),
        ("image/tiff", b"II*\0\xff\xff\xff\x7f"),
    ],
)
def test_a_damaged_file_stops_as_damaged(media_type: str, data: bytes, tmp_path: Path) -> None:
    source, out = tmp_path / "broken", tmp_path / "out.pdf"
    source.write_bytes(data)
    with pytest.raises(Stopped) as stopped:
        compose_pdfa(source, media_type, [paper().reading], INFO, out)
    assert stopped.value.reason == "damaged"
    assert not out.exists()


def test_a_page_without_a_reading_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="page 2 has no reading"):
        compose_pdfa(_scan(tmp_path, 2), PDF, [paper().reading], INFO, tmp_path / "out.pdf")


def test_many_drawn_pages_do_not_fill_memory(
    tmp_path: Path, verapdf: VeraPdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in memory is put aside now and then; the file is the same."""
    tiff, whole, parts = tmp_path / "in.tif", tmp_path / "whole.pdf", tmp_path / "parts.pdf"
    images = [Image.effect_noise((620, 877), 40 + 10 * at) for at in range(5)]
    written = BytesIO()
    images[0].save(written, "TIFF", save_all=True, append_images=images[1:])
    tiff.write_bytes(written.getvalue())
    readings = [replace(paper().reading, number=number) for number in range(1, 6)]

    compose_pdfa(tiff, "image/tiff", readings, INFO, whole)
    monkeypatch.setattr("ocr.compose.sheets._MOST_IN_MEMORY", 700_000)
    compose_pdfa(tiff, "image/tiff", readings, INFO, parts)

    for out in (whole, parts):
        assert verapdf([out])[0].passed
    for number in range(1, 6):
        pages_equal(parts, whole, number, tolerance=0.0)
        assert_words(parts, texts_of(paper().reading), number)


@pytest.mark.parametrize("lean", [-3.0, 0.4, 1.5, 5.0])
def test_words_of_a_page_that_leans_stay_whole(lean: float, tmp_path: Path) -> None:
    """Poppler splits every word that leaves its level by half a point."""
    given, out = paper().reading, tmp_path / "out.pdf"
    slope = math.tan(math.radians(lean))

    def leant(x: float) -> float:
        return (x - 60) * slope

    lines = []
    for line in given.lines:
        words = []
        for word in line.words:
            x0, y0, x1, y1 = word.box
            down = leant((x0 + x1) / 2)
            words.append(replace(word, box=Box(x0, y0 + down, x1, y1 + down)))
        x0, y0, x1, y1 = line.baseline
        baseline = Baseline(x0, y0 + leant(x0), x1, y1 + leant(x1))
        lines.append(replace(line, words=tuple(words), baseline=baseline))

    reading = replace(given, lines=tuple(lines))
    compose_pdfa(_scan(tmp_path), PDF, [reading], INFO, out)

    assert sorted(poppler_text(out).split()) == sorted(texts_of(given))
    assert pdfium_text(out).split() == texts_of(given)


def test_one_image_on_many_pages_is_stored_once(tmp_path: Path) -> None:
    source, out = _scan(tmp_path, 5), tmp_path / "out.pdf"
    readings = [replace(paper().reading, number=number) for number in range(1, 6)]
    compose_pdfa(source, PDF, readings, INFO, out)
    assert out.stat().st_size < 1.3 * source.stat().st_size
