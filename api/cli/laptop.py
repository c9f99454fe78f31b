"""Commands that need no service and no data folder."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.output import emit, progress, say, stderr
from vocabulary.errors import Stopped, UsageError

Files = Annotated[list[Path], typer.Argument(help="Tệp cần xử lý · files", exists=True)]
Json = Annotated[bool, typer.Option("--json", help="Mỗi dòng một JSON · one JSON object a line")]
Trust = Annotated[list[Path] | None, typer.Option(help="PEM của CA tin cậy · trusted roots")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(digitize)
    app.command()(read)
    app.command()(fields)
    app.command()(verify)
    receipts = typer.Typer(help="Biên nhận khai thác · receipts of reuse", no_args_is_help=True)
    receipts.command("verify")(verify_receipt)
    app.add_typer(receipts, name="receipt")


def digitize(
    files: Files,
    out: Annotated[Path, typer.Option(help="Thư mục kết quả · folder of the results")],
    jobs: Annotated[int, typer.Option(min=0, help="Số tiến trình · processes")] = 0,
    as_json: Json = False,
    no_sign: Annotated[bool, typer.Option("--no-sign", help="Không ký · do not sign")] = False,
    keep_duplicates: Annotated[
        bool, typer.Option(help="Làm cả tệp trùng · digitise exact duplicates, too")
    ] = False,
) -> int:
    """Số hóa tệp: PDF/A tra cứu được và bản ghi JSON · searchable PDF/A and JSON record."""
    from api.settings import load_settings
    from api.wiring import open_tools
    from ingest.laptop import digitize_files, plan

    inputs = plan(_expanded(files), out)
    _must_be_writable(out)
    states: dict[str, int] = {}
    with open_tools(load_settings(), sign=not no_sign) as tools:
        if tools.seal is None and not no_sign:
            stderr.print(
                "Chưa có khóa ký (SOHOA_OFFICER_KEY, SOHOA_ORGANISATION_KEY): kết quả chưa ký. "
                "No keys set: results are not signed.",
                style="yellow",
            )
        runs = digitize_files(
            inputs, tools, jobs or os.cpu_count() or 1, keep_duplicates=keep_duplicates
        )
        # Closed before the tools are: an interrupted run ends its work first.
        with closing(runs), progress(len(inputs), "Số hóa") as bar:
            for done in runs:
                state = str(done.record["state"])
                states[state] = states.get(state, 0) + 1
                if as_json:
                    emit(done.record)
                else:
                    say(_line(done.record, again=done.again))
                bar.advance(bar.task_ids[0])
    if not as_json:
        say(
            f"Xong {states.get('done', 0)}, cần kiểm tra {states.get('needs_review', 0)}, "
            f"dừng {states.get('stopped', 0)}. Kết quả: {out}"
        )
    return 3 if states.get("stopped") else 0


def _must_be_writable(folder: Path) -> None:
    """Said before the work, not after it.

    Raises:
        OSError: the folder cannot be made, may not be written or is on a full disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(b"x")


def _expanded(files: Sequence[Path]) -> list[Path]:
    """Folders stand for the files in them."""
    found: list[Path] = []
    for path in files:
        found += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    if not found:
        raise UsageError("Không có tệp nào để xử lý.", "There is no file to work on.")
    return found


def _line(record: Any, *, again: bool) -> str:
    name = record["source"]["name"]
    if record["state"] == "stopped":
        return f"✗ {name}: {record['message']} [{record['reason']}]"
    what = f"{len(record['pages'])} trang, {len(record['fields'])} trường"
    if record["signatures"]:
        what += f", {len(record['signatures'])} chữ ký"
    before = "" if again else " (đã làm từ trước)"
    if record["state"] == "needs_review":
        return f"? {name}: {what}{before}. {record['message']}"
    return f"✓ {name}: {what}{before}"


def read(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Tệp · file")],
    pages: Annotated[str, typer.Option(help="Trang, ví dụ 1,3-5 · pages")] = "",
    as_json: Json = False,
) -> None:
    """Đọc chữ từng trang, kèm vị trí và độ tin cậy · words with boxes and confidence."""
    for page in _pages_of(file, pages):
        if as_json:
            for word in page.word_records():
                emit(word)
        else:
            say(page.text)


def fields(files: Files, as_json: Json = False) -> int:
    """Trích các trường thông tin của giấy tờ · extracted fields, one line a file."""
    from api.settings import load_settings
    from ocr.fields import DEFAULT_THRESHOLDS
    from ocr.types import load_catalogue, read_typed

    settings = load_settings()
    thresholds = {**DEFAULT_THRESHOLDS, **settings.thresholds}
    types = load_catalogue(settings.types_folder)
    code = 0
    for path in _expanded(files):
        try:
            reading = read_typed(list(_pages_of(path, "")), types, thresholds)
        except Stopped as stop:
            code = 3
            emit_or_say(
                as_json,
                {"file": str(path), "reason": stop.reason, "message": stop.vi, "fields": {}},
                f"✗ {path.name}: {stop.vi} [{stop.reason}]",
            )
            continue
        if as_json:
            data = {name: value.to_json() for name, value in reading.fields.items()}
            emit({"file": str(path), "fields": data, **reading.to_json()})
        else:
            say(path.name)
            for name, value in reading.fields.items():
                shown = value.value if isinstance(value.value, str) else "; ".join(value.value)
                mark = " ?" if value.needs_review else ""
                say(f"  {name}: {shown} ({value.confidence:.2f}{mark})")
    return code


