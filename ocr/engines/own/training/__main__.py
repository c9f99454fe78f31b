"""``python -m ocr.engines.own.training``: train the line recogniser again from rendered text."""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocr.engines.own.training.export import export
from ocr.engines.own.training.faces import check_installed
from ocr.engines.own.training.loop import train
from ocr.engines.own.training.pace import half_is_faster, seconds_a_step
from ocr.engines.own.training.report import compared
from ocr.engines.own.training.schedule import (
    REPORT_MIN,
    SEALED_STEPS,
    SEED,
    STAMPED_STEPS,
    STEPS,
    WITHIN_MIN,
    Plan,
    stamped,
    steps_within,
    under_seals,
)

_PRODUCT: Final = Path(__file__).parents[1]


def main() -> None:
    """Train, export in 8 bits, report; nothing in the product is replaced unless asked for."""
    chosen = _arguments()
    check_installed()
    started = time.monotonic()
    if not chosen.only_export:
        end = started + 60 * max(1.0, chosen.within - REPORT_MIN) if chosen.within else None
        _train(chosen, end)
    lines: list[str] = []
    made = {
        f"{name}.onnx": chosen.folder / name / "weights.pt" for name in ("under_seals", "stamped")
    }
    if chosen.begun is None:
        made["recogniser.onnx"] = chosen.folder / "weights.pt"
    for name, weights in made.items():
        export(weights, chosen.folder / name)
        lines += compared(chosen.folder / name, _PRODUCT / name, chosen.install)
    lines.append(f"{(time.monotonic() - started) / 60:.0f} min")
    print("\n".join(lines))
    (chosen.folder / "report.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make train-recogniser", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--steps", type=int, default=STEPS, help="of each process")
    parser.add_argument("--sealed-steps", type=int, default=SEALED_STEPS,
                        help="after these, under seals")  # fmt: skip
    parser.add_argument("--stamped-steps", type=int, default=STAMPED_STEPS,
                        help="after these, on rubber stamps")  # fmt: skip
    parser.add_argument("--within", type=float, default=WITHIN_MIN,
                        help="minutes in all: a slower machine takes fewer steps; "
                        "0: every step, however long that is (default: %(default)s)")  # fmt: skip
    parser.add_argument("--begun", type=Path, help="weights of the first part: the others alone")
    parser.add_argument("--folder", type=Path, default=Path("data/recogniser"))
    parser.add_argument("--only-export", action="store_true", help="from weights in the folder")
    parser.add_argument("--install", action="store_true",
                        help="take over weights that read no worse than the product's")  # fmt: skip
    return parser.parse_args()


def _train(chosen: argparse.Namespace, end: float | None) -> None:
    """The three parts, each from the weights of the one before, all done by ``end``."""
    seed, folder = chosen.seed, chosen.folder
    first: Path = chosen.begun or folder / "weights.pt"
    sealed, stamps = folder / "under_seals", folder / "stamped"
    plans = {} if chosen.begun else {folder: Plan(seed, chosen.steps)}
    plans[sealed] = under_seals(seed, chosen.sealed_steps, first)
    plans[stamps] = stamped(seed, chosen.stamped_steps, sealed / "weights.pt")
    half = half_is_faster()
    print(f"calculated in {'bf16' if half else '32 bits'}, the faster here", flush=True)
    to_do = sum(plan.steps for plan in plans.values())
    for where, wanted in plans.items():
        plan = replace(wanted, half=half)
        if end is not None:
            a_step = seconds_a_step(plan)
            seconds = (end - time.monotonic()) * plan.steps / to_do
            plan = replace(plan, steps=steps_within(plan.steps, seconds, a_step))
            print(f"{plan.steps} of {wanted.steps} steps, {a_step:.2f} s each: "
                  f"{plan.steps * a_step / 60:.0f} min", flush=True)  # fmt: skip
        if plan.steps < wanted.steps:
            print("  fewer than wanted, to be done in time; all of them: --within 0", flush=True)
        print(f"  progress in {where}/log.jsonl", flush=True)
        train(plan, where)
        to_do -= wanted.steps


if __name__ == "__main__":
    main()
