"""How fast this machine trains: the arithmetic it is quicker in, and what a step takes."""

import json
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import torch

from ocr.engines.own.fitting import LINE_HEIGHT
from ocr.engines.own.net import alphabet
from ocr.engines.own.training.loop import train
from ocr.engines.own.training.network import LineNetwork
from ocr.engines.own.training.schedule import Plan

_WIDTH: Final = 480
_TRIAL_STEPS: Final = 30
_TRIAL_LOG: Final = 10
"""The first steps make lines in store and are not counted."""


def half_is_faster() -> bool:
    """Whether 16 bits (bf16) beat 32 here; cores without such instructions take tenfold."""
    torch.set_num_threads(1)  # as each process of the training has it
    net = LineNetwork(len(alphabet())).to(memory_format=torch.channels_last)
    return _seconds(net, half=True) < _seconds(net, half=False)


def seconds_a_step(plan: Plan) -> float:
    """What a step of ``plan`` takes with all its processes, measured over a few."""
    brief = replace(plan, steps=_TRIAL_STEPS, log_every=_TRIAL_LOG)
    with TemporaryDirectory() as folder:
        train(brief, Path(folder))
        log = (Path(folder) / "log.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in log.splitlines()]
    first, last = entries[0], entries[-1]
    return float((last["seconds"] - first["seconds"]) / (last["step"] - first["step"]))


def _seconds(net: LineNetwork, half: bool) -> float:
    lines = torch.rand(8, 1, LINE_HEIGHT, _WIDTH).contiguous(memory_format=torch.channels_last)
    taken = []
    for _ in range(2):  # the first chooses the kernels
        began = time.monotonic()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            scores = net(lines)
        scores.float().mean().backward()
        taken.append(time.monotonic() - began)
    return taken[-1]
