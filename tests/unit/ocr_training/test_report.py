"""What a training says of its weights, and which of them the product takes over."""

from pathlib import Path

import pytest

from ocr.engines.own.net import STAMPED, UNDER_SEALS
from ocr.engines.own.training.report import compared

_SHEETS = 3


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """The product's weights for lines under seals, where a test may replace them."""
    own = tmp_path / "product.onnx"
    own.write_bytes(UNDER_SEALS.read_bytes())
    return own


def _made(folder: Path, weights: Path) -> Path:
    made = folder / "made" / "under_seals.onnx"
    made.parent.mkdir()
    made.write_bytes(weights.read_bytes())
    return made


def test_weights_that_read_worse_are_not_taken_over(tmp_path: Path, product: Path) -> None:
    before = product.read_bytes()
    worse = _made(tmp_path, STAMPED)  # made for other lines
    said = list(compared(worse, product, install=True, sheets=_SHEETS))
    assert "stays: the new weights read worse" in said[-1]
    assert product.read_bytes() == before


def test_weights_that_read_better_are_taken_over(tmp_path: Path, product: Path) -> None:
    product.write_bytes(STAMPED.read_bytes())
    better = _made(tmp_path, UNDER_SEALS)
    said = list(compared(better, product, install=True, sheets=_SHEETS))
    assert "replaced; next: make bench-reading" in said[-1]
    assert product.read_bytes() == UNDER_SEALS.read_bytes()


def test_nothing_is_replaced_unless_asked_for(tmp_path: Path, product: Path) -> None:
    product.write_bytes(STAMPED.read_bytes())
    said = list(compared(_made(tmp_path, UNDER_SEALS), product, install=False, sheets=_SHEETS))
    assert product.read_bytes() == STAMPED.read_bytes()
    assert any("all" in line and "the product's" in line for line in said)
