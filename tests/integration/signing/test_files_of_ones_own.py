"""``sohoa sign``: hostile files die in a child, and the stamp covers nothing on the page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from demo import hostile
from demo.damage import scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import pdf_bytes
from signing.authority import TestAuthority
from signing.validation import verify_file
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import SUBJECT
from tests.integration.http.office import open_office
from tests.integration.pdfa.papers import encoded
from tests.integration.signing.pki import Pki, pki_at_work
from tests.judges.render import render_page
from tests.unit.signing.office import blank_pdf
from vocabulary.errors import Stopped
from vocabulary.reasons import REASONS

DPI = 72
A4 = (595, 842)
HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "unpacks to 2 GiB": (hostile.bomb_content, "decompression_bomb"),
    "forms in forms": (hostile.nested_forms, None),  # how it dies is the reader's affair
}


@pytest.fixture
def pin(tmp_path: Path, authority: TestAuthority) -> Path:
    path = tmp_path / "pin"
    path.write_text(authority.passphrase, "utf-8")
    return path


def sign(authority: TestAuthority, pin: Path, *words: object, role: str = "officer") -> Answer:
    key = authority.officer if role == "officer" else authority.organisation
    return sohoa("sign", *words, "--as", role, "--key", key, "--pass-file", pin)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_its_child_and_stays_unsigned(
    tmp_path: Path, authority: TestAuthority, pin: Path, name: str
) -> None:
    make, reason = HOSTILE[name]
    source, out = tmp_path / "hostile.pdf", tmp_path / "out"
    source.write_bytes(make())
    out.mkdir()
    answer = sign(authority, pin, source, "--out", out / "signed.pdf")
    assert answer.code == 3, answer
    assert len(answer.err.strip().splitlines()) == 2
    assert reason is None or Stopped(reason).vi in answer.err
    assert list(out.iterdir()) == []


def test_in_a_batch_the_others_are_signed(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    blank_pdf(source / "a.pdf")
    (source / "b.pdf").write_bytes(hostile.bomb_content())
    (source / "c.pdf").write_bytes(hostile.nested_forms())
    blank_pdf(source / "d.pdf")
    answer = sign(authority, pin, source, "--out", out, "--json")
    told = {Path(one["file"]).name: (one["state"], one["reason"]) for one in answer.records()}
    assert [told[name][0] for name in ("a.pdf", "d.pdf")] == ["signed", "signed"]
    assert told["b.pdf"] == ("stopped", "decompression_bomb")
    assert told["c.pdf"][0] == "stopped"
    assert told["c.pdf"][1] in REASONS
    assert sorted(path.name for path in out.iterdir()) == ["a.pdf", "d.pdf"]


def test_a_result_never_takes_the_place_of_its_source(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source = blank_pdf(tmp_path / "a.pdf")
    before = source.read_bytes()
    sign(authority, pin, source, "--out", source).complains(
        2, "không bao giờ bị ghi đè", "never overwritten"
    )
    assert source.read_bytes() == before


def test_what_falls_due_of_a_hostile_file_is_asked_of_a_child(tmp_path: Path) -> None:
    source = blank_pdf(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    answer = sohoa("due", source, tmp_path / "b.pdf", "--json")
    assert answer.code == 0
    assert [one["until"] for one in answer.records()] == [None, None]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki_at_work(tmp_path_factory.mktemp("pki")) as running:
        yield running


def test_authorities_are_asked_once_for_all_files_of_a_run(tmp_path: Path, pki: Pki) -> None:
    """Each file has a child of its own, what was answered is kept by the one that outlives it."""
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    key = pki.key("signer")
    (tmp_path / "key.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"k", key.private_key, key.certificate, None, NoEncryption()
        )
    )
    files = [blank_pdf(tmp_path / f"{name}.pdf") for name in "abc"]
    pki.asked.clear()
    answer = sohoa(
        "sign", *files, "--as", "organisation", "--key", tmp_path / "key.p12", "--level", "B-LT",
        "--tsa", pki.tsa, "--trust", pki.root, "--out", tmp_path / "out", "--json", typed="\n",
    )  # fmt: skip
    assert [one["state"] for one in answer.records()] == ["signed"] * 3, answer
    stamps = [path for path in pki.asked if path.endswith("/tsa/tsa")]
    others = [path for path in pki.asked if not path.endswith("/tsa/tsa")]
    assert len(stamps) >= 3
    assert len(others) == len(set(others)), others
    for path in sorted((tmp_path / "out").iterdir()):
        (record,) = verify_file(path, [pki.root]).signatures
        assert (record.level, record.verdict) == ("B-LT", "valid")


def lines_of_text(path: Path, tops: list[float], *, left: float = 8, right: float = 587) -> Path:
    """A born-digital page with lines of Times from edge to edge, ``tops`` points below its top."""
    words = "(" + "Cong hoa xa hoi chu nghia Viet Nam " * 4 + ")"
    shown = [f"BT /F1 9 Tf {left} {A4[1] - top} Td {words} Tj ET" for top in tops]
    clip = f"q {left} 0 {right - left} {A4[1]} re W n"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        name = pikepdf.Name
        font = pikepdf.Dictionary(
            Type=name.Font, Subtype=name.Type1, BaseFont=name("/Times-Roman")
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream("\n".join([clip, *shown, "Q"]).encode())
        pdf.save(path)
    return path


def as_a_scan(source: Path, path: Path) -> Path:
    """What that page looks like through a scanner: one picture, with grain, on greyish paper."""
    picture = render_page(source, 1, 200).astype(int)
    grain = np.random.default_rng(5).normal(0, 6, picture.shape)
    seen = np.clip(picture * 0.85 + 30 + grain, 0, 255).astype(np.uint8)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        image = pdf.make_stream(
            encoded(Image.fromarray(seen), "JPEG", quality=80), Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image, Width=seen.shape[1], Height=seen.shape[0],
            BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
            ColorSpace=pikepdf.Name.DeviceRGB if seen.ndim == 3 else pikepdf.Name.DeviceGray,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        page.Contents = pdf.make_stream(b"q %d 0 0 %d 0 0 cm /Im Do Q" % A4)
        pdf.save(path)
    return path


def stamp_of(path: Path) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the stamp, points from the page's top left."""
    with pikepdf.open(path) as pdf:
        x0, y0, x1, y1 = (float(value) for value in pdf.Root.AcroForm.Fields[-1].Rect)
    return x0, A4[1] - y1, x1, A4[1] - y0


