"""The scorer gives the figures of the shared scorer, with which earlier figures were made."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.geometry import pixel_words
from bench.pages import TruePage
from bench.scoring import Placed, score
from tests.conftest import ROOT
from vocabulary.papers import Box

SHARED_SCORER = ROOT.parent / "shared" / "tools" / "score_ocr.py"

# A scan at 300 dpi that leans by 1.2 degrees: points to pixels.
LEAN = (4.1658, -0.0873, 31.0, 0.0873, 4.1658, -12.0)

TRUTH = [
    ("Số:", 50, 100, 66, 113), ("15/QĐ-UBND", 70, 100, 140, 113), ("Hà", 300, 100, 315, 113),
    ("Nội,", 318, 100, 342, 113), ("ngày", 346, 100, 372, 113), ("05/01/2024", 376, 100, 436, 113),
    ("QUYẾT", 200, 130, 245, 144), ("ĐỊNH", 249, 130, 285, 144), ("Điều", 50, 160, 75, 173),
    ("1.", 79, 160, 88, 173), ("Thời", 92, 160, 120, 173), ("hạn:", 124, 160, 150, 173),
    ("…………", 152, 160, 260, 173), ("–", 264, 160, 270, 173), ("12.345,50", 274, 160, 330, 173),
    ("đồng", 334, 160, 364, 173), ("“mới”", 368, 160, 400, 173), ("hoà", 404, 160, 424, 173),
]  # fmt: skip

READ = [
    ("Số:15/QĐ-UBND", 50, 101, 141, 114),  # merged
    ("Hà", 300, 99, 315, 112), ("Nộ", 318, 99, 330, 112), ("i,", 331, 99, 342, 112),  # split
    ("ngáy", 346, 100, 372, 113), ("05/01/2O24", 376, 100, 436, 113),  # a mark, a figure
    ("QUYÉT", 200, 130, 245, 144), ("ĐỊNH", 249, 130, 285, 144), ("Điêu", 50, 160, 75, 173),
    ("1.", 79, 160, 88, 173), ("Thời", 92, 160, 120, 173),  # "hạn:" missed
    ("......", 152, 160, 260, 173), ("-", 264, 160, 270, 173), ("12.345,50", 274, 160, 330, 173),
    ("đồng", 334, 160, 364, 173), ('"mới"', 368, 160, 400, 173), ("hòa", 404, 160, 424, 173),
    ("rác", 480, 300, 500, 313), ("7", 520, 300, 526, 313),  # invented
]  # fmt: skip

# What the shared scorer says of these words.
EXPECTED = {
    "cer": 0.17949, "wer": 0.47059, "diacritic_error_rate": 0.11364,
    "digit_string_accuracy": 0.75, "bow_f1": 0.45714,
}  # fmt: skip


def _pixels() -> list[tuple[str, Box]]:
    """The reading as an engine gives it: upright boxes in pixels of the leaning scan."""
    a, b, c, d, e, f = LEAN
    found = []
    for text, x0, y0, x1, y1 in READ:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        px, py = a * x + b * y + c, d * x + e * y + f
        half_wide, half_high = (x1 - x0) / 2 * a, (y1 - y0) / 2 * e
        found.append((text, Box(px - half_wide, py - half_high, px + half_wide, py + half_high)))
    return found


def _page() -> TruePage:
    words = tuple(Placed(text, Box(*box)) for text, *box in TRUTH)
    to_pixels = np.vstack([np.reshape(np.array(LEAN), (2, 3)), [0, 0, 1]])
    return TruePage("fixed", Path("fixed.pdf"), 1, 300, to_pixels, words)


def _rates() -> dict[str, float]:
    page = _page()
    result = score(page.words, pixel_words(_pixels(), page))
    return {
        "cer": round(result.cer, 5),
        "wer": round(result.wer, 5),
        "diacritic_error_rate": round(result.diacritic_errors, 5),
        "digit_string_accuracy": round(result.number_accuracy, 5),
        "bow_f1": round(result.bag_f1, 5),
    }


def test_the_figures_are_those_of_the_shared_scorer() -> None:
    assert _rates() == EXPECTED


# It leaves files to be closed by the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("scorer", [SHARED_SCORER] if SHARED_SCORER.is_file() else [])
def test_the_shared_scorer_still_says_so(scorer: Path, tmp_path: Path) -> None:
    """Runs only where ``../shared/tools`` is there; the expected figures are kept above."""
    spec = importlib.util.spec_from_file_location("score_ocr", scorer)
    assert spec is not None
    assert spec.loader is not None
    shared: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    truth, read, scan = (tmp_path / name for name in ("truth.json", "read.json", "scan.json"))
    truth.write_text(json.dumps({"words": [
        {"text": text, "x0": x0, "top": y0, "x1": x1, "bottom": y1}
        for text, x0, y0, x1, y1 in TRUTH
    ]}))  # fmt: skip
    words = [{"text": text, "box": list(box)} for text, box in _pixels()]
    read.write_text(json.dumps({"unit": "px", "words": words}))
    scan.write_text(json.dumps({"dpi": 300, "pt_to_px": LEAN}))
    told = shared.report(shared.one(str(truth), str(read), str(scan)))
    assert {name: told[name] for name in EXPECTED} == EXPECTED
