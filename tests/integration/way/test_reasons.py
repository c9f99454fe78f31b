"""Each reason code has a file that causes it; the file itself is left as it was."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo import hostile
from demo.damage import scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import pdf_bytes
from ingest.bounded import Bounds
from ingest.laptop import FolderShelf, digitize_files, plan, receive
from ingest.pipeline import digitize
from ingest.tools import Tools
from ocr.engines import EngineChoice
from ocr.opening import OpenLimits
from vocabulary.reasons import REASONS


def good_scan(pages: int = 1, **wishes: Any) -> bytes:
    paper = make_paper(PaperKind.LETTER, 3, **wishes)
    image = scan(render(paper.pages[0], 150), "clean", 150, 1)
    return pdf_bytes([image] * pages)


def record_of(tools: Tools, folder: Path, content: bytes, name: str = "giấy.pdf") -> dict[str, Any]:
    """Digitise one file; its bytes must be the same before and after."""
    path = folder / name
    path.write_bytes(content)
    [done] = digitize_files(plan([path], folder / "out"), tools, 1)
    assert path.read_bytes() == content
    assert json.loads((folder / "out" / f"{path.stem}.json").read_text()) == done.record
    return dict(done.record)


LITTLE_TIME = Bounds(cpu_seconds=1, total_cpu_seconds=1)
LITTLE_MEMORY = Bounds(memory_bytes=150 * 2**20)

CASES: list[tuple[str, str, Callable[[], bytes], dict[str, Any]]] = [
    ("encrypted", "a password", hostile.encrypted_pdf, {}),
    ("damaged", "cut off", hostile.truncated_pdf, {}),
    ("not_a_document", "noise", hostile.random_bytes, {}),
    ("empty", "no byte", bytes, {}),
    ("empty", "no page", hostile.pdf_without_pages, {}),
    ("too_many_pages", "5001 pages", hostile.pdf_of_pages, {}),
    ("too_many_pages", "a small limit", lambda: good_scan(3), {"open_limits": OpenLimits(2)}),
    ("page_too_large", "two million points", hostile.giant_page, {}),
    ("decompression_bomb", "content of 2 GiB", hostile.bomb_content, {}),
    ("decompression_bomb", "a ZIP of 4 GiB", hostile.zip_bomb, {}),
    ("time_limit", "no time", lambda: good_scan(10), {"bounds": LITTLE_TIME}),
    ("memory_limit", "100 Mpx", lambda: hostile.giant_png(10_000), {"bounds": LITTLE_MEMORY}),
    ("secret_marked", "a secrecy stamp", lambda: good_scan(secrecy="MẬT"), {}),
]


@pytest.mark.parametrize(
    ("reason", "make", "limits"),
    [pytest.param(case[0], case[2], case[3], id=f"{case[0]}: {case[1]}") for case in CASES],
)
def test_a_file_stops_with_its_reason_and_a_way_out(
    tools: Tools, tmp_path: Path, reason: str, make: Callable[[], bytes], limits: dict[str, Any]
) -> None:
    record = record_of(replace(tools, **limits), tmp_path, make())
    assert (record["state"], record["reason"]) == ("stopped", reason)
    assert record["message"] == REASONS[reason].vi
    assert record["message_en"] == REASONS[reason].en
    assert record["output"] is None
    assert list((tmp_path / "out").glob("*.pdf")) == []


def test_the_second_of_two_equal_files_names_the_first(tools: Tools, tmp_path: Path) -> None:
    for name in ("một.pdf", "hai.pdf"):
        (tmp_path / name).write_bytes(good_scan())
    files = [tmp_path / "một.pdf", tmp_path / "hai.pdf"]
    records = {
        done.input.name: done.record for done in digitize_files(plan(files, tmp_path), tools, 1)
    }
    assert records["hai.pdf"]["reason"] == "duplicate"
    assert "«một.pdf»" in records["hai.pdf"]["message"]
    assert records["một.pdf"]["reason"] is None


def test_fewer_pages_than_declared_is_a_mismatch(tools: Tools, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(good_scan(2))
    [item] = plan([path], tmp_path)
    received = replace(receive(item), declared_pages=3)
    record = digitize(received, tools, FolderShelf.without_members(item))
    assert (record.state, record.reason) == ("stopped", "page_count_mismatch")


def test_an_engine_that_fails_is_told_as_such(tools: Tools, tmp_path: Path) -> None:
    model = tmp_path / "tessdata"
    model.mkdir()
    (model / "vie.traineddata").write_bytes(b"not a model")
    broken = replace(tools, engine=EngineChoice("pytesseract", model))
    record = record_of(broken, tmp_path, good_scan())
    assert (record["state"], record["reason"]) == ("stopped", "engine_failed")


def test_every_reason_has_its_case() -> None:
    elsewhere = {"duplicate", "page_count_mismatch", "engine_failed"}
    assert {case[0] for case in CASES} | elsewhere == set(REASONS)


@pytest.mark.parametrize("make", [hostile.bomb_image, hostile.nested_forms, hostile.giant_png])
def test_other_traps_end_in_a_named_state(
    tools: Tools, tmp_path: Path, make: Callable[[], bytes]
) -> None:
    record = record_of(tools, tmp_path, make())
    assert record["state"] in ("done", "needs_review", "stopped")
    assert record["reason"] in {None, *REASONS}


def test_a_stopped_file_is_no_trouble_for_the_next(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(hostile.bomb_content())
    (tmp_path / "b.pdf").write_bytes(good_scan())
    done = list(digitize_files(plan(sorted(tmp_path.glob("*.pdf")), tmp_path / "out"), tools, 2))
    states = {one.input.name: one.record["state"] for one in done}
    assert states["a.pdf"] == "stopped"
    assert states["b.pdf"] in ("done", "needs_review")
    output = next(one for one in done if one.input.name == "b.pdf").record["output"]
    assert hashlib.sha256(Path(output["path"]).read_bytes()).hexdigest() == output["sha256"]
