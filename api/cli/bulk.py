"""``sohoa import``: many files at once, from a folder or a list; run again, it goes on."""

import csv
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.laptop import Json
from api.cli.office import existing_house, split_identifier
from api.cli.output import counting, emit, progress, say
from vocabulary.errors import NotFound, SohoaError, UsageError
from vocabulary.given import whole_number
from vocabulary.reasons import REASONS
from vocabulary.text import nfc

BY: Final = "import"
"""Who has handed in what this command takes in."""

_LOOK_EVERY: Final = 100
"""Files between two looks at the length of the queue."""

_LOOK_S: Final = 1.0
"""Seconds between two looks while the files are read."""


def add_to(app: typer.Typer) -> None:
    """Hang this command on the tree."""
    app.command("import")(import_files)


@dataclass(frozen=True, slots=True)
class _Line:
    """A file to take in, with what the list says of it."""

    path: Path
    metadata: Mapping[str, Any]
    pages: int | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a line; ``again``: an earlier run took it in; no document: refused."""

    path: Path
    document_id: str | None
    state: str
    reason: str | None = None
    message: str | None = None
    again: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "file": str(self.path),
            "document": self.document_id,
            "state": self.state,
            "reason": self.reason,
            "message": self.message,
            "again": self.again,
        }

    def line(self) -> str:
        before = " (đã nhận từ trước)" if self.again else ""
        if self.state == "stopped":
            return f"✗ {self.path}{before}: {self.message} [{self.reason}]"
        return f"✓ {self.path}{before}: {self.state}"


def import_files(
    source: Annotated[Path, typer.Argument(exists=True, help="MANIFEST.csv | thư mục · folder")],
    wait: Annotated[bool, typer.Option(help="Chờ số hóa xong · wait until digitised")] = True,
    most_waiting: Annotated[
        int, typer.Option("--most-waiting", min=1, help="Chờ khi hàng đợi dài hơn · queue length")
    ] = 10_000,
    as_json: Json = False,
) -> int:
    """Nhập nhiều tệp; chạy lại thì làm tiếp · bulk import, resumable, counts reconciled."""
    from ingest.starting import must_fit
    from ingest.worker import Worker

    lines = list(_manifest(source) if source.is_file() else _folder(source))
    with existing_house() as house:
        if wait:
            must_fit(house)  # as every worker does: papers that cannot be signed are not begun
        outcomes = _take_in_all(house, lines, f"Nhập từ {source.name}", most_waiting, wait)
        if wait:
            with _watching(house):
                Worker(house, house.cores).run(until_idle=True)
        outcomes = _as_they_stand(house, outcomes)
    for outcome in outcomes:
        if as_json:
            emit(outcome.to_json())
        else:
            say(outcome.line())
    _reconcile(outcomes, as_json)
    return 3 if any(outcome.state == "stopped" for outcome in outcomes) else 0


@contextmanager
def _watching(house: Any) -> Iterator[None]:
    """Tells how many of the waiting files are read, while the block reads them."""
    total = house.queue.waiting()
    ended = threading.Event()
    with counting("Số hóa") as told:

        def look() -> None:
            while not ended.wait(_LOOK_S):
                with suppress(SohoaError):  # whoever does the work tells of it
                    told(max(0, total - house.queue.waiting()), total)

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()


def _reconcile(outcomes: Sequence[_Outcome], as_json: bool) -> None:
    """Every file is counted once: taken in now, taken in before, or refused."""
    refused = sum(outcome.document_id is None for outcome in outcomes)
    again = sum(outcome.again for outcome in outcomes)
    received = len(outcomes) - refused - again
    states = dict(Counter(outcome.state for outcome in outcomes))
    reasons = dict(Counter(outcome.reason for outcome in outcomes if outcome.reason))
    if as_json:
        counts = {"files": len(outcomes), "received": received, "again": again, "refused": refused}
        emit({**counts, "states": states, "reasons": reasons})
        return
    say(f"{len(outcomes)} tệp = {received} nhận + {again} nhận từ trước + {refused} từ chối")
    say(f"Trạng thái: {', '.join(f'{name} {number}' for name, number in sorted(states.items()))}")
    if reasons:
        told = ", ".join(f"{name} {number}" for name, number in sorted(reasons.items()))
        say(f"Lý do dừng: {told}")


def _folder(folder: Path) -> Iterator[_Line]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield _Line(path, {}, None)


def _manifest(path: Path) -> Iterator[_Line]:
    """Columns: file, pages, and the metadata of a registration (subject as scheme:id)."""
    for number, row in enumerate(_rows(path), start=2):
        name = row.pop("file", None)
        if not name:
            raise UsageError(
                f"Dòng {number} của {path.name} thiếu cột file.",
                f"Line {number} of {path.name} has no value in the column file.",
            )
        pages = row.pop("pages", None)
        count = whole_number(pages) if pages else None
        if pages and count is None:
            raise UsageError(
                f"Dòng {number} của {path.name}: số trang «{pages[:40]}» không phải số.",
                f"Line {number} of {path.name}: {pages[:40]!r} is not a number of pages.",
            )
        metadata: dict[str, Any] = {key: value for key, value in row.items() if key and value}
        if who := metadata.get("subject"):
            scheme, identifier = split_identifier(who)
            name_of = metadata.pop("subject_name", "")
            metadata["subject"] = {"scheme": scheme, "id": identifier, "name": name_of}
        yield _Line(path.parent / name, metadata, count)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except UnicodeDecodeError:
        raise UsageError(
            f"{path.name} không phải UTF-8. Hãy lưu lại ở dạng «CSV UTF-8».",
            f"{path.name} is not UTF-8. Save it as CSV UTF-8.",
        ) from None
    except csv.Error as error:  # a value longer than 128 kB: a quotation mark without its other
        raise UsageError(
            f"{path.name} không phải tệp CSV ({error}). Hãy xem lại các dấu ngoặc kép.",
            f"{path.name} is no CSV file ({error}). Look for a quotation mark without its other.",
        ) from None


def _take_in_all(
    house: Any, lines: Sequence[_Line], batch_name: str, most_waiting: int, working: bool
) -> list[_Outcome]:
    """Every line in one batch; what an earlier run took in is not taken in again."""
    from repository import batches

    batch_id = None
    outcomes = []
    with progress(len(lines), "Nhập") as bar:
        for number, line in enumerate(lines):
            try:
                known = _taken_in_before(house, line.path)
                if known is not None:
                    outcomes.append(_Outcome(line.path, known, "received", again=True))
                else:
                    if batch_id is None:
                        with house.database.write() as tx:
                            batch_id = batches.create(
                                tx, batch_name, BY, house.clock.now(),
                                declared_files=len(lines), demo=house.office.demo,
                            ).id  # fmt: skip
                    outcomes.append(_take_in(house, line, batch_id))
            except SohoaError as error:
                if error.exit_code == 4:  # a full disk is no fault of this file
                    raise
                outcomes.append(
                    _Outcome(line.path, None, "stopped", error.error_code, message=error.vi)
                )
            bar.advance(bar.task_ids[0])
            if number % _LOOK_EVERY == 0 and not working:
                _let_workers_catch_up(house, most_waiting)
    return outcomes


def _let_workers_catch_up(house: Any, most_waiting: int) -> None:
    """A backlog that is taken in faster than it is read only fills the disk."""
    while house.queue.waiting() > most_waiting:
        time.sleep(1)


def _take_in(house: Any, line: _Line, batch_id: str) -> _Outcome:
    from ingest.intake import receive
    from repository.ports import Urgency

    with line.path.open("rb") as stream:
        got = receive(
            house, stream, line.path.name, by=BY, batch_id=batch_id,
            metadata=line.metadata, declared_pages=line.pages, urgency=Urgency.BACKLOG,
        )  # fmt: skip
    return _Outcome(line.path, got.document_id, "received")


def _taken_in_before(house: Any, path: Path) -> str | None:
    """The document that an earlier run has made of a file of these bytes and this name."""
    from repository.documents import taken_in_before

    with house.database.read() as tx:
        found: str | None = taken_in_before(tx, _sha256(path), nfc(path.name), BY)
        return found


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise NotFound(
            "Không đọc được tệp này: hãy xem lại đường dẫn trong danh sách và quyền đọc.",
            "This file cannot be read: check its path in the list and the right to read it.",
        ) from None


def _as_they_stand(house: Any, outcomes: Sequence[_Outcome]) -> list[_Outcome]:
    """The outcomes with the state that the catalogue has for each document now."""
    from repository import documents

    with house.database.read() as tx:
        return [
            one if one.document_id is None else _standing(tx, one, documents.get)
            for one in outcomes
        ]


def _standing(tx: Any, outcome: _Outcome, get: Callable[[Any, Any], Any]) -> _Outcome:
    document = get(tx, outcome.document_id)
    message = REASONS[document.reason].vi if document.reason else None
    if document.duplicate_of:
        message = f"{message} (trùng với «{get(tx, document.duplicate_of).name}»)"
    return replace(outcome, state=document.state, reason=document.reason, message=message)