def emit_or_say(as_json: bool, record: Any, line: str) -> None:
    """The record for programs, the line for people."""
    if as_json:
        emit(record)
    else:
        say(line)


def _pages_of(path: Path, numbers: str) -> Iterator[Any]:
    from api.settings import load_settings
    from api.wiring import open_tools
    from ingest.identify import media_type
    from ingest.laptop import FolderShelf, Input, receive
    from ingest.reading import page_numbers_of, read_all

    item = Input(path, path.name, path.parent, path.stem)
    with open_tools(load_settings(), sign=False) as tools:
        kind = media_type(path)
        all_numbers = page_numbers_of(receive(item), kind, tools)
        wanted = _page_list(numbers, len(all_numbers)) if numbers else list(all_numbers)
        many = replace(tools, children=os.cpu_count() or 1)
        yield from read_all(path, kind, wanted, many, FolderShelf.without_members(item))


def _page_list(text: str, count: int) -> list[int]:
    wanted: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            wanted += range(int(first), int(last or first) + 1)
    except ValueError:
        raise UsageError(
            f"«{text}» không phải danh sách trang. Ví dụ: --pages 1,3-5",
            f"{text!r} is not a list of pages. Example: --pages 1,3-5",
        ) from None
    missing = [number for number in wanted if not 1 <= number <= count]
    if missing:
        raise UsageError(
            f"Tệp có {count} trang, không có trang {missing[0]}.",
            f"The file has {count} pages, there is no page {missing[0]}.",
        )
    return wanted


def moment(text: str | None) -> datetime | None:
    """A date or time as ISO 8601; a date means its first moment in UTC."""
    if text is None:
        return None
    try:
        if len(text) == len("2034-01-01"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"«{text}» không phải ngày giờ. Ví dụ: 2034-01-01",
            f"{text!r} is not a date or time. Example: 2034-01-01",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def verify(
    files: Files,
    trust: Trust = None,
    at: Annotated[str | None, typer.Option(help="Thời điểm xét · moment of judgement")] = None,
    online: Annotated[bool, typer.Option("--online", help="Cho dùng mạng · use network")] = False,
    as_json: Json = False,
) -> int:
    """Kiểm tra chữ ký số · a reasoned verdict on every signature."""
    from api.settings import load_settings
    from api.wiring import open_tools
    from ingest.verifying import Judge

    code = 0
    when = moment(at)
    with open_tools(load_settings(), sign=False) as tools:
        anchors = (*tools.anchors, *(trust or ()))
        judge = Judge(tools.nursery, anchors, tools.revocation_folder, when, online)
        for path in _expanded(files):
            record = {"file": str(path), "sha256": _sha256(path), **judge.record(path)}
            code = 3 if record["state"] == "stopped" else code
            emit_or_say(as_json, record, _verdicts(record))
    return code


def _sha256(path: Path) -> str:
    """What the verdict is about: a file that is not the one taken in has another."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _verdicts(record: dict[str, Any]) -> str:
    if record["reason"]:
        return f"✗ {record['file']}: {record['message']} [{record['reason']}]"
    lines = [f"{record['file']}: {record['verdict']}"]
    for one in record["signatures"]:
        mark = " [THỬ NGHIỆM]" if one["test_authority"] else ""
        remarks = ", ".join(one["remarks"])
        lines.append(
            f"  {one['field']}: {one['verdict']}{mark} · {one['signer']} · "
            f"{one['signed_at'] or '?'}{f' · {remarks}' if remarks else ''}"
        )
    return "\n".join(lines)


def verify_receipt(
    receipt: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="RECEIPT.json")],
    trust: Annotated[list[Path], typer.Option(help="PEM của CA tin cậy · trusted roots")],
    as_json: Json = False,
) -> int:
    """Kiểm tra biên nhận khai thác, không cần mạng · check a reuse receipt offline."""
    from signing.receipts import verify_receipt as check

    try:
        data = json.loads(receipt.read_text(encoding="utf-8"))
    except ValueError:
        raise UsageError(
            f"«{receipt}» không phải tệp JSON.", f"{str(receipt)!r} is not a JSON file."
        ) from None
    verdict = check(data, trust)
    record = {
        "file": str(receipt),
        "valid": verdict.valid,
        "reasons": list(verdict.reasons),
        "signer": verdict.signer,
        "test_authority": verdict.test_authority,
    }
    words = "hợp lệ · valid" if verdict.valid else "KHÔNG hợp lệ · NOT valid"
    why = f" ({', '.join(verdict.reasons)})" if verdict.reasons else ""
    mark = " [THỬ NGHIỆM]" if verdict.test_authority else ""
    emit_or_say(as_json, record, f"{receipt.name}: {words}{why}{mark} · {verdict.signer}")
    return 0 if verdict.valid else 5
