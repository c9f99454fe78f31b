"""Backups: snapshots of the catalogue over one pool of objects; restored into an empty office.

``DIR/objects`` holds every object once, by its hash, so that the next backup
copies only what is new. ``DIR/snapshots/TIME`` holds the catalogue of one
moment and a manifest, written last: a snapshot without one never happened.
Keys are no part of it: they are kept apart, or whoever finds the copy has both.
"""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table
from sqlalchemy.orm import Session

from ingest import indexing, proof
from ingest.house import House
from ingest.proof import Proof, TableProof
from ingest.requeue import ask_again
from repository import installation, transfer
from repository.named_objects import is_named, named_objects
from repository.objects import FileStore
from vocabulary.errors import IntegrityFailure, NotFound

MANIFEST: Final = "manifest.json"
_TRIES: Final = 5
Told = Callable[[int, int], None]
"""Hears of progress: how many of how many objects."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished backup of one moment; ``taken`` is that moment."""

    name: str
    taken: datetime
    installation: str
    proof: Proof
    objects: int
    copied: int = 0


def back_up(house: House, target: Path, told: Told = lambda *_: None) -> Snapshot:
    """Takes a snapshot while the office works; consistent as of its beginning.

    Papers that are disposed of meanwhile make it begin anew, with the objects it has copied.

    Raises:
        IntegrityFailure: the audit chain or an object is damaged already: nothing is
            called a backup that could not be restored.
        MissingPart: the target cannot be written.
        NotFound: an object is missing that must be there.
    """
    for _ in range(_TRIES):
        try:
            return _take(house, target, told)
        except NotFound as gone:
            with house.database.read() as tx:
                if is_named(tx, gone.detail.get("sha256", "")):
                    raise
    return _take(house, target, told)


def _take(house: House, target: Path, told: Told) -> Snapshot:
    taken = house.clock.now()
    name = f"{taken:%Y%m%dT%H%M%S}Z"
    part = target / "snapshots" / f".{name}.part"
    pool = FileStore(target / "objects")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    with house.database.read() as tx:
        tables = {table.name: _write_table(tx, table, part) for table in transfer.tables()}
        evidence = proof.proof_of(tx, taken, tables)
        named = named_objects(tx)
        whose = installation.this(tx).id
    copied = _copy_objects(house, pool, sorted(named), told)
    made = Snapshot(name, taken, whose, evidence, len(named), copied)
    _write_manifest(part / MANIFEST, made)
    part.rename(part.with_name(name))
    return made


def snapshots(target: Path) -> list[Snapshot]:
    """Finished snapshots, oldest first."""
    found = sorted((target / "snapshots").glob(f"[0-9]*/{MANIFEST}"))
    return [_read_manifest(path) for path in found]


def restore(
    house: House, source: Path, name: str | None = None, told: Told = lambda *_: None
) -> Snapshot:
    """Brings a snapshot (default: the newest) into an empty office and proves that it is whole.

    A killed run is repeated from the start; objects that are there already are not
    copied again.

    Raises:
        NotFound: there is no such snapshot.
        Conflict: the office is not empty.
        IntegrityFailure: a row, an object, the audit chain or a figure is not as it was.
    """
    wanted = _choose(source, name)
    pool = FileStore(source / "objects")
    folder = source / "snapshots" / wanted.name
    with house.database.read() as tx:
        transfer.must_be_empty(tx)
    with house.database.write(slow=True) as tx:
        for table in transfer.tables():
            expected = wanted.proof.tables.get(table.name)
            if expected is not None:  # an older version did not have it
                digest = (expected.rows, expected.digest)
                transfer.take_in(tx, table, _lines(folder / f"{table.name}.jsonl.gz"), digest)
        named = named_objects(tx)
        for at, sha256 in enumerate(sorted(named), start=1):
            _bring_back(house, pool, sha256)
            told(at, len(named))
        proof.must_agree(wanted.proof, proof.proof_of(tx, wanted.taken))
    ask_again(house)
    indexing.reindex(house)
    return wanted


def _copy_objects(house: House, pool: FileStore, named: list[str], told: Told) -> int:
    copied = 0
    for at, sha256 in enumerate(named, start=1):
        if not pool.exists(sha256) or pool.size(sha256) != house.objects.size(sha256):
            with house.objects.open(sha256) as stream:
                _must_be(pool.put(stream).sha256, sha256)
            copied += 1
        told(at, len(named))
    return copied


def _bring_back(house: House, pool: FileStore, sha256: str) -> None:
    if house.objects.exists(sha256):
        house.objects.check(sha256)
        return
    with pool.local(sha256) as path:
        _must_be(house.objects.put_file(path).sha256, sha256)


def _must_be(found: str, wanted: str) -> None:
    if found != wanted:
        raise IntegrityFailure(
            f"Tệp {wanted} không còn nguyên vẹn. Hãy tìm bản sao lành của tệp này trước.",
            f"The object {wanted} is not intact. Find a good copy of it first.",
            sha256=wanted,
            found=found,
        )


def _write_table(tx: Session, table: Table, folder: Path) -> TableProof:
    digest = transfer.Digest()
    path = folder / f"{table.name}.jsonl.gz"
    with path.open("xb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8", compresslevel=6) as out:
            for line in transfer.lines_of(tx, table):
                digest.add(line)
                out.write(line + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    return TableProof(digest.rows, digest.hex())


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        for line in stream:
            yield line.rstrip("\n")


def _choose(source: Path, name: str | None) -> Snapshot:
    known = snapshots(source)
    chosen = [one for one in known if name in (None, one.name)]
    if not chosen:
        names = ", ".join(one.name for one in known) or "-"
        raise NotFound(
            f"Không có bản sao lưu {name or ''} ở «{source}». Đang có: {names}.",
            f"There is no backup {name or ''} at {str(source)!r}. There are: {names}.",
        )
    return chosen[-1]


def _write_manifest(path: Path, made: Snapshot) -> None:
    said = {
        "taken": made.taken.isoformat(), "installation": made.installation,
        "objects": made.objects, "proof": made.proof.to_json(),
    }  # fmt: skip
    with path.open("x", encoding="utf-8") as out:
        json.dump(said, out, ensure_ascii=False, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())


def _read_manifest(path: Path) -> Snapshot:
    said: Mapping[str, object] = json.loads(path.read_text("utf-8"))
    return Snapshot(
        path.parent.name,
        datetime.fromisoformat(str(said["taken"])),
        str(said["installation"]),
        Proof.from_json(said["proof"]),  # type: ignore[arg-type]
        int(str(said["objects"])),
    )
