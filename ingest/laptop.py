"""Digitising files without a service or a data folder, as a laptop tool does."""

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from ingest.archive import Member, remove_folder
from ingest.pipeline import digitize
from ingest.shelf import Awaited, Step, TaskOutline
from ingest.tools import Received, Tools
from vocabulary.errors import Stopped
from vocabulary.papers import (
    Fields,
    FileRecord,
    OutputFile,
    PageReading,
    SignatureRecord,
    SourceFile,
)
from vocabulary.signers import SignerRole

_CHUNK = 1 << 20


class _InterruptedRunError(Exception):
    """The run is to end: the file at hand is dropped at its next step and done again later."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to digitise and the place of its results: ``out/stem.pdf`` and ``.json``."""

    path: Path
    name: str
    out: Path
    stem: str


@dataclass(frozen=True, slots=True)
class Digitised:
    """A finished input: its record as JSON; ``again`` is False where an earlier run had it."""

    input: Input
    record: Mapping[str, Any]
    again: bool = True


def plan(files: Sequence[Path], out: Path) -> list[Input]:
    """One input a file; inputs of the same stem get ``-2``, ``-3`` …, so nothing is overwritten."""
    taken: dict[str, int] = {}
    inputs = []
    for path in files:
        stem = path.stem or path.name
        taken[stem] = taken.get(stem, 0) + 1
        unique = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
        while unique != stem and unique in taken:
            taken[stem] += 1
            unique = f"{stem}-{taken[stem]}"
        taken.setdefault(unique, 1)
        inputs.append(Input(path, path.name, out, unique))
    return inputs


