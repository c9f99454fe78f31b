"""Kept results under .cache/bench: pages made once, readings valid for one state of the code."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

STORE: Final = Path(".cache/bench")


def digest(*parts: object) -> str:
    """A short name for what the parts say."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:24]


def state_of(paths: Iterable[Path]) -> str:
    """What files say, whatever their dates: changes when any of them changes."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(str(path).encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:24]


_NOT_READING: Final = ("fields", "compose", "types", "training")


@cache
def reading_state() -> str:
    """The state of code and weights that turn a page into words."""
    return state_of(
        path
        for path in Path("ocr").rglob("*")
        if path.is_file()
        and path.suffix in (".py", ".onnx", ".npz", ".txt", ".json")
        and not set(path.parts) & set(_NOT_READING)
    )


@cache
def making_state() -> str:
    """The state of the code that makes papers and damages pages."""
    return state_of([*Path("demo/papers").rglob("*.py"), *Path("demo/layouts").rglob("*.py"),
                     Path("demo/damage.py"), Path("demo/scan_files.py")])  # fmt: skip


def kept_record(folder: str, name: str, state: str, make: Callable[[], Any]) -> Any:
    """A JSON record made anew only where ``state`` is another than when it was kept."""
    path = STORE / folder / f"{name}.z"
    if path.is_file():
        record = json.loads(zlib.decompress(path.read_bytes()))
        if record["state"] == state or state == ANY:
            return record["value"]
    value = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps({"state": state, "value": value}, ensure_ascii=False).encode()
    path.with_suffix(".new").write_bytes(zlib.compress(data, 3))
    path.with_suffix(".new").replace(path)
    return value


ANY: Final = "any"
"""Instead of a state: what is kept is good enough, whatever made it."""
