"""Care of signatures: keys and authorities for the doctor, what falls due, prolonging it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import existing_house
from api.cli.output import say
from vocabulary.clock import vietnam_time
from vocabulary.errors import MissingPart, Stopped, UsageError

Within = Annotated[
    str, typer.Option(help="Trong bao lâu nữa, ví dụ 365d · within which time, e.g. 365d")
]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(due)
    app.command()(renew)


def due(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Tệp PDF; không có: kho lưu trữ · PDFs, or the store"),
    ] = None,
    within: Within = "365d",
    as_json: Json = False,
) -> int:
    """Chữ ký nào sắp hết khả năng tự chứng minh · which signatures stop proving themselves."""
    time = period(within)
    if files:
        return _due_files(files, time, as_json)
    from ingest.renewal import falling_due

    with existing_house() as house:
        found = falling_due(house, time)
    for one in found:
        record = {
            "document": one.document_id, "name": one.name, "sha256": one.sha256,
            "until": vietnam_time(one.until),
        }  # fmt: skip
        emit_or_say(as_json, record, f"{vietnam_time(one.until)}  {one.document_id}  {one.name}")
    if not as_json:
        say(f"{len(found)} giấy tờ đến hạn trong {within}.")
    return 0


def _due_files(files: list[Path], time: timedelta, as_json: bool) -> int:
    from api.settings import load_settings
    from api.wiring import file_desk
    from vocabulary.clock import SystemClock

    limit = SystemClock().now() + time
    code = 0
    with file_desk(load_settings(), stamps=False) as desk:
        for path in files:
            try:
                found = desk.lasting(path)
            except Stopped as stop:
                code = 3
                told = {"file": str(path), "reason": stop.reason, "message": stop.vi}
                emit_or_say(as_json, told, f"✗ {path}: {stop.vi} [{stop.reason}]")
                continue
            until = found.until if found else None
            record: dict[str, Any] = {
                "file": str(path),
                "until": vietnam_time(until) if until else None,
                "because": found.because if found else None,
                "due": bool(until and until < limit),
            }
            emit_or_say(as_json, record, f"{_day(until)}  {path}{'  !' if record['due'] else ''}")
    return code


def _day(moment: datetime | None) -> str:
    return vietnam_time(moment) if moment else "không có chữ ký"


def renew(
    within: Within = "180d",
    as_json: Json = False,
) -> int:
    """Gia hạn dấu thời gian lưu trữ sắp hết hạn · renew archival stamps that end soon."""
    from ingest.renewal import renew_due

    stopped = count = 0
    with existing_house() as house:
        for one in renew_due(house, period(within)):
            count += one.state == "renewed"
            stopped += one.state == "stopped"
            record = {
                "document": one.due.document_id, "name": one.due.name, "state": one.state,
                "until": vietnam_time(one.until) if one.until else None,
                "reason": one.trouble.error_code if one.trouble else None,
                "message": one.trouble.vi if one.trouble else None,
            }  # fmt: skip
            why = f"{one.trouble.vi} [{one.trouble.error_code}]" if one.trouble else _day(one.until)
            emit_or_say(as_json, record, f"{'✗' if one.trouble else '✓'} {one.due.name}: {why}")
    if not as_json:
        say(f"Đã gia hạn {count}, chưa được {stopped}.")
    return 3 if stopped else 0


def period(text: str) -> timedelta:
    """``365d``, ``2y`` or a number of days.

    Raises:
        UsageError: anything else.
    """
    found = re.fullmatch(r"(\d{1,6})([dy]?)", text)
    if found is None:
        raise UsageError(
            f"«{text}» không phải khoảng thời gian. Ví dụ: 365d",
            f"{text!r} is not a period. Example: 365d",
        )
    return timedelta(days=int(found[1]) * (365 if found[2] == "y" else 1))


def signing_probes(current: Any) -> list[tuple[str, Any]]:
    """Keys, authority and evidence, as far as the settings name any; nothing is signed."""
    from api.seals import signer_named
    from signing.keys import common_name

    def key(role: Any) -> str:
        signer: Any = signer_named(current, role)
        certificate = getattr(signer, "awaited", lambda _: signer)(()).certificate
        ends = certificate.not_valid_after_utc.date()
        return f"{common_name(certificate)}, đến · until {ends}"

    def authority() -> str:
        from signing.timestamps import UrlTimeStamper

        return UrlTimeStamper(current.tsa_url).answers()

    def folder() -> str:
        from signing.revocation import Revocation

        held = Revocation(current.revocation_folder, online=False).held()
        if held.unread:
            raise MissingPart(
                f"Có tệp không phải CRL, OCSP hay chứng thư: {', '.join(held.unread[:5])}.",
                f"Files that are neither CRL, OCSP nor certificate: {', '.join(held.unread[:5])}.",
            )
        return f"{len(held.crls)} CRL, {len(held.ocsps)} OCSP, {len(held.certificates)} chứng thư"

    found: list[tuple[str, Any]] = []
    for role, name in (("officer", "khóa công chức · officer's key"),
                       ("organisation", "khóa cơ quan · office's key")):  # fmt: skip
        if any(getattr(current, f"{role}_{kind}") for kind in ("key", "token", "credential")) or (
            role == "officer" and current.officer_certificates
        ):
            found.append((name, lambda role=role: key(role)))
    if current.tsa_url:
        found.append(("dấu thời gian · time stamps", authority))
    if current.revocation_folder:
        found.append(("danh sách thu hồi · revocation lists", folder))
    return found
