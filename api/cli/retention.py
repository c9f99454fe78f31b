"""Commands for keeping and letting go: schedule, holds, disposal lists, fixity.

Holding and disposing are acts of persons: these commands ask for the account and its
password, and ask the same table of rights as the service does.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import day, existing_house
from api.cli.output import say
from vocabulary.errors import IntegrityFailure

Account = Annotated[str, typer.Option("--as", help="Tài khoản của người làm · whose account")]
Secret = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Tệp chứa mật khẩu · password")
]
Which = Annotated[str, typer.Argument(help="Mã danh mục · the list's id")]
Why = Annotated[str, typer.Option(help="Lý do · reason")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    retention = typer.Typer(help="Thời hạn bảo quản · retention", no_args_is_help=True)
    retention.command("show")(show_schedule)
    retention.command("load")(load_schedule)
    app.add_typer(retention, name="retention")
    hold = typer.Typer(help="Lệnh giữ · legal holds", no_args_is_help=True)
    hold.command("list")(list_holds)
    hold.command("place")(place_hold)
    hold.command("lift")(lift_hold)
    app.add_typer(hold, name="hold")
    disposal = typer.Typer(help="Hủy tài liệu hết giá trị · disposal", no_args_is_help=True)
    disposal.command("draft")(draft)
    disposal.command("show")(show)
    disposal.command("take-off")(take_off)
    disposal.command("approve")(approve)
    disposal.command("run")(run)
    disposal.command("cancel")(cancel)
    app.add_typer(disposal, name="disposal")
    app.command()(fixity)


def show_schedule(
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Bảng mẫu đi kèm · the one to begin with")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bảng thời hạn bảo quản, dạng nạp lại được · the schedule, as it can be loaded."""
    from repository.keeping import rules, schedule

    if shipped:
        found = schedule.shipped()
    else:
        with existing_house() as house, house.database.read() as tx:
            found = rules.schedule(tx)
    if as_json:
        for rule in found.rules:
            emit_or_say(True, rule.to_json(), "")
    else:
        say(schedule.to_toml(found))


def load_schedule(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Tệp TOML · the file")],
    as_json: Json = False,
) -> None:
    """Nạp cả bảng thời hạn bảo quản thay bảng cũ · load a whole schedule for the one before."""
    from ingest import keeping_rules
    from repository.keeping import schedule

    made = schedule.parse(file.read_text(encoding="utf-8"))
    with existing_house() as house:
        keeping_rules.put_in_force(house, made, "cli")
    open_ones = sum(not rule.confirmed for rule in made.rules)
    record = {"rules": len(made.rules), "unconfirmed": open_ones}
    emit_or_say(
        as_json, record, f"Đã nạp {len(made.rules)} quy định, {open_ones} chưa được xác nhận."
    )


def list_holds(
    every: Annotated[bool, typer.Option("--all", help="Cả lệnh đã gỡ · also lifted")] = False,
    as_json: Json = False,
) -> None:
    """Giấy tờ đang bị giữ theo lệnh nào · the legal holds."""
    from repository.keeping import holds
    from vocabulary.clock import vietnam_time

    with existing_house() as house, house.database.read() as tx:
        for one in holds.every(tx, active_only=not every):
            record = {
                "id": one.id, "scope": one.scope, "target": one.target,
                "legal_basis": one.legal_basis, "reason": one.reason, "by": one.placed_by,
                "since": vietnam_time(one.placed_at),
                "lifted_at": vietnam_time(one.lifted_at) if one.lifted_at else None,
            }  # fmt: skip
            line = f"{one.id}  {one.scope} {one.target}  {one.legal_basis}  ({one.placed_by})"
            emit_or_say(as_json, record, line)


def place_hold(
    scope: Annotated[str, typer.Argument(help="Phạm vi giữ · document, dossier or subject")],
    target: Annotated[str, typer.Argument(help="Mã giấy tờ, hồ sơ, chủ · id or code")],
    account: Account,
    basis: Annotated[str, typer.Option(help="Căn cứ pháp lý · legal basis")],
    reason: Why,
    pass_file: Secret = None,
) -> None:
    """Giữ giấy tờ: không ai hủy được · hold papers, so that nobody can dispose of them."""
    from api.access import Permission
    from ingest import holding

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.HOLD)
        made = holding.place(house, scope, target, reason, basis, by)  # type: ignore[arg-type]
    say(made.id)


def lift_hold(
    hold: Annotated[str, typer.Argument(help="Mã lệnh giữ · the hold's id")],
    account: Account,
    reason: Why,
    pass_file: Secret = None,
) -> None:
    """Gỡ lệnh giữ · end a hold."""
    from api.access import Permission
    from ingest import holding

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.HOLD)
        holding.lift(house, hold, reason, by)
    say(f"✓ {hold}")


def draft(
    account: Account,
    on: Annotated[str | None, typer.Option(help="Hết hạn tính đến ngày · due on")] = None,
    pass_file: Secret = None,
    as_json: Json = False,
) -> None:
    """Lập danh mục giấy tờ hết thời hạn bảo quản · draft a list of what has fallen due."""
    from api.access import Permission
    from ingest import disposing

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.DRAFT_DISPOSAL)
        _told(as_json, disposing.draft(house, by, day(on)))


