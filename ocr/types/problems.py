"""What is wrong with a type file: which file, which line, which key, and what to do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vocabulary.errors import UsageError

_HEADER = re.compile(r"^\s*\[\[?\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``key`` like ``labels[2].value``; ``line`` 0 where none can be told.

    ``vi`` and ``en`` say what to do.
    """

    file: str
    line: int
    key: str
    vi: str
    en: str

    @property
    def where(self) -> str:
        """``file:line: key``, as editors understand it."""
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{at}: {self.key}" if self.key else at


def raise_all(problems: Sequence[Problem]) -> None:
    """One error that tells every problem.

    Raises:
        UsageError: unless there is none.
    """
    if problems:
        raise UsageError(
            "\n".join(f"{one.where}: {one.vi}" for one in problems),
            "\n".join(f"{one.where}: {one.en}" for one in problems),
            code="wrong_type_file",
        )


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Line, from 1, of a key of a TOML text; of the nearest table above it where it has none.

    ``path``: names, and numbers of ``[[tables]]`` from 0. The parser of the standard library
    tells no lines, so headers and keys are counted again here.
    """
    best, depth = 0, 0
    prefix: list[str | int] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            prefix = _table(header[1], line.lstrip().startswith("[["), counts)
            here = prefix
        else:
            key = _KEY.match(line)
            if key is None:
                continue
            here = [*prefix, key[1]]
        if len(here) > depth and list(path[: len(here)]) == here:
            best, depth = number, len(here)
    return best


def _table(name: str, listed: bool, counts: dict[str, int]) -> list[str | int]:
    path: list[str | int] = []
    parts = name.split(".")
    for place, part in enumerate(parts):
        path.append(part)
        whole = ".".join(parts[: place + 1])
        if place == len(parts) - 1 and listed:
            counts[whole] = counts.get(whole, -1) + 1
            for inner in [one for one in counts if one.startswith(f"{whole}.")]:
                del counts[inner]
        if whole in counts:
            path.append(counts[whole])
    return path


def spelled(path: Sequence[str | int]) -> str:
    """A path as people read it: ``labels[2].value``, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
