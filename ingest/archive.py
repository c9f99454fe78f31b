"""ZIP files: their papers are taken out one by one, within limits."""

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from vocabulary.errors import Stopped
from vocabulary.text import nfc

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """How much may come out of one ZIP: files, bytes in all, and bytes out a byte in."""

    files: int = 2000
    bytes: int = 2 * 2**30
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One file taken out: its name inside the ZIP (NFC) and where it lies now."""

    name: str
    path: Path


def unpack(path: Path, folder: Path, limits: UnpackLimits) -> Iterator[Member]:
    """Write each file of the ZIP at ``path`` into ``folder`` under a number of ours.

    Names inside the ZIP never become paths. Folders, empty entries and the
    resource forks macOS adds are passed over.

    Raises:
        Stopped: ``encrypted``, ``damaged``, ``empty``, ``decompression_bomb``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_paper(entry)]
            _check(entries, path.stat().st_size, limits)
            for number, entry in enumerate(entries):
                target = folder / f"{number:05d}"
                with archive.open(entry) as source, target.open("wb") as out:
                    _copy(source, out, entry.file_size)
                yield Member(_name(entry), target)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise Stopped("damaged", str(error)) from error


def _is_paper(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return not (entry.is_dir() or "__MACOSX" in path.parts or path.name.startswith("._"))


def _name(entry: zipfile.ZipInfo) -> str:
    return nfc(PurePosixPath(entry.filename.replace("\\", "/")).name) or "giấy tờ"


def _check(entries: list[zipfile.ZipInfo], packed: int, limits: UnpackLimits) -> None:
    if not entries:
        raise Stopped("empty", "no file in the ZIP")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Stopped("encrypted", "ZIP with password")
    if len(entries) > limits.files:
        raise Stopped("too_many_pages", f"{len(entries)} files in one ZIP")
    total = sum(entry.file_size for entry in entries)
    if total > limits.bytes or total > limits.ratio * max(packed, 1 << 16):
        raise Stopped("decompression_bomb", f"{packed} bytes hold {total}")


def _copy(source: IO[bytes], out: BinaryIO, declared: int) -> None:
    """Copy at most what the entry declares: a ZIP may lie about its sizes."""
    left = declared
    while chunk := source.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise Stopped("decompression_bomb", "an entry is larger than it says")
        out.write(chunk)
    out.flush()


def remove_folder(folder: Path) -> None:
    """Remove a scratch folder; what is gone already is fine."""
    shutil.rmtree(folder, ignore_errors=True)
