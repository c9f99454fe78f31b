"""Real pages turned into scans by the shared simulator, in an environment of its own.

The simulator and the real decisions lie outside the repository, in ``../shared``;
where that folder is not there nothing is made here, and the caller says so.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.store import STORE

SHARED: Final = Path("../shared")
DECISIONS: Final = SHARED / "samples" / "decisions"
SIMULATOR: Final = SHARED / "tools" / "scan_sim.py"
_VENV: Final = Path(".cache/scan-venv")
_NEEDS: Final = ("numpy==2.2.6", "scipy==1.15.3", "pillow==11.3.0", "img2pdf==0.6.1")


@dataclass(frozen=True, slots=True)
class Simulated:
    """One page as scanned: its PDF, and the map from points of the page to pixels."""

    pdf: Path
    dpi: int
    to_pixels: tuple[float, ...]


def there() -> bool:
    """Whether real decisions and the simulator are at hand."""
    return DECISIONS.is_dir() and SIMULATOR.is_file()


def _python() -> Path:
    """A Python that has what the simulator needs."""
    program = _VENV / "bin" / "python"
    if not program.is_file():
        print(f"bench: installing {' '.join(_NEEDS)} into {_VENV} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", _VENV], check=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", *_NEEDS], check=True)
    return program


def simulate(
    pages: Sequence[tuple[str, int]], level: str, dpi: int, seed: int, *, annotations: bool
) -> list[Simulated]:
    """Scans of pages (file, number) of the real decisions; made once, then kept.

    ``annotations``: draw stamps and signatures that stand over the page, too.
    """
    folder = STORE / "scans" / f"{level}-{dpi}-{seed}{'-stamped' if annotations else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [page for page in pages if not _json(folder, page, level, dpi).is_file()]
    if missing:
        command: list[str | Path] = [
            _python(), SIMULATOR, "--root", DECISIONS / "pdf", "--level", level, "--dpi", str(dpi),
            "--seed", str(seed), "--format", "pdf", "--out", folder,
        ]  # fmt: skip
        command += ["--annots"] if annotations else []
        command += [f"{name}:{number}" for name, number in missing]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found = []
    for page in pages:
        path = _json(folder, page, level, dpi)
        told = json.loads(path.read_text(encoding="utf-8"))
        pdf = path.with_name(path.name.removesuffix(".json") + ".pdf")
        found.append(Simulated(pdf, dpi, tuple(told["pt_to_px"])))
    return found


def _json(folder: Path, page: tuple[str, int], level: str, dpi: int) -> Path:
    return folder / f"{page[0]}_p{page[1]}_{level}_{dpi}.json"
