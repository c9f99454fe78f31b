"""What reading costs: alone, and the whole of ``sohoa digitize``, beside OCRmyPDF.

``python -m bench.cost FILE.pdf`` reads a file in one process and prints what it took.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.against_ocrmypdf import compare
from bench.pages import bound, generated
from bench.readers import environment
from bench.report import Section, Table, Target, say

READING_LIMIT: Final = 0.16
DIGITIZE_LIMIT: Final = 0.22
MEMORY_LIMIT_MIB: Final = 300


def read_alone(path: Path) -> dict[str, float]:
    """CPU seconds a page for all of reading (pages and fields), once everything is loaded."""
    from bench.own_reading import MEDIA_TYPE, read_page_of
    from ocr.fields import extract_fields
    from ocr.opening import open_document

    with open_document(path, MEDIA_TYPE) as document:
        count = document.page_count
    extract_fields([read_page_of(path, 1, "auto")])
    begin = time.process_time()
    for number in range(1, count + 1):
        extract_fields([read_page_of(path, number, "auto")])
    took = time.process_time() - begin
    return {"cpu_s_a_page": took / count, "peak_mib": _peak_mib()}


def _peak_mib() -> float:
    """Of this process since it began its program: ``ru_maxrss`` knows its parent's size, too."""
    status = Path("/proc/self/status").read_text().splitlines()
    (peak,) = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    return int(peak) / 1024


def section(dpis: Sequence[int], jobs: int, pages: int, repeat: int = 1) -> Section:
    """Reading alone and the whole way, with their ratio to OCRmyPDF in the same run."""
    rows: list[tuple[Any, ...]] = []
    targets: list[Target] = []
    for dpi in dpis:
        say(f"cost: {pages} generated pages at {dpi} dpi, OCRmyPDF and sohoa ...")
        report = compare(dpi, ("ocrmypdf", "sohoa"), jobs, repeat, pages)
        alone = _alone(dpi, pages, repeat)
        peer, own = report["ocrmypdf"]["cpu_s"] / pages, report["sohoa"]["cpu_s"] / pages
        rows += [
            (dpi, "OCRmyPDF, default", peer, 1.0, report["ocrmypdf"]["largest_mib"]),
            (dpi, "sohoa, reading alone", alone["cpu_s_a_page"], alone["cpu_s_a_page"] / peer,
             alone["peak_mib"]),
            (dpi, "sohoa digitize, PDF/A", own, own / peer, report["sohoa"]["largest_mib"]),
        ]  # fmt: skip
        targets += [
            Target(f"{dpi} dpi: reading / OCRmyPDF", READING_LIMIT, alone["cpu_s_a_page"] / peer,
                   "most"),
            Target(f"{dpi} dpi: digitize / OCRmyPDF", DIGITIZE_LIMIT, own / peer, "most"),
            Target(f"{dpi} dpi: MiB of the largest process", MEMORY_LIMIT_MIB,
                   max(report["sohoa"]["largest_mib"], alone["peak_mib"]), "most"),
        ]  # fmt: skip
    heads = ("dpi", "program", "CPU s a page", "ratio", "largest process MiB")
    return Section("cost", (Table("Cost, one run after the other", heads, tuple(rows)),),
                   tuple(targets))  # fmt: skip


def _alone(dpi: int, pages: int, repeat: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        source = Path(name) / "scan.pdf"
        bound(generated("office", dpi, pages), source)
        runs = []
        for _ in range(repeat):
            done = subprocess.run(
                [sys.executable, "-m", "bench.cost", str(source)],
                check=True, capture_output=True, text=True,
                env={**environment(), "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
            runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: float(run["cpu_s_a_page"]))


if __name__ == "__main__":
    print(json.dumps(read_alone(Path(sys.argv[1]))))
