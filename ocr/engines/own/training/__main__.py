"""``python -m ocr.engines.own.training``: train the line recogniser again from rendered text."""

import argparse
import time
from pathlib import Path

from ocr.engines.own.training.export import export
from ocr.engines.own.training.faces import check_installed
from ocr.engines.own.training.loop import train
from ocr.engines.own.training.report import report
from ocr.engines.own.training.schedule import SEED, STEPS, Plan


def main() -> None:
    """Train, export in 8 bits, report; nothing in the product is replaced unless asked for."""
    parser = argparse.ArgumentParser(prog="make train-recogniser", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--steps", type=int, default=STEPS, help="of each process")
    parser.add_argument("--folder", type=Path, default=Path("data/recogniser"))
    parser.add_argument("--only-export", action="store_true", help="from weights in the folder")
    parser.add_argument("--install", action="store_true", help="replace the product's weights")
    chosen = parser.parse_args()
    check_installed()
    started = time.monotonic()
    if not chosen.only_export:
        print(f"{chosen.steps} steps; progress in {chosen.folder}/log.jsonl", flush=True)
        train(Plan(chosen.seed, chosen.steps), chosen.folder)
    target = chosen.folder / "recogniser.onnx"
    export(chosen.folder / "weights.pt", target)
    lines = [str(errors) for errors in report(target)]
    minutes = (time.monotonic() - started) / 60
    lines.append(f"{target.stat().st_size / 1e6:.1f} MB, {minutes:.0f} min")
    print("\n".join(lines))
    (chosen.folder / "report.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if chosen.install:
        product = Path(__file__).parents[1] / "recogniser.onnx"
        product.write_bytes(target.read_bytes())
        print(f"{product} replaced; next: make bench-reading")


if __name__ == "__main__":
    main()
