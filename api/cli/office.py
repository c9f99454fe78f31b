"""Commands on the data folder that look things up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.output import emit, say
from vocabulary.errors import MissingPart, UsageError
from vocabulary.reasons import REASONS


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(search)
    once_only = typer.Typer(help="Chỉ yêu cầu một lần · once only", no_args_is_help=True)
    once_only.command("check")(check_once_only)
    app.add_typer(once_only, name="once-only")
    app.command()(stats)


@contextmanager
def existing_house() -> Iterator[Any]:
    """The house of the settings, which must have been made before."""
    from api.settings import load_settings
    from api.wiring import open_house

    settings = load_settings()
    if settings.database_url is None and not (settings.home / "sohoa.db").exists():
        raise MissingPart(
            f"Chưa có dữ liệu ở «{settings.home}». Hãy chạy make run, hoặc sohoa serve.",
            f"There is no data at {str(settings.home)!r}. Run make run, or sohoa serve.",
        )
    with open_house(settings) as house:
        yield house


def search(
    text: Annotated[str, typer.Argument(help="Từ cần tìm, có dấu hay không · what to look for")],
    subject: Annotated[
        str | None, typer.Option(help="Mã chủ giấy tờ, ví dụ vn:mst:0901234564 · subject")
    ] = None,
    doc_type: Annotated[str | None, typer.Option("--type", help="Loại · document type")] = None,
    valid_on: Annotated[str | None, typer.Option(help="Còn hiệu lực vào ngày · valid on")] = None,
    as_json: Json = False,
) -> None:
    """Tìm giấy tờ theo nội dung; bỏ dấu, sai một ký tự vẫn ra · search the text of documents."""
    from repository import documents, subjects
    from repository.ports import SearchQuery

    with existing_house() as house:
        subject_id = None
        with house.database.read() as tx:
            if subject is not None:
                scheme, number = split_identifier(subject)
                found = subjects.find(tx, scheme, number)
                subject_id = found.id if found else "nobody"
        query = SearchQuery(
            text=text, subject_id=subject_id, type=doc_type, valid_on=day(valid_on), limit=50
        )
        result = house.index.search(query)
        with house.database.read() as tx:
            for hit in result.hits:
                document = documents.get(tx, hit.id)
                record = {
                    "document": hit.id,
                    "name": document.name,
                    "number_symbol": document.number_symbol,
                    "issuer": document.issuer,
                    "type": document.type,
                    "state": document.state,
                    "status": document.status,
                    "exact": hit.exact,
                    "score": round(hit.score, 3),
                    "highlights": [one.text for one in hit.highlights],
                }
                line = f"{document.number_symbol or document.name} · {document.issuer or ''}"
                shown = record["highlights"][0] if hit.highlights else ""
                emit_or_say(as_json, record, f"{line}\n    {shown}" if shown else line)
    if not as_json and not result.hits:
        say("Không tìm thấy giấy tờ nào · nothing found.")


def split_identifier(text: str) -> tuple[str, str]:
    """``vn:mst:0901234564`` as scheme and number."""
    scheme, _, number = text.rpartition(":")
    if not scheme:
        raise UsageError(
            f"«{text}» cần có loại mã, ví dụ vn:mst:0901234564 hay vn:cccd:033090123456.",
            f"{text!r} needs its scheme, for example vn:mst:0901234564.",
        )
    return scheme, number


def day(text: str | None) -> date | None:
    """A date given as ISO 8601."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"«{text}» không phải ngày. Ví dụ: 2026-11-24", f"{text!r} is not a date."
        ) from None


def check_once_only(
    procedure: Annotated[str, typer.Option(help="Mã thủ tục · procedure code")],
    subject: Annotated[str, typer.Option(help="Ví dụ vn:mst:0901234564 · subject")],
    on: Annotated[str | None, typer.Option(help="Ngày tiếp nhận · date of receipt")] = None,
    as_json: Json = False,
) -> None:
    """Thành phần nào Nhà nước đã có, không được yêu cầu nộp lại · what is held already."""
    from ingest.lookup import once_only_check

    with existing_house() as house:
        scheme, number = split_identifier(subject)
        answer = once_only_check(house, procedure, scheme, number, day(on))
    if as_json:
        emit(answer)
        return
    words = {"held": "ĐÃ CÓ, không yêu cầu nộp", "partly": "có một phần", "must_request": "cần nộp"}
    for component in answer["components"]:
        say(f"{component['component']}: {words[component['answer']]}")
        for seen in component["considered"]:
            verdict = "dùng được" if seen["accepted"] else ", ".join(seen["reasons"])
            say(f"    {seen['document']}: {verdict}")


def stats(as_json: Json = False) -> None:
    """Số liệu: giấy tờ theo trạng thái · documents by state."""
    from repository import documents

    with existing_house() as house, house.database.read() as tx:
        counts = documents.counts(tx)
    record = {
        "documents": counts.total,
        "pages_read": counts.pages_read,
        "by_state": dict(counts.by_state),
        "by_status": dict(counts.by_status),
        "stopped_by_reason": dict(counts.by_reason),
    }
    if as_json:
        emit(record)
        return
    say(f"Giấy tờ: {counts.total}, trang đã đọc: {counts.pages_read}")
    for state, number in sorted(counts.by_state.items()):
        say(f"  {state}: {number}")
    for reason, number in sorted(counts.by_reason.items()):
        say(f"  dừng vì {reason}: {number} · {REASONS[reason].vi}")
