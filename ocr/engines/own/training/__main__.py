"""``python -m ocr.engines.own.training``: train the line recogniser again from rendered text."""

import argparse
import time
from pathlib import Path

from ocr.engines.own.training.export import export
from ocr.engines.own.training.faces import check_installed
from ocr.engines.own.training.loop import train
from ocr.engines.own.training.report import report, sources
from ocr.engines.own.training.schedule import (
    SEALED_STEPS,
    SEED,
    STAMPED_STEPS,
    STEPS,
    Plan,
    stamped,
    under_seals,
)


def main() -> None:
    """Train, export in 8 bits, report; nothing in the product is replaced unless asked for."""
    parser = argparse.ArgumentParser(prog="make train-recogniser", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--steps", type=int, default=STEPS, help="of each process")
    parser.add_argument("--sealed-steps", type=int, default=SEALED_STEPS,
                        help="after these, under seals")  # fmt: skip
    parser.add_argument("--stamped-steps", type=int, default=STAMPED_STEPS,
                        help="after these, on rubber stamps")  # fmt: skip
    parser.add_argument("--begun", type=Path, help="weights of the first part: the others alone")
    parser.add_argument("--folder", type=Path, default=Path("data/recogniser"))
    parser.add_argument("--only-export", action="store_true", help="from weights in the folder")
    parser.add_argument("--install", action="store_true", help="replace the product's weights")
    chosen = parser.parse_args()
    check_installed()
    started = time.monotonic()
    if not chosen.only_export:
        _train(chosen)
    lines: list[str] = []
    made = {
        f"{name}.onnx": chosen.folder / name / "weights.pt" for name in ("under_seals", "stamped")
    }
    if chosen.begun is None:
        made["recogniser.onnx"] = chosen.folder / "weights.pt"
    for name, weights in made.items():
        target = chosen.folder / name
        export(weights, target)
        lines.append(f"{name}, {target.stat().st_size / 1e6:.1f} MB")
        for what, source in sources(name).items():
            lines += [what, *(f"  {errors}" for errors in report(target, source))]
        if chosen.install:
            product = Path(__file__).parents[1] / name
            product.write_bytes(target.read_bytes())
            print(f"{product} replaced; next: make bench-reading")
    lines.append(f"{(time.monotonic() - started) / 60:.0f} min")
    print("\n".join(lines))
    (chosen.folder / "report.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _train(chosen: argparse.Namespace) -> None:
    """The three parts, each from the weights of the one before."""
    seed, folder = chosen.seed, chosen.folder
    first: Path = chosen.begun or folder / "weights.pt"
    if chosen.begun is None:
        print(f"{chosen.steps} steps; progress in {folder}/log.jsonl", flush=True)
        train(Plan(seed, chosen.steps), folder)
    sealed, stamps = folder / "under_seals", folder / "stamped"
    print(f"{chosen.sealed_steps} under seals; progress in {sealed}/log.jsonl", flush=True)
    covered = train(under_seals(seed, chosen.sealed_steps, first), sealed)
    print(f"{chosen.stamped_steps} on stamps; progress in {stamps}/log.jsonl", flush=True)
    train(stamped(seed, chosen.stamped_steps, covered), stamps)


if __name__ == "__main__":
    main()
