"""The net: convolutions to a quarter of the width, residual convolutions along the line.

Each step of the output is four columns of the fitted line: scores of the
alphabet's symbols and, first, of "no letter" (connectionist temporal
classification, Graves et al. 2006).
"""

from typing import Final

from torch import Tensor, nn
from torch.nn import functional

from ocr.engines.own.fitting import LINE_HEIGHT

_STEM: Final = (16, 32, 80)
_WIDE: Final = 192
_DILATIONS: Final = (1, 2, 4, 1, 2, 4, 8)
_DROP: Final = 0.1


class _Reduced(nn.Module):  # type: ignore[misc]
    """Convolution, normalisation, rectifier."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int | tuple[int, int]) -> None:
        super().__init__()
        self.weigh = nn.Conv2d(inputs, outputs, size, stride, (size - 1) // 2, bias=False)
        self.level = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.level(self.weigh(x)), inplace=True)


class _Along(nn.Module):  # type: ignore[misc]
    """A residual block along the line: three steps, ``apart`` from each other, then one."""

    def __init__(self, channels: int, apart: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(
            channels, channels, (1, 3), padding=(0, apart), dilation=(1, apart), bias=False
        )
        self.look_level = nn.BatchNorm2d(channels)
        self.mix = nn.Conv2d(channels, channels, 1, bias=False)
        self.mix_level = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        seen = functional.relu(self.look_level(self.look(x)), inplace=True)
        return functional.relu(x + self.mix_level(self.mix(seen)), inplace=True)


class LineNetwork(nn.Module):  # type: ignore[misc]
    """Lines (batch, 1, height, width; 0 paper, 1 ink) to scores (batch, steps, symbols + 1)."""

    def __init__(self, symbols: int) -> None:
        super().__init__()
        first, second, third = _STEM
        self.stem = nn.Sequential(
            _Reduced(1, first, 5, 2),
            _Reduced(first, second, 3, (2, 1)),
            _Reduced(second, third, 3, 2),
        )
        rows = -(-LINE_HEIGHT // 8)
        self.collapse = nn.Conv2d(third, _WIDE, (rows, 3), padding=(0, 1), bias=False)
        self.collapse_level = nn.BatchNorm2d(_WIDE)
        self.along = nn.Sequential(*(_Along(_WIDE, apart) for apart in _DILATIONS))
        self.drop = nn.Dropout(_DROP)
        self.scores = nn.Conv2d(_WIDE, symbols + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        column = functional.relu(self.collapse_level(self.collapse(self.stem(x))))
        return self.scores(self.drop(self.along(column))).squeeze(2).transpose(1, 2)
