"""From trained weights to what the product loads: ONNX in 8 bits, scaled on unseen crops.

Activations have 8 bits, weights 7 (:mod:`seven_bits`).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime import quantization

from ocr.engines.own.fitting import LINE_HEIGHT
from ocr.engines.own.net import alphabet
from ocr.engines.own.training.crops import Crop, CropSource
from ocr.engines.own.training.loop import as_input
from ocr.engines.own.training.network import LineNetwork
from ocr.engines.own.training.seven_bits import lessen

_OPSET: Final = 17
_SCALE_SEED: Final = 700_000
"""Far from the seeds of training and of the report."""
_SCALE_SHEETS: Final = 40
_SCALE_BATCH: Final = 8


def export(weights: Path, target: Path) -> None:
    """Write the net of ``weights`` (see :func:`loop.save`) as ONNX in 8 bits to ``target``."""
    kept = torch.load(weights, weights_only=True)
    net = LineNetwork(len(alphabet()))
    net.load_state_dict(kept["net"])
    net.eval()
    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            net,
            (torch.zeros(2, 1, LINE_HEIGHT, 400),),
            str(whole),
            input_names=["x"],
            output_names=["y"],
            dynamic_axes={"x": {0: "n", 3: "w"}, "y": {0: "n", 1: "t"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        quantization.quantize_static(
            str(whole),
            str(small),
            _Scales(CropSource(_SCALE_SEED, kept["plan"]["sealed"], kept["plan"]["stamped"])),
            per_channel=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            extra_options={"WeightSymmetric": True, "CalibMovingAverage": True},
        )
        lessen(small)
        fresh = target.with_suffix(".new")
        fresh.write_bytes(small.read_bytes())
        fresh.replace(target)


class _Scales(quantization.CalibrationDataReader):  # type: ignore[misc]
    """Batches from which the range of each activation is taken, of the kind it was trained on."""

    def __init__(self, source: CropSource) -> None:
        self._batches = _batches(source)

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        return next(self._batches, None)


def _batches(source: CropSource) -> Iterator[dict[str, Any]]:
    crops: list[Crop] = []
    for _ in range(_SCALE_SHEETS):
        crops += source.sheet()
    crops.sort(key=lambda crop: crop.pixels.shape[1])
    for start in range(0, len(crops), _SCALE_BATCH):
        lines, _ = as_input(crops[start : start + _SCALE_BATCH])
        yield {"x": lines.contiguous().numpy()}
