"""Weights of 8 bits to 7, so that no sum of products overflows on any processor.

x86 without VNNI adds two products of an activation (0 to 255) and a weight up in 16 bits: with
weights of 64 at most that is 32,640, with larger ones it can be more than 32,767, which stays
at that unnoticed. Each output's weights get the scale that changes them least: the largest few
may be cut down a little, so that all others are rounded less.
"""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from ocr.engines.own.training.scales import least_changed

_FROM_8_BITS: Final = "DequantizeLinear"


def lessen(model: Path) -> None:
    """Change an ONNX file of quantised convolutions in place.

    Raises:
        ValueError: a convolution's weights are not there in 8 bits.
    """
    loaded = onnx.load(str(model))
    stored = {one.name: one for one in loaded.graph.initializer}
    made = {node.output[0]: node for node in loaded.graph.node if node.op_type == _FROM_8_BITS}
    for node in loaded.graph.node:
        if node.op_type != "Conv":
            continue
        if node.input[1] not in made:
            raise ValueError(f"{model.name}: {node.name} has no weights in 8 bits")
        weights, scale, *_ = made[node.input[1]].input
        lesser, factors = least_changed(numpy_helper.to_array(stored[weights]))
        _put(stored, weights, lesser)
        _put(stored, scale, numpy_helper.to_array(stored[scale]) * factors)
        for bias, scale_of_bias, *_ in (made[name].input for name in node.input[2:]):
            lesser_bias = np.rint(numpy_helper.to_array(stored[bias]) / factors)
            _put(stored, bias, lesser_bias.astype(np.int32))
            _put(stored, scale_of_bias, numpy_helper.to_array(stored[scale_of_bias]) * factors)
    onnx.save(loaded, str(model))


def _put(stored: dict[str, onnx.TensorProto], name: str, values: npt.NDArray[np.generic]) -> None:
    kind = numpy_helper.to_array(stored[name]).dtype
    stored[name].CopyFrom(numpy_helper.from_array(values.astype(kind), name))
