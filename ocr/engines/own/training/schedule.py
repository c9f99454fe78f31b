"""How long, how fast, in what batches: fixed numbers, so that a run can be repeated."""

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocr.engines.own.training.crops import Crop, CropSource

SEED: Final = 20261126
STEPS: Final = 10_000
SEALED_STEPS: Final = 6_500
STAMPED_STEPS: Final = 3_500
"""Of each process; together under two hours on two cores that calculate in bf16. What was
shipped: ../README.md."""
WITHIN_MIN: Final = 118.0
"""Minutes a run may take, all in: on slower cores it is cut to fewer steps."""
REPORT_MIN: Final = 8.0
"""Of these, for what comes after the training: export and report."""

_POOL: Final = 320
_LEAST_WAITING: Final = 160
_SHEETS_A_STEP: Final = 3
_BATCH_WIDTH: Final = 12_000
"""Pixels of width (crops times the widest) in one batch of one process."""
_SHORT: Final = 25
_SHORT_UNTIL: Final = 0.025
_WARM_UNTIL: Final = 0.02
_FLAT_UNTIL: Final = 0.04
_LAST_RATE: Final = 0.004


@dataclass(frozen=True, slots=True)
class Plan:
    """``steps`` of ``processes`` processes; their batches' gradients are averaged."""

    seed: int
    steps: int
    processes: int = 2
    top_rate: float = 2.5e-3
    keep_every: int = 300
    log_every: int = 50
    half: bool = True
    """Calculated in bf16 where that loses nothing; see :mod:`.pace`."""
    sealed: float = 0.0
    """Share of sheets under coloured seals."""
    stamped: float = 0.0
    """Share of sheets of names by rubber stamps."""
    begun: str | None = None
    """File of the weights to go on from; then no step is for short lines alone."""

    def rate(self, step: int) -> float:
        """Learning rate: a short rise, a short plateau, then half a cosine."""
        done = step / self.steps
        if done < _WARM_UNTIL:
            return self.top_rate * max(done, 1 / self.steps) / _WARM_UNTIL
        if done < _FLAT_UNTIL:
            return self.top_rate
        fall = 0.5 * (1 + math.cos(math.pi * (done - _FLAT_UNTIL) / (1 - _FLAT_UNTIL)))
        return self.top_rate * (fall * (1 - _LAST_RATE) + _LAST_RATE)

    def short_lines_only(self, step: int) -> bool:
        """In the first steps: the net finds its alignment sooner on short lines."""
        return self.begun is None and step < self.steps * _SHORT_UNTIL


def under_seals(seed: int, steps: int, begun: Path) -> Plan:
    """The second part of the training: most sheets lie under seals.

    Apart from the first, in which a net that does not read yet would learn from covered letters,
    and at a third of its rate, so that what it can do already stays.
    """
    return Plan(seed + 1, steps, top_rate=8e-4, sealed=0.8, begun=str(begun))


def stamped(seed: int, steps: int, begun: Path) -> Plan:
    """The third part: names by rubber stamps, from the net that has learned to guess at letters."""
    return Plan(seed + 2, steps, top_rate=6e-4, sealed=0.1, stamped=0.8, begun=str(begun))


def steps_within(steps: int, seconds: float, a_step: float) -> int:
    """``steps``, or as many as ``seconds`` hold, at ``a_step`` seconds each; at least one."""
    return max(1, min(steps, int(seconds / a_step)))


def batches(source: CropSource, plan: Plan) -> Iterator[list[Crop]]:
    """Crops of like width together, widths in any order; one full batch a step.

    Every step makes about as many crops as it uses, so that no process waits
    long for another.
    """
    chooser = random.Random(plan.seed)
    waiting: list[Crop] = []
    for step in itertools.count():
        short = plan.short_lines_only(step)
        made = 0
        while len(waiting) < _POOL and (made < _SHEETS_A_STEP or len(waiting) < _LEAST_WAITING):
            waiting += [c for c in source.sheet() if not short or len(c.text) <= _SHORT]
            made += 1
        waiting.sort(key=lambda crop: crop.pixels.shape[1])
        chosen = _neighbours(waiting, chooser.randrange(len(waiting)))
        batch = waiting[chosen]
        del waiting[chosen]
        yield batch


def _neighbours(waiting: Sequence[Crop], place: int) -> slice:
    """Crops beside ``place`` (sorted by width), as many as a step can bear."""
    start, end = place, place + 1
    while True:
        if start > 0 and (end - start + 1) * waiting[end - 1].pixels.shape[1] <= _BATCH_WIDTH:
            start -= 1
        elif (
            start == 0
            and end < len(waiting)
            and (end - start + 1) * waiting[end].pixels.shape[1] <= _BATCH_WIDTH
        ):
            end += 1
        else:
            return slice(start, end)
