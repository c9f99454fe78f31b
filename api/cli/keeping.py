"""Commands that keep the archive: backup, restore, moving up to servers."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import existing_house
from api.cli.output import counting, say
from vocabulary.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(backup)
    app.command()(restore)
    app.command()(migrate)


def backup(
    target: Annotated[Path, typer.Argument(help="Thư mục sao lưu · folder of the backups")],
    keys: Annotated[
        Path | None, typer.Option(help="Sao lưu khóa vào thư mục riêng · keys, kept apart")
    ] = None,
    as_json: Json = False,
) -> None:
    """Sao lưu khi dịch vụ vẫn chạy: danh mục và tệp · back up while the service runs."""
    from api.settings import load_settings
    from ingest.backup import back_up

    home = load_settings().home.absolute()
    if keys is not None and keys.absolute().is_relative_to(target.absolute()):
        raise UsageError(
            "Khóa phải để riêng: hãy chọn thư mục ngoài thư mục sao lưu.",
            "Keys are kept apart: choose a folder outside the backup.",
        )
    with existing_house() as house, counting("Sao lưu") as told:
        made = back_up(house, target, told)
    if keys is not None:
        shutil.copytree(home / "keys", keys, dirs_exist_ok=True)
        keys.chmod(0o700)
    record = {
        "snapshot": made.name, "objects": made.objects, "copied": made.copied,
        "rows": sum(one.rows for one in made.proof.tables.values()),
        "audit_entries": made.proof.audit[0], "keys": None if keys is None else str(keys),
    }  # fmt: skip
    emit_or_say(
        as_json, record,
        f"Bản sao lưu {made.name}: {record['rows']} dòng, {made.objects} tệp "
        f"(chép mới {made.copied}).",
    )  # fmt: skip
    if keys is None and not as_json:
        say("Khóa KHÔNG nằm trong bản này: sao lưu riêng bằng --keys THƯ_MỤC.")


def restore(
    source: Annotated[Path, typer.Argument(exists=True, help="Thư mục sao lưu · the backups")],
    snapshot: Annotated[
        str | None, typer.Option(help="Bản nào; mặc định bản mới nhất · which one")
    ] = None,
    as_json: Json = False,
) -> None:
    """Khôi phục vào hệ trống và đối chiếu từng dòng, từng tệp · restore and prove it whole."""
    from api.settings import load_settings
    from api.wiring import open_house
    from ingest.backup import restore as bring_back

    with open_house(load_settings()) as house, counting("Khôi phục") as told:
        made = bring_back(house, source, snapshot, told)
    record = {
        "snapshot": made.name, "taken": made.taken.isoformat(), "objects": made.objects,
        "audit_entries": made.proof.audit[0], "documents": dict(made.proof.documents),
        "figures": {code: list(pair) for code, pair in made.proof.figures.items()},
    }  # fmt: skip
    emit_or_say(
        as_json, record,
        f"Đã khôi phục bản {made.name}: {made.objects} tệp, {made.proof.audit[0]} dòng nhật ký; "
        "mọi dòng, mã băm và số liệu khớp.",
    )  # fmt: skip


def migrate(
    to: Annotated[
        Path, typer.Option("--to", exists=True, dir_okay=False, help="Thiết lập mới · new settings")
    ],
    switch: Annotated[bool, typer.Option("--switch", help="Chuyển hẳn · go over for good")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Mở lại hệ cũ · the old one takes changes again")
    ] = False,
    as_json: Json = False,
) -> None:
    """Chuyển sang máy chủ; kiểm từng mã băm · move to servers, every object compared."""
    from api.settings import load_settings_from
    from api.wiring import open_house
    from ingest import moving

    with existing_house() as old:
        if undo:
            moving.reopen(old)
            emit_or_say(as_json, {"open": True}, "Hệ cũ lại nhận thay đổi.")
            return
        with open_house(load_settings_from(to)) as new, counting("Chuyển tệp") as told:
            if switch:
                made = moving.switch(old, new, str(to), told)
            else:
                made = moving.copy_objects(old, new, told)
    record = {
        "objects": made.objects, "copied": made.copied, "rows": made.rows,
        "documents": made.documents, "switched": switch,
    }  # fmt: skip
    if switch:
        said = (
            f"Đã chuyển {made.documents} giấy tờ, {made.rows} dòng, {made.objects} tệp; mọi thứ "
            f"khớp. Từ nay chạy với SOHOA_CONFIG={to}; hệ cũ chỉ còn để đọc."
        )
    else:
        said = (
            f"Đã chép {made.copied} tệp mới, cả thảy {made.objects}. Chạy lại với --switch để "
            "chuyển hẳn."
        )
    emit_or_say(as_json, record, said)
