"""Real decisions and hostile files of ../shared/samples, where that folder is there."""

import resource
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from api.settings import Settings
from api.wiring import open_tools
from ingest.laptop import Digitised, digitize_files, plan
from ocr.opening import open_document
from tests.conftest import SAMPLES
from tests.judges.fixtures import VeraPdf
from tests.judges.render import difference, render_page
from vocabulary.reasons import REASONS

DECISIONS = sorted((SAMPLES / "decisions" / "pdf").glob("*"))
HOSTILE = sorted(path for path in (SAMPLES / "hostile").glob("*") if path.suffix != ".tsv")
FILES = [*DECISIONS, *HOSTILE]

# Without the folder there is nothing to test here; the report header says so.
pytestmark = pytest.mark.timeout(1200)


def largest_child() -> int:
    """Bytes of the largest process that this one has waited for."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


@pytest.fixture(scope="module")
def larger_before() -> int:
    """The largest child of other tests: a judge's is larger than a reader."""
    return largest_child()


@pytest.fixture(scope="module")
def digitised(tmp_path_factory: pytest.TempPathFactory, larger_before: int) -> dict[str, Digitised]:
    """All files, digitised in one run as a person would."""
    out = tmp_path_factory.mktemp("out")
    with open_tools(Settings(home=out / "home"), sign=False) as tools:
        done = list(digitize_files(plan(FILES, out / "results"), tools, 2))
    return {one.input.path.name: one for one in done}


@pytest.mark.parametrize("everything", [FILES] if FILES else [], ids=["all"])
def test_every_file_ends_in_a_named_state(
    digitised: dict[str, Digitised], larger_before: int, everything: list[Path]
) -> None:
    assert set(digitised) == {path.name for path in everything}
    for name, one in digitised.items():
        record = one.record
        assert record["state"] in ("done", "needs_review", "stopped"), name
        if record["state"] == "stopped":
            assert record["reason"] in REASONS, name
            assert record["message"], name
        assert record["reason"] != "engine_failed", (name, record)
    assert largest_child() < max(1.5 * 2**30, larger_before + 1)


@pytest.mark.parametrize("everything", [FILES] if FILES else [], ids=["all"])
def test_every_pdf_a_is_one_and_looks_like_its_scan(
    digitised: dict[str, Digitised], verapdf: VeraPdf, everything: list[Path]
) -> None:
    made = {
        path: digitised[path.name].record
        for path in everything
        if (digitised[path.name].record["output"] or {}).get("pdfa") == "2B"
    }
    assert made
    outputs = [Path(record["output"]["path"]) for record in made.values()]
    refused = [str(verdict) for verdict in verapdf(outputs) if not verdict.passed]
    assert refused == []
    for path, record in made.items():
        assert_looks_alike(path, record)


def assert_looks_alike(path: Path, record: Any) -> None:
    """Every page, rendered, against the file's own reader, turned upright."""
    if is_deep(path):
        return
    with open_document(path, record["source"]["media_type"]) as document:
        for page in record["pages"]:
            shown = document.picture(page["number"], 60)
            grey = shown if shown.ndim == 2 else cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY)
            upright = np.ascontiguousarray(np.rot90(grey, -page["rotation"] // 90))
            made = render_page(Path(record["output"]["path"]), page["number"], 60)
            # Readers enlarge tiny pictures in different ways: what counts is what the eye sees.
            soft = [cv2.GaussianBlur(one, (0, 0), 2.0) for one in (upright, made)]
            apart = difference(soft[0], soft[1], shifts=2).mean
            assert apart < 6, (path.name, page["number"])


def is_deep(path: Path) -> bool:
    """More than 8 bits of grey: shown stretched on the screen, kept as they are in the file."""
    try:
        with Image.open(path) as image:
            return image.mode.startswith(("I", "F"))
    except UnidentifiedImageError:
        return False


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:40])
def test_a_signed_decision_is_kept_byte_for_byte(
    digitised: dict[str, Digitised], path: Path
) -> None:
    record = digitised[path.name].record
    if record["signatures"]:
        assert Path(record["output"]["path"]).read_bytes() == path.read_bytes()
        assert record["output"]["pdfa"] is None
    assert record["pages"]
