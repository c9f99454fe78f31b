"""How well pages are read: sohoa against plain tesseract, on seeds that nothing was tuned on.

Where real decisions with word truth are at hand, they are rendered, damaged in
the same way and scored, too; the run says so when they are not.
"""

import argparse
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from rich.console import Console
from rich.table import Table

from bench.pages import SAMPLES, TruePage, generated, real
from bench.readers import sohoa_words, tesseract_words, write_report
from bench.scoring import Score, score
from demo.damage import Level
from demo.scan_files import to_pdf, to_png


def read_both(pages: Sequence[TruePage], baseline: bool = True) -> dict[str, dict[str, Score]]:
    """Scores by program and by kind of page; "all" sums them."""
    scores: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        to_pdf([page.scan for page in pages], folder / "pages.pdf")
        words = sohoa_words(folder / "pages.pdf")
        for number, page in enumerate(pages, start=1):
            readings = {"sohoa": words.get(number, [])}
            if baseline:
                to_png(page.scan, folder / "page.png")
                readings["tesseract"] = tesseract_words(folder / "page.png", page.scan.dpi)
            for program, reading in readings.items():
                result = score(page.words, reading)
                for group in ("all", page.name.partition("-")[0]):
                    scores[program][group] += result
    return scores


def _rows(source: str, level: str, dpi: int, pages: Sequence[TruePage], baseline: bool) -> Any:
    kinds = source == "generated"
    for program, groups in read_both(pages, baseline).items():
        for group, result in groups.items():
            if kinds or group == "all":
                yield {"source": source, "level": level, "dpi": dpi, "program": program,
                       "kind": group, "words": result.words, **result.rates()}  # fmt: skip


def _pages(source: str, level: Level, dpi: int, count: int) -> list[TruePage]:
    return generated(level, dpi, count) if source == "generated" else list(real(level, dpi))


def show(rows: Sequence[dict[str, Any]], by_kind: bool) -> None:
    """Print the table: totals, and each kind of paper when asked."""
    table = Table(title="Reading, % (CER and WER: less is better)")
    heads = ("source", "level", "dpi", "kind", "program", "words", "cer", "wer", "numbers_right",
             "bag_f1")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="right" if head not in heads[:5] else "left")
    for row in rows:
        if by_kind or row["kind"] == "all":
            table.add_row(*(str(row[head]) for head in heads))
    Console(width=max(shutil.get_terminal_size().columns, 110)).print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--levels", nargs="+", choices=get_args(Level), default=["office", "poor"])
    parser.add_argument("--dpi", type=int, nargs="+", default=[200, 300])
    parser.add_argument("--pages", type=int, default=14, help="generated pages a level")
    parser.add_argument("--by-kind", action="store_true", help="a row for each kind of paper")
    parser.add_argument("--no-baseline", action="store_true", help="sohoa only")
    chosen = parser.parse_args(arguments)
    rows: list[dict[str, Any]] = []
    for level in chosen.levels:
        for dpi in chosen.dpi:
            for source in ("generated", "real"):
                pages = _pages(source, level, dpi, chosen.pages)
                if pages:
                    rows.extend(_rows(source, level, dpi, pages, not chosen.no_baseline))
    if not SAMPLES.is_dir():
        print(f"bench: {SAMPLES} is not there; only generated pages were measured")
    show(rows, chosen.by_kind)
    print(write_report("accuracy", rows))


if __name__ == "__main__":
    main()