def digitize_files(
    inputs: Sequence[Input], tools: Tools, jobs: int, *, keep_duplicates: bool = False
) -> Generator[Digitised, None, None]:
    """Digitise all inputs, ``jobs`` processes at a time; results come as they are ready.

    ``tools.scratch`` is the parent of the files' own scratch folders. An input
    whose results lie there already, unchanged, is not done again. Closing the
    iterator drops the files at work at their next page or step.
    """
    stop = threading.Event()
    seen: dict[str, str] = {}
    work = []
    for item in inputs:
        received = receive(item)
        first = seen.setdefault(received.sha256, item.name) if received.bytes else item.name
        if first != item.name and not keep_duplicates:
            yield Digitised(item, _write_record(item, _duplicate(received, first)))
        elif (earlier := _done_before(item, received, tools)) is not None:
            yield Digitised(item, earlier, again=False)
        else:
            work.append((item, received))
    at_a_time = max(1, min(jobs, len(work)))
    children = max(1, jobs // at_a_time)
    with ThreadPoolExecutor(at_a_time) as pool:
        running = [
            pool.submit(_digitize_one, item, received, replace(tools, children=children), stop)
            for item, received in work
        ]
        try:
            for finished in as_completed(running):
                yield from finished.result()
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _digitize_one(
    item: Input, received: Received, tools: Tools, stop: threading.Event
) -> list[Digitised]:
    scratch = Path(tempfile.mkdtemp(prefix="file-", dir=tools.scratch))
    inside: list[Digitised] = []
    own = replace(tools, scratch=scratch)

    def begin(member: Member) -> FileRecord:
        part = Input(member.path, member.name, item.out / item.stem, Path(member.name).stem)
        numbered = replace(part, stem=_free_stem(part, inside))
        results = _digitize_one(numbered, receive(numbered), tools, stop)
        inside.extend(results)
        return shelf_record(results[-1])

    try:
        record = digitize(received, own, FolderShelf(item, begin, stop))
    finally:
        remove_folder(scratch)
    try:
        written = _write_record(item, record)
    except OSError:  # a PDF/A without its record would be half a result
        if record.output is not None:
            Path(record.output.path).unlink(missing_ok=True)
        raise
    return [*inside, Digitised(item, written)]


def _free_stem(part: Input, inside: Iterable[Digitised]) -> str:
    taken = {done.input.stem for done in inside}
    stem, number = part.stem, 1
    while stem in taken:
        number += 1
        stem = f"{part.stem}-{number}"
    return stem


def shelf_record(done: Digitised) -> FileRecord:
    """The outline of a finished paper that the record of its ZIP names."""
    source = SourceFile(**done.record["source"])
    return FileRecord(source, done.record["state"], done.record["reason"])


@dataclass(slots=True)
class FolderShelf:
    """The shelf of one input: results go into the output folder, nothing else is kept."""

    item: Input
    begin: Callable[[Member], FileRecord]
    stop: threading.Event = field(default_factory=threading.Event)
    _read: dict[int, PageReading] = field(default_factory=dict)

    @staticmethod
    def without_members(item: Input) -> "FolderShelf":
        """A shelf for reading only: a ZIP has no pages of its own."""

        def refuse(member: Member) -> FileRecord:
            raise Stopped("not_a_document", f"a ZIP holds {member.name}")

        return FolderShelf(item, refuse)

    def step(self, name: Step, **facts: Any) -> None:
        """Nothing to remember: an interrupted file is done again."""
        del name, facts
        self._go_on()

    def keep_signatures(self, signatures: Sequence[SignatureRecord]) -> None:
        """They stand in the record."""

    def pages(self) -> Mapping[int, PageReading]:
        return self._read

    def keep_page(self, page: PageReading) -> None:
        self._go_on()
        self._read[page.number] = page

    def keep_fields(self, fields: Fields) -> None:
        """They stand in the record."""

    def confirmed_fields(self) -> Fields | None:
        return None

    def waits_for_review(self, questions: Sequence[str]) -> bool:
        """No: there is nobody to ask; the record says what is open and nothing is certified."""
        del questions
        return False

    def hand_on(self, record: FileRecord, members: Sequence[Member]) -> FileRecord:
        """Digitise each paper of the ZIP into a folder of the ZIP's name."""
        outlines = [self.begin(member) for member in members]
        return record.with_(
            members=tuple(
                {"name": line.source.name, "state": line.state, "reason": line.reason}
                for line in outlines
            )
        )

    def store(self, path: Path, pdfa: str | None, certified: bool) -> OutputFile:
        del certified
        self._go_on()
        target = self.item.out / f"{self.item.stem}.pdf"
        with path.open("rb") as source, _durable(target) as out:
            shutil.copyfileobj(source, out, _CHUNK)
        return OutputFile(str(target), _sha256(target), target.stat().st_size, pdfa)

    def awaited(self) -> Mapping[str, Awaited]:
        return {}

    def await_signature(self, draft: Path, task: TaskOutline) -> None:
        raise AssertionError(f"{task.role}: a laptop signs with keys of its own ({draft.name})")

    def stop_awaiting(self, role: SignerRole) -> None:
        """Nothing is ever awaited here."""

    def held(self, sha256: str) -> AbstractContextManager[Path]:
        raise AssertionError(f"no draft is kept here: {sha256}")

    def finish(self, record: FileRecord) -> FileRecord:
        return record

    def _go_on(self) -> None:
        if self.stop.is_set():
            raise _InterruptedRunError


def receive(item: Input) -> Received:
    """Hash the file where it lies; its time of change stands for the time of scanning."""
    digest = hashlib.sha256()
    size = 0
    with item.path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    modified = datetime.fromtimestamp(item.path.stat().st_mtime, UTC)
    return Received(item.name, item.path, digest.hexdigest(), size, received_at=modified)


def _duplicate(received: Received, first: str) -> FileRecord:
    stop = Stopped("duplicate")
    source = SourceFile(received.name, received.sha256, received.bytes, "application/octet-stream")
    return FileRecord(
        source,
        state="stopped",
        reason="duplicate",
        message=f"{stop.vi} (trùng với «{first}»)",
        message_en=f"{stop.en} (the same as {first!r})",
    )


def _done_before(item: Input, received: Received, tools: Tools) -> Mapping[str, Any] | None:
    """The record of an earlier run, if it is of these bytes, this program and still whole."""
    try:
        record: dict[str, Any] = json.loads(
            (item.out / f"{item.stem}.json").read_text(encoding="utf-8")
        )
        output = record["output"]
        same = record["source"]["sha256"] == received.sha256
        made = record["made_by"] == dict(tools.made_by)
        whole = output is not None and _sha256(Path(output["path"])) == output["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return record if same and made and whole and record["state"] != "stopped" else None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_record(item: Input, record: FileRecord) -> Mapping[str, Any]:
    data = record.to_json()
    with _durable(item.out / f"{item.stem}.json") as out:
        out.write(f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode())
    return data


@contextmanager
def _durable(target: Path) -> Iterator[BinaryIO]:
    """Write, flush to the disk, then give the file its name: never a half file under it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        error.filename = error.filename or str(target)  # a full disk does not say which one it is
        raise
    finally:
        part.unlink(missing_ok=True)
