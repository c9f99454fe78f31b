"""``sohoa users`` and ``sohoa procedures``: what an office sets up before its first paper."""

import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import existing_house
from api.cli.output import say
from vocabulary.errors import NotFound, UsageError

Role = Annotated[
    Literal["clerk", "officer", "leader", "inspector", "administrator"],
    typer.Option(help="Vai trò · role"),
]
Username = Annotated[str, typer.Argument(help="Tên đăng nhập · user name")]
PassFile = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Tệp chứa mật khẩu · password")
]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    users = typer.Typer(help="Người dùng, hệ thống khác · people, systems", no_args_is_help=True)
    users.command("add")(add_user)
    users.command("list")(list_users)
    users.command("password")(change_password)
    users.command("close")(close_account)
    users.command("client")(add_client)
    users.command("clients")(list_clients)
    users.command("grant")(grant_purpose)
    users.command("take-back")(take_back_purpose)
    app.add_typer(users, name="users")
    procedures = typer.Typer(help="Thủ tục hành chính · procedures", no_args_is_help=True)
    procedures.command("load")(load_procedures)
    procedures.command("export")(export_procedures)
    app.add_typer(procedures, name="procedures")


def add_user(
    username: Username,
    role: Role,
    name: Annotated[str, typer.Option(help="Họ và tên · full name")] = "",
    pass_file: PassFile = None,
) -> None:
    """Thêm người dùng; mật khẩu hỏi trên màn hình · add a person, asking for the password."""
    from api.auth.passwords import make_hash
    from api.settings import load_settings
    from api.wiring import open_house
    from repository import accounts

    password = _password(pass_file)
    with open_house(load_settings()) as house, house.database.write() as tx:
        accounts.create_account(
            tx, username, name or username, role, make_hash(password), house.clock.now()
        )
    say(f"✓ {username} ({role})")


def _password(pass_file: Path | None) -> str:
    if pass_file is not None:
        password = pass_file.read_text(encoding="utf-8").strip()
    else:
        password = typer.prompt(
            "Mật khẩu (ít nhất 10 ký tự) · password",
            hide_input=True, confirmation_prompt="Nhập lại · again", err=True,
        )  # fmt: skip
    if len(password) < 10:
        raise typer.BadParameter("Mật khẩu quá ngắn · the password is too short (10 characters)")
    return password


def list_users(as_json: Json = False) -> None:
    """Danh sách người dùng · everybody with an account."""
    from repository import accounts

    with existing_house() as house, house.database.read() as tx:
        for one in accounts.list_accounts(tx):
            record = {
                "username": one.username,
                "name": one.name,
                "role": one.role,
                "active": one.active,
            }
            closed = "" if one.active else "  (đã khóa · closed)"
            emit_or_say(as_json, record, f"{one.username}  {one.role}  {one.name}{closed}")


def change_password(username: Username, pass_file: PassFile = None) -> None:
    """Đổi mật khẩu; mọi phiên đăng nhập kết thúc · a new password ends all sessions."""
    from api.auth.passwords import make_hash
    from repository import accounts

    password = _password(pass_file)
    with existing_house() as house, house.database.write() as tx:
        account = accounts.find_account(tx, username)
        if account is None:
            raise _nobody(username)
        accounts.set_password(tx, account.id, make_hash(password), house.clock.now())
    say(f"✓ {username}")


def close_account(username: Username) -> None:
    """Khóa tài khoản, kết thúc phiên và mã truy cập · close an account, its sessions and tokens."""
    from repository import accounts

    with existing_house() as house, house.database.write() as tx:
        account = accounts.find_account(tx, username)
        if account is None:
            raise _nobody(username)
        accounts.set_active(tx, account.id, False, house.clock.now())
    say(f"✓ {username}")


def _nobody(username: str) -> NotFound:
    return NotFound(
        f"Không có người dùng {username}. Xem danh sách: sohoa users list.",
        f"There is no user {username}. See sohoa users list.",
    )


