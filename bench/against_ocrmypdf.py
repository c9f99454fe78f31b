"""Side by side with OCRmyPDF on the same scans: cost, and how well the output's text is.

OCRmyPDF runs with its default options and ``-l vie``; sohoa as ``sohoa
digitize --no-sign`` with as many processes. Both read the same 10-page PDF of
office scans; both outputs' text layers are taken out by the same program and
scored against the same truth.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.geometry import placed_points
from bench.measuring import Cost, measure
from bench.pages import TruePage, bound, digest_of, generated
from bench.readers import SOHOA, environment, ocrmypdf, pdf_words, write_report
from bench.scoring import Score, score


def _quality(pdf: Path, pages: Sequence[TruePage]) -> Score:
    found = pdf_words(pdf)
    total = Score()
    for number, page in enumerate(pages, start=1):
        total += score(page.words, placed_points(found.get(number, []), page))
    return total


def _run_side(side: str, source: Path, folder: Path, jobs: int, run: int) -> tuple[Cost, Path]:
    """One run of one side; gives its cost and its PDF."""
    log = folder / f"{side}-{source.stem}-{run}.log"
    if side == "ocrmypdf":
        out = folder / f"{source.stem}-ocrmypdf.pdf"
        command: list[str | Path] = [ocrmypdf(), "-l", "vie", "--jobs", str(jobs), source, out]
    else:
        target = folder / f"sohoa-{source.stem}-{run}"
        out = target / source.name
        command = [SOHOA, "digitize", source, "--out", target, "--no-sign", "--jobs", str(jobs)]
    cost = measure(command, log, environment())
    if cost.exit_code != 0 or not out.is_file():
        raise SystemExit(f"{side} ended with {cost.exit_code}:\n{log.read_text(errors='replace')}")
    return cost, out


def compare(dpi: int, sides: Sequence[str], jobs: int, repeat: int, count: int) -> dict[str, Any]:
    """Both sides in turn on the same scans of one resolution; costs are medians of the runs."""
    pages = generated("office", dpi, count)
    report: dict[str, Any] = {"dpi": dpi, "pages": digest_of(pages), "jobs": jobs, "repeat": repeat}
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        source = folder / f"scan{dpi}.pdf"
        bound(pages, source)
        report["source_bytes"] = source.stat().st_size
        costs: dict[str, list[Cost]] = {side: [] for side in sides}
        for run in range(repeat):
            for side in sides:
                cost, out = _run_side(side, source, folder, jobs, run)
                costs[side].append(cost)
                if run == 0:
                    kept = _quality(out, pages)
                    report[side] = {"output_bytes": out.stat().st_size, **kept.rates()}
    for side in sides:
        report[side] |= {
            key: round(statistics.median(getattr(cost, key) for cost in costs[side]), 2)
            for key in ("cpu_s", "wall_s", "largest_mib", "tree_mib")
        }
        report[side]["runs"] = [asdict(cost) for cost in costs[side]]
    if len(sides) == 2:
        report["cpu_ratio"] = round(report["sohoa"]["cpu_s"] / report["ocrmypdf"]["cpu_s"], 3)
    return report


def show(reports: Sequence[dict[str, Any]], sides: Sequence[str]) -> None:
    """Print the table."""
    table = Table(title="sohoa / OCRmyPDF, the same scans, one run after the other")
    for head in ("dpi", "program", "CPU s", "wall s", "largest MiB", "tree MiB", "CER %", "WER %",
                 "numbers %", "words F1 %", "CPU ratio"):  # fmt: skip
        table.add_column(head, justify="left" if head == "program" else "right")
    for report in reports:
        for side in sides:
            row = report[side]
            ratio = str(report.get("cpu_ratio", "")) if side == "sohoa" else ""
            figures = (row["cpu_s"], row["wall_s"], row["largest_mib"], row["tree_mib"], row["cer"],
                       row["wer"], row["numbers_right"], row["bag_f1"])  # fmt: skip
            table.add_row(str(report["dpi"]), side, *(f"{value:.2f}" for value in figures), ratio)
    Console(width=max(shutil.get_terminal_size().columns, 110)).print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.against_ocrmypdf", description=__doc__)
    parser.add_argument("--dpi", type=int, nargs="+", default=[200, 300])
    parser.add_argument("--side", choices=("both", "ocrmypdf", "sohoa"), default="both")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--pages", type=int, default=10)
    chosen = parser.parse_args(arguments)
    sides = ("ocrmypdf", "sohoa") if chosen.side == "both" else (chosen.side,)
    if "ocrmypdf" in sides:
        ocrmypdf()
    reports = [compare(dpi, sides, chosen.jobs, chosen.repeat, chosen.pages) for dpi in chosen.dpi]
    show(reports, sides)
    name = "against_ocrmypdf" if len(sides) == 2 else f"only_{sides[0]}"
    print(write_report(name, reports))


if __name__ == "__main__":
    main()
