"""Tasks on signed files; apart from the others because their libraries are heavy.

The mother of the children loads it when the first signed file comes.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.fetching import fetch_through
from signing.presence import has_signatures
from signing.printed import Mark, marked_copy
from signing.renewal import lasting, renew
from signing.sign import Strength
from signing.validation import VerifyReport, verify_file


def judge_signatures(
    path: Path,
    anchors: Sequence[Path],
    at: datetime | None = None,
    online: bool = False,
    folder: Path | None = None,
) -> Iterator[tuple[VerifyReport, bool]]:
    """The verdict on each signature of the file, and whether it bears any at all.

    The second is asked of another reader: a signed file whose signatures cannot be
    judged is still a signed file and must not be changed.
    """
    report = verify_file(path, anchors, at=at, online=online, folder=folder)
    yield report, bool(report.signatures) or has_signatures(path)


def lasts_until(path: Path) -> Iterator[datetime | None]:
    """Until when the file's signatures prove themselves."""
    found = lasting(path)
    yield found.until if found else None


def prolong(ask: Callable[[Any], Any], path: Path, out: Path, strength: Strength) -> Iterator[None]:
    """Write ``out``: the file with a new archival stamp; authorities are asked by ``ask``."""
    fetch_through(ask)
    renew(path, out, strength)
    yield None


def print_marked(path: Path, out: Path, mark: Mark) -> Iterator[int]:
    """Write the copy for the printer; how many pages it has."""
    yield marked_copy(path, out, mark)