def add_client(
    client_id: Annotated[str, typer.Argument(help="Mã hệ thống · client id")],
    name: Annotated[str, typer.Option(help="Tên hệ thống · name")] = "",
    purpose: Annotated[
        list[str] | None,
        typer.Option(help="Thủ tục được khai thác, * là mọi thủ tục · may ask for"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Đăng ký hệ thống khác; khóa bí mật chỉ hiện một lần · register a system."""
    from api.auth.passwords import make_hash
    from repository import accounts, purposes

    secret = secrets.token_urlsafe(24)
    with existing_house() as house, house.database.write() as tx:
        now = house.clock.now()
        accounts.create_client(tx, client_id, name or client_id, make_hash(secret), now)
        for procedure in purpose or ():
            purposes.grant(tx, client_id, procedure, now)
    record = {"client_id": client_id, "client_secret": secret}
    emit_or_say(as_json, record, f"client_id      {client_id}\nclient_secret  {secret}")


ClientId = Annotated[str, typer.Argument(help="Mã hệ thống · client id")]
Purposes = Annotated[
    list[str], typer.Option("--purpose", help="Mã thủ tục, * là mọi thủ tục · procedure code")
]


def list_clients(as_json: Json = False) -> None:
    """Các hệ thống khác và thủ tục được khai thác · systems and what they may ask for."""
    from repository import accounts, purposes

    with existing_house() as house, house.database.read() as tx:
        found: list[dict[str, Any]] = [
            {
                "client_id": one.client_id,
                "name": one.name,
                "active": one.active,
                "purposes": [each.stem for each in purposes.granted_to(tx, one.client_id)],
            }
            for one in accounts.list_clients(tx)
        ]
    lines = (
        f"{one['client_id']}  {one['name']}  {' '.join(one['purposes']) or '-'}" for one in found
    )
    emit_or_say(as_json, {"items": found}, "\n".join(lines))


def grant_purpose(client_id: ClientId, purpose: Purposes, as_json: Json = False) -> None:
    """Cho hệ thống khai thác giấy tờ cho thủ tục · let a system ask for procedures."""
    _change_purposes(client_id, purpose, True, as_json)


def take_back_purpose(client_id: ClientId, purpose: Purposes, as_json: Json = False) -> None:
    """Thu hồi quyền khai thác, có hiệu lực ngay · take purposes back, at once."""
    _change_purposes(client_id, purpose, False, as_json)


def _change_purposes(client_id: str, asked: list[str], give: bool, as_json: bool) -> None:
    from repository import accounts, audit, purposes
    from repository.audit import AuditEntry

    with existing_house() as house, house.database.write() as tx:
        now = house.clock.now()
        if accounts.find_client(tx, client_id) is None:
            raise NotFound(
                f"Không có hệ thống {client_id}. Xem danh sách: sohoa users clients.",
                f"There is no system {client_id}. See sohoa users clients.",
            )
        for one in asked:
            if give:
                purposes.grant(tx, client_id, one, now)
            else:
                purposes.take_back(tx, client_id, one)
        event = "client.purpose_granted" if give else "client.purpose_taken_back"
        detail = {"client": client_id, "purposes": asked}
        audit.append(tx, AuditEntry(event, "system", now, detail=detail))
        left = [one.stem for one in purposes.granted_to(tx, client_id)]
    emit_or_say(
        as_json, {"client_id": client_id, "purposes": left}, f"{client_id}: {' '.join(left) or '-'}"
    )


def load_procedures(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True, dir_okay=False, help="JSON, CSV; để trống: thủ tục mẫu · samples"
        ),
    ] = None,
) -> None:
    """Nạp thủ tục từ tệp JSON, CSV, hoặc bộ mẫu của Sở KH&CN · load procedures from a file."""
    from repository import procedure_files, seed

    with existing_house() as house, house.database.write() as tx:
        if file is None:
            count = seed.load_procedures(tx, house.clock.now())
        else:
            try:
                text = file.read_text(encoding="utf-8")
            except ValueError:
                raise UsageError(
                    f"«{file}» không phải tệp UTF-8.", f"{str(file)!r} is not UTF-8."
                ) from None
            found = procedure_files.read(text, "csv" if file.suffix.lower() == ".csv" else "json")
            count = len(procedure_files.take_in(tx, found, house.clock.now()))
    say(f"Đã nạp {count} thủ tục · procedures loaded: {count}")


def export_procedures(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Tệp .json, .csv · file")],
) -> None:
    """Xuất mọi phiên bản thủ tục ra một tệp · write every version of every procedure to a file."""
    from repository import procedure_files, procedures

    with existing_house() as house, house.database.read() as tx:
        found = procedures.list_all(tx)
    csv = file.suffix.lower() == ".csv"
    text = "\ufeff" + procedure_files.as_csv(found) if csv else procedure_files.as_json(found)
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"Không ghi được «{file}» ({error.strerror}).",
            f"{str(file)!r} cannot be written ({error.strerror}).",
        ) from error
    say(f"Đã xuất {len(found)} phiên bản thủ tục · {len(found)} versions")
