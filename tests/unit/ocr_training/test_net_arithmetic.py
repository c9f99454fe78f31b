"""The nets in 8 bits calculate the same on every processor."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ocr.engines.own.net import STAMPED, UNDER_SEALS, LineNet
from ocr.engines.own.training.crops import CropSource
from ocr.ports import Pixels

_PLAIN = UNDER_SEALS.with_name("recogniser.onnx")
_AS_STORED = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
"""Then each step is calculated in 32 bits from what was stored in 8: nothing can overflow."""


def _in_32_bits(make: Callable[[], onnxruntime.SessionOptions]) -> onnxruntime.SessionOptions:
    options = make()
    options.graph_optimization_level = _AS_STORED
    return options


@pytest.fixture(scope="module")
def lines() -> list[Pixels]:
    source = CropSource(910_000)
    return [crop.pixels for _ in range(3) for crop in source.sheet()]


@pytest.mark.parametrize("weights", [_PLAIN, UNDER_SEALS, STAMPED], ids=lambda path: path.stem)
def test_8_bits_say_what_32_bits_say_of_the_same_weights(
    weights: Path, lines: list[Pixels], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = LineNet(weights).log_probabilities(lines)
    make = onnxruntime.SessionOptions
    monkeypatch.setattr(onnxruntime, "SessionOptions", lambda: _in_32_bits(make))
    slow = LineNet(weights).log_probabilities(lines)
    pairs = zip(quick, slow, strict=True)
    apart = np.concatenate([np.abs(np.exp(a) - np.exp(b)).max(axis=1) for a, b in pairs])
    assert apart.mean() < 0.002
