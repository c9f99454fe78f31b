"""The training itself: two processes, a core each, one shared gradient a step."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import Tensor, distributed, multiprocessing
from torch.nn import functional

from ocr.engines.own.fitting import LINE_HEIGHT, STEP
from ocr.engines.own.net import alphabet
from ocr.engines.own.training.crops import Crop, CropSource
from ocr.engines.own.training.network import LineNetwork
from ocr.engines.own.training.schedule import Plan, batches

SEEDS_APART: Final = 1000
"""Between the processes' own seeds."""

_LONGEST_GRADIENT: Final = 2.0
_AVERAGE_OVER: Final = 0.998
_AVERAGE_EVERY: Final = 4

State = dict[str, Tensor]


def train(plan: Plan, folder: Path) -> Path:
    """Train by ``plan``; the averaged weights as ``weights.pt`` in ``folder``, with a log."""
    folder.mkdir(parents=True, exist_ok=True)
    meeting = folder / "meeting"
    meeting.unlink(missing_ok=True)
    (folder / "log.jsonl").unlink(missing_ok=True)
    multiprocessing.spawn(_process, args=(plan, folder, meeting), nprocs=plan.processes)
    meeting.unlink(missing_ok=True)
    return folder / "weights.pt"


def _process(rank: int, plan: Plan, folder: Path, meeting: Path) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    distributed.init_process_group(
        "gloo", init_method=f"file://{meeting.resolve()}", rank=rank, world_size=plan.processes
    )
    _Trainer(rank, plan, folder).run()
    distributed.barrier()
    distributed.destroy_process_group()


class _Trainer:
    """One process's share of the work; the first also averages, logs and saves."""

    def __init__(self, rank: int, plan: Plan, folder: Path) -> None:
        self._rank, self._plan, self._folder = rank, plan, folder
        self._net = LineNetwork(len(alphabet())).to(memory_format=torch.channels_last)
        if plan.begun is not None:
            self._net.load_state_dict(torch.load(Path(plan.begun), weights_only=True)["net"])
        self._parameters = list(self._net.parameters())
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self._parameters if p.ndim > 1], "weight_decay": 0.01},
                {"params": [p for p in self._parameters if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=plan.top_rate,
            betas=(0.9, 0.98),
        )
        self._average: State = {key: value.clone() for key, value in self._net.state_dict().items()}
        self._batches = batches(
            CropSource(plan.seed + SEEDS_APART * rank, plan.sealed, plan.stamped), plan
        )
        self._numbers = {symbol: place for place, symbol in enumerate(alphabet(), start=1)}
        self._started = time.time()
        self._making = 0.0
        self._lines = 0
        self._loss = 0.0

    def run(self) -> None:
        for step in range(self._plan.steps):
            began = time.time()
            batch = next(self._batches)
            self._making += time.time() - began
            loss = self._step(step, batch)
            self._lines += len(batch)
            self._loss = loss if step == 0 else 0.98 * self._loss + 0.02 * loss
            if self._rank == 0:
                self._keep(step)

    def _step(self, step: int, batch: list[Crop]) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.rate(step)
        loss = self._loss_of(batch)
        loss.backward()
        together = torch.cat([parameter.grad.reshape(-1) for parameter in self._parameters])
        distributed.all_reduce(together)
        together /= self._plan.processes
        length = together.norm().item()
        if np.isfinite(length):
            together *= min(1.0, _LONGEST_GRADIENT / (length + 1e-6))
            start = 0
            for parameter in self._parameters:
                end = start + parameter.numel()
                parameter.grad.copy_(together[start:end].view_as(parameter))
                start = end
            self._optimizer.step()
        self._optimizer.zero_grad()
        return float(loss.item())

    def _loss_of(self, batch: list[Crop]) -> Tensor:
        lines, steps = as_input(batch)
        texts = [[self._numbers[char] for char in crop.text] for crop in batch]
        lengths = torch.tensor([len(text) for text in texts])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._plan.half):
            scores = self._net(lines)
        likelihoods = scores.float().log_softmax(2).transpose(0, 1)
        losses = functional.ctc_loss(
            likelihoods,
            torch.tensor([number for text in texts for number in text]),
            steps.clamp(max=likelihoods.shape[0]),
            lengths,
            reduction="none",
            zero_infinity=True,
        )
        return losses.sum() / lengths.sum()

    def _keep(self, step: int) -> None:
        done = step + 1
        if done % _AVERAGE_EVERY == 0:
            share = min(_AVERAGE_OVER, done / (done + 40))
            for key, value in self._net.state_dict().items():
                if value.dtype.is_floating_point:
                    self._average[key].mul_(share).add_(value, alpha=1 - share)
                else:
                    self._average[key].copy_(value)
        last = done == self._plan.steps
        if done % self._plan.log_every == 0 or last:
            self._log(done)
        if done % self._plan.keep_every == 0 or last:
            save(self._average, self._plan, done, self._folder / "weights.pt")

    def _log(self, done: int) -> None:
        seconds = time.time() - self._started
        entry = {
            "step": done,
            "seconds": round(seconds, 1),
            "lines": self._lines * self._plan.processes,
            "loss": round(self._loss, 4),
            "rate": round(self._plan.rate(done), 6),
            "making": round(self._making / seconds, 3),
        }
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")


def as_input(batch: list[Crop]) -> tuple[Tensor, Tensor]:
    """Lines as the net takes them, and how many of the output's steps each may use."""
    width = -(-max(crop.pixels.shape[1] for crop in batch) // STEP) * STEP
    pixels = np.full((len(batch), 1, LINE_HEIGHT, width), 255, np.uint8)
    for place, crop in enumerate(batch):
        pixels[place, 0, :, : crop.pixels.shape[1]] = crop.pixels
    lines = torch.from_numpy(pixels).float().div_(-255.0).add_(1.0)
    steps = [min(width // STEP, crop.pixels.shape[1] // STEP + 3) for crop in batch]
    return lines.contiguous(memory_format=torch.channels_last), torch.tensor(steps)


def save(state: Mapping[str, Tensor], plan: Plan, steps_done: int, path: Path) -> None:
    """Replace the file in one move: it can be read while training goes on."""
    fresh = path.with_suffix(".new")
    content: dict[str, Any] = {"net": dict(state), "plan": asdict(plan), "steps_done": steps_done}
    torch.save(content, fresh)
    fresh.replace(path)
