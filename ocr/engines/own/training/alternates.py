"""Other capitals of a face, as faces of their own.

Capitals of script faces differ more than their small letters do, and many faces bring several
forms of each in their stylistic sets (OpenType ``ss01`` and on, ``swsh``, ``titl``). Type setters
of stamps choose among such forms; a face a set is what lets the training meet them all.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

REGULAR: Final = "_400Regular.ttf"
_SETS: Final = (*(f"ss{number:02d}" for number in range(1, 11)), "swsh", "titl")
_CAPITALS: Final = "ABCDEGHKLMNPQSTVXY"
_LEAST: Final = 12
"""Capitals that a set must change to be worth a face."""


def write_alternates(path: Path) -> list[Path]:
    """Beside the face at ``path``, one file for each set that gives it other capitals."""
    with TTFont(path) as face:
        sets = dict(_sets(face))
    written: list[Path] = []
    known: list[dict[str, str]] = []
    for tag, other in sets.items():
        if other in known:
            continue
        known.append(other)
        target = path.with_name(path.name.removesuffix(REGULAR) + f"-{tag}{REGULAR}")
        with TTFont(path) as face:
            for table in face["cmap"].tables:
                table.cmap = {code: other.get(name, name) for code, name in table.cmap.items()}
            face.save(target)
        written.append(target)
    return written


def _sets(face: TTFont) -> Iterator[tuple[str, dict[str, str]]]:
    """Tags of sets with what they put in place of which glyph."""
    if "GSUB" not in face:
        return
    names = face.getBestCmap()
    capitals = {names[ord(letter)] for letter in _CAPITALS if ord(letter) in names}
    table = face["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag not in _SETS:
            continue
        other: dict[str, str] = {}
        for index in record.Feature.LookupListIndex:
            for part in table.LookupList.Lookup[index].SubTable:
                single = getattr(part, "ExtSubTable", part)
                other |= getattr(single, "mapping", {})
        if len(capitals & other.keys()) >= _LEAST:
            yield record.FeatureTag, other


if __name__ == "__main__":
    for folder in map(Path, sys.argv[1:]):
        for regular in sorted(folder.glob(f"*{REGULAR}")):
            write_alternates(regular)
