"""``sohoa jobs``: how the work stands, held up, let go on, tried again, taken back."""

from datetime import datetime
from typing import Annotated

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import existing_house
from api.cli.output import emit, say
from vocabulary.clock import vietnam_time
from vocabulary.errors import InvalidRequest

Kind = Annotated[
    str, typer.Argument(help="Loại việc: digitize, index, webhook, sign_remote · kind of work")
]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    jobs = typer.Typer(help="Hàng đợi công việc · the queue of work", no_args_is_help=True)
    jobs.command("show")(show)
    jobs.command("pause")(pause)
    jobs.command("resume")(resume)
    jobs.command("retry")(retry)
    app.add_typer(jobs, name="jobs")


def show(as_json: Json = False) -> None:
    """Việc đang chờ, đang làm, đã hỏng · what waits, runs, has failed."""
    with existing_house() as house:
        figures, failures = house.queue.figures(), house.queue.failures()
    if as_json:
        for (kind, state), number in sorted(figures.jobs.items()):
            emit({"kind": kind, "state": state, "jobs": number})
        for kind, since in sorted(figures.oldest.items()):
            emit({"kind": kind, "waiting_since": since.isoformat()})
        for kind in sorted(figures.paused):
            emit({"kind": kind, "paused": True})
        for kind, key, error in failures:
            emit({"kind": kind, "key": key, "failed": error})
        return
    words = {"waiting": "chờ", "running": "đang làm", "failed": "hỏng"}
    for (kind, state), number in sorted(figures.jobs.items()):
        since = figures.oldest.get(kind) if state == "waiting" else None
        say(f"{kind}: {number} {words[state]}{_since(since)}")
    for kind in sorted(figures.paused):
        say(f"{kind}: đang tạm dừng (sohoa jobs resume {kind})")
    for kind, key, error in failures:
        say(f"✗ {kind} {key}: {error}")
    if not figures.jobs:
        say("Không có việc nào chờ.")


def pause(kind: Kind, as_json: Json = False) -> None:
    """Tạm dừng một loại việc trên mọi máy · hold a kind of work up on all hosts."""
    with existing_house() as house:
        house.queue.pause(_known(kind), "cli")
    emit_or_say(
        as_json, {"kind": kind, "paused": True}, f"{kind}: tạm dừng; việc đang làm làm nốt."
    )


def resume(kind: Kind, as_json: Json = False) -> None:
    """Cho chạy tiếp · let it go on."""
    with existing_house() as house:
        house.queue.resume(_known(kind))
    emit_or_say(as_json, {"kind": kind, "paused": False}, f"{kind}: chạy tiếp.")


def retry(as_json: Json = False) -> None:
    """Làm lại mọi việc đã hỏng hoặc bị bỏ sót · ask again for what failed or was forgotten."""
    from ingest.requeue import ask_again

    with existing_house() as house:
        failed = house.queue.failures()
        for kind, key, _ in failed:
            with house.database.write() as tx:
                house.queue.enqueue(tx, kind, key, {})
        asked = ask_again(house)
    emit_or_say(
        as_json, {"failed": len(failed), "open": asked},
        f"Làm lại {len(failed)} việc hỏng; {asked} giấy tờ chưa xong đang được làm.",
    )  # fmt: skip


def _known(kind: str) -> str:
    from ingest import intake, outbox, remote_signing, webhooks

    known = (intake.JOB, outbox.JOB, webhooks.JOB, remote_signing.JOB)
    if kind not in known:
        raise InvalidRequest(
            f"Không có loại việc {kind}. Các loại: {', '.join(known)}.",
            f"There is no kind of work {kind}. Known: {', '.join(known)}.",
        )
    return kind


def _since(moment: datetime | None) -> str:
    return "" if moment is None else f", lâu nhất từ {vietnam_time(moment)}"