def ink_under(source: Path, box: tuple[float, float, float, float]) -> float:
    """Share of dark pixels that the source has where the stamp stands."""
    picture = render_page(source, 1, 144)
    grey = picture.min(axis=2) if picture.ndim == 3 else picture
    left, top, right, bottom = (int(value * 2) for value in box)
    return float((grey[top : bottom + 1, left : right + 1] < 128).mean())


TOP_QUARTER = [12.0 + 10 * line for line in range(20)]
PAGES = {
    "corners full of text": (TOP_QUARTER, "somewhere"),
    "text from the very top on with a gap below the head": (
        [top for top in TOP_QUARTER if not 90 < top < 140], "corner",
    ),
    "text from margin to margin": ([72.0 + 10 * line for line in range(70)], "margin"),
    "text but for a strip at the foot": ([12.0 + 10 * line for line in range(75)], "somewhere"),
}  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "organisation"])
@pytest.mark.parametrize("scan", [False, True], ids=["born-digital", "scan"])
@pytest.mark.parametrize("name", PAGES)
def test_the_stamp_covers_no_text(
    tmp_path: Path, authority: TestAuthority, pin: Path, name: str, scan: bool, role: str
) -> None:
    tops, where = PAGES[name]
    source = lines_of_text(tmp_path / "in.pdf", tops)
    if scan:
        source = as_a_scan(source, tmp_path / "scan.pdf")
    answer = sign(authority, pin, source, "--out", tmp_path / "out.pdf", role=role)
    assert answer.code == 0, answer
    left, top, right, bottom = box = stamp_of(tmp_path / "out.pdf")
    assert 0 < left < right < A4[0]
    assert 0 < top < bottom < A4[1]
    assert ink_under(source, box) == 0, box
    if where != "somewhere":
        assert bottom < (72 if where == "margin" else A4[1] / 4)
        assert right < A4[0] / 2 if role == "officer" else left > A4[0] / 2


def test_two_signers_do_not_cover_each_other(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    """The second finds the first's stamp on the page: signatures show in appearances only."""
    source = lines_of_text(tmp_path / "in.pdf", [12.0 + 10 * line for line in range(75)])
    sign(authority, pin, source, "--out", tmp_path / "1.pdf")
    sign(authority, pin, tmp_path / "1.pdf", "--out", tmp_path / "2.pdf", role="organisation")
    first, second = stamp_of(tmp_path / "1.pdf"), stamp_of(tmp_path / "2.pdf")
    assert ink_under(tmp_path / "1.pdf", first) > 0
    assert ink_under(tmp_path / "1.pdf", second) == 0
    assert verify_file(tmp_path / "2.pdf", [authority.root_pem]).verdict == "valid"


def test_a_page_without_any_empty_place_is_signed_in_its_margin(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        page.Contents = pdf.make_stream(b"0.2 g 0 0 595 842 re f")
        pdf.save(tmp_path / "dark.pdf")
    answer = sign(authority, pin, tmp_path / "dark.pdf", "--out", tmp_path / "out.pdf")
    assert answer.code == 0
    assert stamp_of(tmp_path / "out.pdf")[3] < 72


def scribbled(path: Path) -> Path:
    """A scan with handwriting all over its upper margin, which no reading makes a word."""
    letter = make_paper(PaperKind.LETTER, 3, subject=SUBJECT)
    made = scan(render(letter.pages[0], 200), "clean", 200, 1)
    picture = made.image.convert("RGB")
    pen = ImageDraw.Draw(picture)
    for left in (30, picture.width // 2 + 30):  # a felt pen, as incoming papers bear
        loops = [(left + x, 20 + 45 * (x // 40 % 2)) for x in range(0, picture.width // 2 - 90, 40)]
        pen.line(loops, fill=(40, 50, 160), width=26, joint="curve")
    path.write_bytes(pdf_bytes([replace(made, image=picture)]))
    return path


def test_what_the_service_certifies_has_its_stamps_off_handwriting(tmp_path: Path) -> None:
    source = scribbled(tmp_path / "scan.pdf")
    plain = sohoa("digitize", source, "--out", tmp_path / "plain", "--no-sign", "--json")
    assert plain.code == 0
    out = tmp_path / "out.pdf"
    with open_office(tmp_path / "office", demo=True) as office, office.client("clerk") as clerk:
        posted = clerk.post("/v1/documents", files={"file": ("a.pdf", source.read_bytes())})
        document = posted.json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
        out.write_bytes(clerk.get(f"/v1/documents/{document}/content?rendition=archival").content)
    with pikepdf.open(out) as pdf:
        fields = [one for one in pdf.Root.AcroForm.Fields if one.get("/FT") == "/Sig"]
        rects = [[float(number) for number in one.Rect] for one in fields]
        high = float(pdf.pages[0].MediaBox[3])
    assert len(rects) == 2
    for x0, y0, x1, y1 in rects:
        box = (x0, high - y1, x1, high - y0)
        assert ink_under(tmp_path / "plain" / "scan.pdf", box) == 0, box
