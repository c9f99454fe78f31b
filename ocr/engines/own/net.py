"""The line net: crops of one height in, letters with places and probabilities out.

One thread a process: pages are the unit of parallel work. Weights and
alphabet lie beside this file; README.md says how they were made.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from ocr.engines.own.fitting import LINE_HEIGHT, STEP
from ocr.ports import LetterChoices, Pixels
from vocabulary.errors import MissingPart

_BATCH_PIXELS: Final = 9000  # of crop width: more costs memory and gains nothing
_CHOICES: Final = 4
_LEAST: Final = 1e-4
_SOFTENED: Final = 0.6
"""The net is surer of a letter than it is right: its doubts count by this power of them."""
_FOLDER: Final = Path(__file__).parent
_WEIGHTS: Final = _FOLDER / "recogniser.onnx"
UNDER_SEALS: Final = _FOLDER / "under_seals.onnx"
"""The same net trained on under seals: better where they cover letters, worse elsewhere."""
STAMPED: Final = _FOLDER / "stamped.onnx"
"""The same net trained on names by rubber stamps: better there alone."""

_DARKNESS: Final = ((255.0 - np.arange(256)) / 255.0).astype(np.float32)
"""What the net is given for each grey value."""

LogProbabilities = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: text, first and last step of its peak, probability, other readings."""

    text: str
    first: int
    last: int
    probability: float
    choices: LetterChoices


@lru_cache(maxsize=1)
def alphabet() -> tuple[str, ...]:
    """The net's symbols in order; index 0 (no letter) is not among them."""
    content = (_FOLDER / "alphabet.txt").read_text(encoding="utf-8")
    return tuple(content.removesuffix("\n").split("\n"))


@lru_cache(maxsize=1)
def weights_version() -> str:
    """Content hash of all weights, for ``made_by``."""
    told = hashlib.sha256()
    for weights in (_WEIGHTS, UNDER_SEALS, STAMPED):
        try:
            told.update(weights.read_bytes())
        except OSError as error:
            raise _not_loaded(weights) from error
    return told.hexdigest()[:12]


def _not_loaded(weights: Path) -> MissingPart:
    return MissingPart(
        f"Không nạp được mô hình nhận dạng {weights.name}. Hãy cài lại sohoa: make setup",
        f"The recognition model {weights.name} cannot be loaded. Install sohoa again: make setup",
        part="own recogniser",
    )


class LineNet:
    """The recogniser's weights, loaded; ``weights``: others than the shipped ones."""

    def __init__(self, weights: Path | None = None) -> None:
        weights = weights or _WEIGHTS
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingPart(
                "Thiếu thư viện onnxruntime. Hãy chạy: make setup",
                "The library onnxruntime is missing. Run: make setup",
                part="onnxruntime",
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # line widths vary: the arena only grows
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(weights), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own exception classes share no base
            raise _not_loaded(weights) from error

    @classmethod
    def under_seals(cls) -> Self:
        """The net for lines under lifted seals."""
        return cls(UNDER_SEALS)

    @classmethod
    def stamped(cls) -> Self:
        """The net for names by rubber stamps."""
        return cls(STAMPED)

    def log_probabilities(self, crops: Sequence[Pixels]) -> list[LogProbabilities]:
        """Steps x symbols for each crop (fitted by ``fitting.fit``), in the order given."""
        order = sorted(range(len(crops)), key=lambda index: crops[index].shape[1])
        results: list[LogProbabilities] = [np.zeros((0, 0), np.float32)] * len(crops)
        start = 0
        while start < len(order):
            end = start + 1
            while (
                end < len(order) and (end - start + 1) * crops[order[end]].shape[1] <= _BATCH_PIXELS
            ):
                end += 1
            batch = order[start:end]
            outputs = self._run([crops[index] for index in batch])
            for index, output in zip(batch, outputs, strict=True):
                results[index] = output[: crops[index].shape[1] // STEP + 3]
            start = end
        return results

    def _run(self, crops: Sequence[Pixels]) -> LogProbabilities:
        width = -(-max(crop.shape[1] for crop in crops) // 8) * 8
        batch = np.zeros((len(crops), 1, LINE_HEIGHT, width), np.float32)
        for place, crop in enumerate(crops):
            batch[place, 0, :, : crop.shape[1]] = _DARKNESS[crop]
        output = self._session.run(None, {"x": batch})[0]
        output -= output.max(axis=2, keepdims=True)
        output -= np.log(np.exp(output).sum(axis=2, keepdims=True))
        return np.asarray(output, dtype=np.float32)


def decode(log_probabilities: LogProbabilities) -> list[Letter]:
    """Best path, each letter with the other readings of its surest step."""
    best = log_probabilities.argmax(axis=1)
    edges = np.flatnonzero(np.diff(best)) + 1
    runs = [
        (first, end)
        for first, end in zip([0, *edges.tolist()], [*edges.tolist(), len(best)], strict=True)
        if first != end and best[first] != 0
    ]
    if not runs:
        return []
    peaks = [first + int(log_probabilities[first:end, best[first]].argmax()) for first, end in runs]
    values = np.exp(log_probabilities[peaks])
    doubts = values**_SOFTENED
    doubts /= doubts.sum(axis=1, keepdims=True)
    likeliest = np.argpartition(-values, _CHOICES, axis=1)[:, :_CHOICES]
    order = np.argsort(-np.take_along_axis(values, likeliest, axis=1), axis=1, kind="stable")
    likeliest = np.take_along_axis(likeliest, order, axis=1)
    told = np.take_along_axis(doubts, likeliest, axis=1)
    symbols = best[[first for first, _ in runs]]
    sure = values[np.arange(len(runs)), symbols]
    return [
        _letter(*of_letter)
        for of_letter in zip(
            runs, symbols.tolist(), sure.tolist(), likeliest.tolist(), told.tolist(), strict=True
        )
    ]


def _letter(
    run: tuple[int, int],
    symbol: int,
    probability: float,
    likeliest: Sequence[int],
    doubts: Sequence[float],
) -> Letter:
    """A letter read in steps from ``run``, with what may stand there instead, likeliest first."""
    symbols = alphabet()
    choices = tuple(
        (symbols[index - 1] if index else "", doubt)
        for index, doubt in zip(likeliest, doubts, strict=True)
        if doubt > _LEAST
    )
    return Letter(symbols[symbol - 1], run[0], run[1] - 1, probability, choices)
