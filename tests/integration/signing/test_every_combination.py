"""Levels, signers, stamps, keys, kinds of files and numbers of pages, before independent judges.

Each level with one and two signers, visible and not, with each kind of key; scans and
born-digital files of 1, 2, 7 and 200 pages take turns, so that each of them meets each level.
Files that come as PDF/A-3b, with an attachment, stay what they are: each level, signers and
stamps once more.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pikepdf
import pytest

from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey
from signing.sign import Level, sign_file
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.commandline.papers import scanned, written
from tests.integration.signing.tsa import Authority, authority_at_work
from tests.judges.fixtures import Dss, VeraPdf
from tests.judges.render import render_page
from tests.unit.signing.office import make_key, make_root

Kind = Literal["scan", "digital", "attached"]
LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
KEYS = ("rsa2048", "rsa3072", "p256")
PAGES = (1, 2, 7, 200)
DPI = 50


@dataclass(frozen=True)
class Case:
    """One combination; ``number`` lets sources take turns."""

    number: int
    level: Level
    signers: int
    visible: bool
    key: str
    flavour: str = "2b"

    @property
    def source(self) -> tuple[Kind, int]:
        if self.flavour == "3b":
            return "attached", 2
        turn = self.number + self.number // len(PAGES)  # so that each level meets each source
        return ("scan", "digital")[turn % 2], PAGES[self.number % len(PAGES)]  # type: ignore[return-value]

    def __str__(self) -> str:
        kind, pages = self.source
        shown = "visible" if self.visible else "invisible"
        return f"{self.level}-{self.signers}-{shown}-{self.key}-{kind}-{pages}p"


CASES = [
    Case(number, *parts)
    for number, parts in enumerate(itertools.product(LEVELS, (1, 2), (True, False), KEYS))
]
ATTACHED = [
    Case(number, *parts, KEYS[number % len(KEYS)], flavour="3b")
    for number, parts in enumerate(itertools.product(LEVELS, (1, 2), (True, False)))
]
ATTACHMENT = "Phụ lục 1; số liệu\n".encode()


def test_the_cases_cover_every_level_with_every_source_and_number_of_pages() -> None:
    met = {(case.level, case.source) for case in CASES}
    for level in LEVELS:
        assert {source[0] for one, source in met if one == level} == {"scan", "digital"}
        assert {source[1] for one, source in met if one == level} == set(PAGES)


@pytest.fixture(scope="module")
def tsa() -> Iterator[Authority]:
    with authority_at_work(make_root()) as running:
        yield running


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Kind, int], Path]:
    """Composed as the product does it, each page once and then again and again."""
    folder = tmp_path_factory.mktemp("sources")
    scanned(folder / "scan.pdf")
    written(folder / "digital.pdf")
    done = sohoa("digitize", folder / "scan.pdf", folder / "digital.pdf", "--out", folder / "out",
                 "--no-sign", "--json")  # fmt: skip
    assert done.code == 0, done.err
    made: dict[tuple[Kind, int], Path] = {}
    for kind in ("scan", "digital"):
        for count in PAGES:
            with pikepdf.open(folder / "out" / f"{kind}.pdf") as pdf:
                while len(pdf.pages) > 1:
                    del pdf.pages[-1]
                for _ in range(count - 1):
                    pdf.pages.append(pdf.pages[0])
                path = folder / f"{kind}-{count}.pdf"
                pdf.save(path)
            made[kind, count] = path  # type: ignore[index]
    made["attached", 2] = with_attachment(made["scan", 2], folder / "attached-2.pdf")
    return made


def with_attachment(source: Path, path: Path) -> Path:
    """The same as PDF/A-3b with a file attached to it (ISO 19005-3, 6.8)."""
    name = pikepdf.Name
    with pikepdf.open(source) as pdf:
        now = "D:20261127080000+07'00'"
        data = pdf.make_stream(
            ATTACHMENT, Type=name.EmbeddedFile, Subtype=name("/text/csv"),
            Params=pikepdf.Dictionary(Size=len(ATTACHMENT), ModDate=pikepdf.String(now)),
        )  # fmt: skip
        spec = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=name.Filespec, F="phu-luc.csv", UF="phu-luc.csv",
                Desc="Phu luc", AFRelationship=name.Data,
                EF=pikepdf.Dictionary(F=data, UF=data),
            )
        )  # fmt: skip
        pdf.Root.AF = pikepdf.Array([spec])
        files = pikepdf.Dictionary(Names=pikepdf.Array(["phu-luc.csv", spec]))
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=files)
        told = pdf.Root.Metadata.read_bytes()
        changed = told.replace(b"<pdfaid:part>2<", b"<pdfaid:part>3<")
        assert changed != told
        pdf.Root.Metadata = pdf.make_stream(changed, Type=name.Metadata, Subtype=name.XML)
        pdf.save(path)
    return path


@cache
def key_of(root: Any, kind: str, number: int, crl: str) -> SigningKey:
    options: dict[str, Any] = {"kind": "ec"} if kind == "p256" else {"size": int(kind[3:])}
    return make_key(root, f"Người ký {number}", number=number + 20, crl=crl, **options)


def signed(case: Case, source: Path, folder: Path, tsa: Authority, order: CertifyOrder) -> Path:
    root = tsa.root.pem(folder)
    keys = [key_of(tsa.root, case.key, number, tsa.crl_url) for number in (1, 2)]
    url = None if case.level == "B-B" else tsa.url
    out = folder / "out.pdf"
    if case.signers == 2 and case.visible:
        both = replace(order, officer=keys[0], organisation=keys[1], level=case.level,
                       tsa_url=url, anchors=(root,))  # fmt: skip
        certify(source, out, both)
        return out
    first = out if case.signers == 1 else folder / "first.pdf"
    sign_file(source, first, keys[0], "officer", case.level, url, anchors=[root],
              visible=case.visible)  # fmt: skip
    if case.signers == 2:
        sign_file(first, out, keys[1], "organisation", case.level, url, anchors=[root],
                  visible=case.visible)  # fmt: skip
    return out


@pytest.mark.parametrize("case", [*CASES, *ATTACHED], ids=str)
def test_it_holds_before_every_judge(
    case: Case, sources: dict[tuple[Kind, int], Path], tmp_path: Path, tsa: Authority,
    order: CertifyOrder, verapdf: VeraPdf, dss: Dss,
) -> None:  # fmt: skip
    source = sources[case.source]
    out = signed(case, source, tmp_path, tsa, order)
    assert out.read_bytes().startswith(source.read_bytes())
    before, after = verapdf([source, out], flavour="auto")
    assert (before.flavour, before.passed) == (case.flavour, True), before
    assert (after.flavour, after.passed) == (case.flavour, True), after
    if case.flavour == "3b":
        with pikepdf.open(out) as pdf:
            assert pdf.attachments["phu-luc.csv"].get_file().read_bytes() == ATTACHMENT
    root = tsa.root.pem(tmp_path)
    timeless = case.level in ("B-B", "B-T")
    (told,) = dss([out], trust=[root], no_revocation=timeless)
    assert len(told.signatures) == case.signers
    for one in told.signatures:
        assert one.indication == "TOTAL_PASSED", one.facts
        assert one.level == f"PAdES-BASELINE-{case.level.removeprefix('B-')}", one.facts
        assert one.trusted
    ours = verify_file(out, [root]).signatures
    assert [one.level for one in ours] == [case.level] * case.signers
    wanted = "valid_with_remarks" if timeless else "valid"
    assert {one.verdict for one in ours} == {wanted}, ours
    looks_the_same_outside_the_stamps(source, out, case)


def looks_the_same_outside_the_stamps(source: Path, out: Path, case: Case) -> None:
    boxes = stamp_boxes(out)
    assert len(boxes) == (case.signers if case.visible else 0)
    last = case.source[1]
    for number in {1, last}:
        before, after = (render_page(path, number, DPI).copy() for path in (source, out))
        assert before.shape == after.shape
        if number == 1:
            assert (not case.visible) == bool(np.array_equal(before, after)) or not boxes
            for x0, y0, x1, y1 in boxes:
                height = before.shape[0]
                left, right = int(x0 * DPI / 72) - 1, int(x1 * DPI / 72) + 2
                top, bottom = height - int(y1 * DPI / 72) - 2, height - int(y0 * DPI / 72) + 2
                for picture in (before, after):
                    picture[max(top, 0) : bottom, max(left, 0) : right] = 0
        assert np.array_equal(before, after), number


def stamp_boxes(path: Path) -> list[tuple[float, float, float, float]]:
    """Where the visible signatures stand, in points from the lower left corner."""
    with pikepdf.open(path) as pdf:
        fields = [one for one in pdf.Root.AcroForm.Fields if one.get("/FT") == "/Sig"]
        rects = [[float(number) for number in one.Rect] for one in fields if "/Rect" in one]
    return [
        (x0, y0, x1, y1) for x0, y0, x1, y1 in rects if x1 > x0 and y1 > y0
    ]  # fmt: skip
