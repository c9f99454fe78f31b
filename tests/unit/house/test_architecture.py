"""The arrows of the architecture: who may import whom, and that the check really checks."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOMS = ["api", "demo", "ingest", "ocr", "repository", "signing", "vocabulary"]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_house(root: Path, folder: Path) -> Path:
    shutil.copy(root / "pyproject.toml", folder)
    for room in ROOMS:
        ignore = shutil.ignore_patterns("__pycache__", "*.onnx")
        shutil.copytree(root / room, folder / room, ignore=ignore)
    return folder


def test_imports_point_one_way(root: Path) -> None:
    result = lint_imports(root)
    assert result.returncode == 0, result.stdout


def test_a_deliberate_wrong_import_fails_the_check(root: Path, tmp_path: Path) -> None:
    house = copy_of_the_house(root, tmp_path)
    for room, wrong in (("signing", "import repository"), ("ocr", "import api.settings")):
        (house / room / "wrong.py").write_text(f'"""Wrong."""\n{wrong}\n')
        result = lint_imports(house)
        (house / room / "wrong.py").unlink()
        assert result.returncode == 1, result.stdout + result.stderr
        assert f"{room}.wrong" in result.stdout


def test_files_stay_small_enough_to_read(root: Path) -> None:
    long = [
        f"{path.relative_to(root)}: {lines}"
        for room in [*ROOMS, "tests", "bench"]
        for path in (root / room).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 420
    ]
    assert not long


def test_a_laptop_that_does_not_sign_starts_with_little(root: Path) -> None:
    """The first page waits for all that is loaded before it."""
    program = """
import sys
from api.settings import Settings
from api.wiring import open_tools
from ingest import laptop
with open_tools(Settings(), sign=False):
    heavy = {"cryptography", "pyhanko", "fastapi", "sqlite3", "tantivy", "numpy.ma", "tesserocr"}
    print(*sorted(heavy & set(sys.modules)))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
