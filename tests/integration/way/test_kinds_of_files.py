"""Every kind of file a scanner or phone makes goes the whole way."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.damage import Scan, scan
from demo.papers import PaperKind, make_paper, render, to_born_digital_pdf
from demo.scan_files import to_jp2, to_jpeg, to_pdf, to_png, to_tiff, to_webp
from ingest.laptop import digitize_files, plan
from ingest.tools import Tools
from tests.judges.fixtures import VeraPdf
from tests.judges.render import difference, render_page

DPI = 200
PAPER = make_paper(PaperKind.DECISION, 21)


def page(level: Any = "clean", turn: Any = 0) -> Scan:
    return scan(render(PAPER.pages[0], DPI), level, DPI, 1, turn=turn)


MAKERS: dict[str, Callable[[Path], None]] = {
    "scan.pdf": lambda path: to_pdf([page(), page("office")], path),
    "fax.tif": lambda path: to_tiff([page("photocopy"), page("photocopy")], path),
    "scan.tif": lambda path: to_tiff([page()], path),
    "scan.jpg": lambda path: to_jpeg(page(), path),
    "scan.png": lambda path: to_png(page(), path),
    "phone.webp": lambda path: to_webp(page(), path),
    "scan.jp2": lambda path: to_jp2(page(), path),
    "sideways.pdf": lambda path: to_pdf([page(turn=90)], path),
    "upside-down.jpg": lambda path: to_jpeg(page(turn=180), path),
    "born-digital.pdf": lambda path: to_born_digital_pdf(PAPER, path),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_becomes_a_searchable_pdf_a_with_its_fields(
    tools: Tools, tmp_path: Path, verapdf: VeraPdf, name: str
) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    [done] = digitize_files(plan([path], tmp_path / "out"), tools, 2)
    record = done.record
    assert record["state"] in ("done", "needs_review"), record["message"]
    number = record["fields"]["number_symbol"]
    assert number["value"] == PAPER.fields["number_symbol"] or number["needs_review"]
    assert record["fields"]["issue_date"]["value"] == PAPER.fields["issue_date"]
    output = Path(record["output"]["path"])
    [verdict] = verapdf([output])
    assert verdict.passed, verdict
    assert record["output"]["pdfa"] == "2B"


def test_the_page_shows_what_the_scanner_saw(tools: Tools, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    to_pdf([page("office")], path)
    [done] = digitize_files(plan([path], tmp_path / "out"), tools, 1)
    seen = difference(
        render_page(path, 1, DPI), render_page(Path(done.record["output"]["path"]), 1, DPI)
    )
    assert seen.mean < 0.5


def test_a_zip_gives_one_result_for_each_paper_in_it(tools: Tools, tmp_path: Path) -> None:
    to_jpeg(page(), tmp_path / "a.jpg")
    to_png(page("office"), tmp_path / "b.png")
    path = tmp_path / "hồ sơ.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "a.jpg", "trang/a.jpg")
        archive.write(tmp_path / "b.png", "trang/b.png")
        archive.writestr("ghi chú.txt", "không phải giấy tờ")
    done = list(digitize_files(plan([path], tmp_path / "out"), tools, 2))
    whole = done[-1].record
    assert whole["source"]["media_type"] == "application/zip"
    members = {one["name"]: one["reason"] for one in whole["members"]}
    assert members == {"a.jpg": None, "b.png": None, "ghi chú.txt": "not_a_document"}
    assert (tmp_path / "out" / "hồ sơ" / "a.pdf").exists()


def test_an_interrupted_run_goes_on_where_it_was(tools: Tools, tmp_path: Path) -> None:
    to_jpeg(page(), tmp_path / "a.jpg")
    files = [tmp_path / "a.jpg"]
    [first] = digitize_files(plan(files, tmp_path / "out"), tools, 1)
    [again] = digitize_files(plan(files, tmp_path / "out"), tools, 1)
    assert first.again
    assert not again.again
    assert again.record == first.record
    (tmp_path / "out" / "a.pdf").write_bytes(b"spoilt")
    [mended] = digitize_files(plan(files, tmp_path / "out"), tools, 1)
    assert mended.again


def test_inputs_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    names = ["x/a.pdf", "y/a.pdf", "a.jpg", "a-2.tif"]
    stems = [item.stem for item in plan([Path(name) for name in names], tmp_path)]
    assert stems[0] == "a"
    assert len(set(stems)) == len(stems)