def show(
    which: Annotated[str | None, typer.Argument(help="Mã danh mục · the list's id")] = None,
    as_json: Json = False,
) -> None:
    """Các danh mục hủy, hoặc một danh mục với từng giấy tờ · the lists, or one with its papers."""
    from api.http.disposals import entry
    from repository.keeping import disposals

    with existing_house() as house, house.database.read() as tx:
        if which is None:
            for one in disposals.page_of(tx, limit=200).items:
                _told(as_json, one)
            return
        _told(as_json, disposals.get(tx, which))
        for paper in disposals.entries(tx, which):
            said = entry(paper)
            line = (
                f"  {paper.state:7} {paper.document_id}  {said['type'] or '-'}  "
                f"{said['number_symbol'] or '-'}  {said['kept_until']}  {paper.reason}"
            )
            emit_or_say(as_json, said, line)


def take_off(
    which: Which,
    documents: Annotated[list[str], typer.Argument(help="Mã giấy tờ · the documents' ids")],
    account: Account,
    reason: Why,
    pass_file: Secret = None,
    as_json: Json = False,
) -> None:
    """Đưa giấy tờ ra khỏi dự thảo, có lý do · take papers off a draft, with a reason."""
    from api.access import Permission
    from ingest import disposing

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.DRAFT_DISPOSAL)
        _told(as_json, disposing.take_off(house, which, documents, reason, by))


def approve(
    which: Which, account: Account, pass_file: Secret = None, as_json: Json = False
) -> None:
    """Người thứ hai phê duyệt, cơ quan ký danh mục · another person approves, the office signs."""
    from api.access import Permission
    from ingest import disposing

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.APPROVE_DISPOSAL)
        _told(as_json, disposing.approve(house, which, by))


def run(which: Which, account: Account, pass_file: Secret = None, as_json: Json = False) -> int:
    """Hủy theo danh mục đã ký; chạy lại thì làm tiếp · carry out a signed list, or go on."""
    from api.access import Permission
    from ingest import disposal_run

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.APPROVE_DISPOSAL)
        ended = disposal_run.carry_out(house, which, by)
    _told(as_json, ended)
    return 0 if ended.state == "done" else 3


def cancel(
    which: Which, account: Account, reason: Why, pass_file: Secret = None, as_json: Json = False
) -> None:
    """Bỏ danh mục chưa thực hiện · give up a list that was not carried out."""
    from api.access import Permission
    from ingest import disposing

    with existing_house() as house:
        by = _person(house, account, pass_file, Permission.APPROVE_DISPOSAL)
        _told(as_json, disposing.cancel(house, which, reason, by))


def fixity(
    now: Annotated[
        int, typer.Option(help="Kiểm ngay chừng ấy tệp đến lượt · check so many now")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Kết quả kiểm tra toàn vẹn định kỳ, tệp hỏng · what the fixity sweep has found."""
    from datetime import timedelta

    from ingest.fixity import sweep
    from repository.keeping import fixity as checks
    from vocabulary.clock import vietnam_time

    with existing_house() as house:
        if now:
            sweep(house, house.fixity_every or timedelta(days=90), now)
        with house.database.read() as tx:
            found, failed = checks.survey(tx), checks.failures(tx)
    for one in failed:
        at = vietnam_time(one.checked_at)
        record = {"object": one.sha256, "state": one.state, "checked_at": at}
        emit_or_say(as_json, record, f"{one.state}: {one.sha256}  {at}")
    oldest = vietnam_time(found.oldest) if found.oldest else None
    summary = {
        "named": found.named, "checked": found.checked, "failed": len(failed), "oldest": oldest,
    }  # fmt: skip
    emit_or_say(
        as_json, summary,
        f"Đã kiểm {found.checked} trong {found.named} tệp, hỏng hoặc thiếu {len(failed)}; "
        f"lần kiểm xa nhất: {oldest or '-'}.",
    )  # fmt: skip
    if failed:
        raise IntegrityFailure(
            f"{len(failed)} tệp lưu trữ hỏng hoặc thiếu: hãy khôi phục từ bản sao lưu.",
            f"{len(failed)} stored objects are damaged or missing: restore them from the backup.",
        )


def _person(house: Any, username: str, pass_file: Path | None, right: Any) -> str:
    """Whose act it is: a person with the right, who knows the account's password."""
    from api import access
    from api.auth.logins import confirm_person

    if pass_file is not None:
        password = pass_file.read_text(encoding="utf-8").strip()
    else:
        password = typer.prompt(f"Mật khẩu của {username} · password", hide_input=True, err=True)
    identity = confirm_person(house, username, password)
    access.require(identity, right)
    return str(identity.name)


def _told(as_json: bool, one: Any) -> None:
    from api.http.disposals import outline

    counts = ", ".join(f"{state} {number}" for state, number in sorted(one.counts.items()))
    line = f"{one.id}  {one.state}  {one.due_on}  {counts}  ({one.drafted_by})"
    emit_or_say(as_json, outline(one), line)
