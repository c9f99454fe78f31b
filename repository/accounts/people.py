"""People of the office and other systems that may log in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.schema import accounts, clients
from vocabulary.errors import Conflict, InvalidRequest, NotFound

Role = Literal["clerk", "officer", "leader", "inspector", "administrator", "system"]
ROLES: Final[tuple[Role, ...]] = (
    "clerk", "officer", "leader", "inspector", "administrator", "system",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the office. Never carries the password's hash."""

    id: str
    username: str
    name: str
    role: Role
    active: bool
    demo: bool
    created_at: datetime
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class Client:
    """Another system; its role is always ``system``.

    ``scope``: of the token it came with, empty where that was not narrowed.
    """

    client_id: str
    name: str
    active: bool
    demo: bool
    created_at: datetime
    role: Role = "system"
    scope: str = ""


def create_account(
    tx: Session,
    username: str,
    name: str,
    role: Role,
    password_hash: str,
    now: datetime,
    *,
    demo: bool = False,
) -> Account:
    """Adds a person.

    Raises:
        InvalidRequest: the role is unknown or the user name empty.
        Conflict: the user name is taken (code ``username_taken``).
    """
    if role not in ROLES:
        raise InvalidRequest(
            f"Vai trò không hợp lệ: {role}.", f"Unknown role: {role}.", field="role"
        )
    username = username.strip().lower()
    if not username or len(username) > 64:
        raise InvalidRequest(
            "Tên đăng nhập phải có từ 1 đến 64 ký tự.",
            "The user name must have 1 to 64 characters.",
            field="username",
        )
    values = {
        "id": new_id(),
        "username": username,
        "name": name,
        "role": role,
        "password_hash": password_hash,
        "active": True,
        "demo": demo,
        "created_at": now,
    }
    if not insert_once(tx, accounts, values):
        raise Conflict(
            f"Tên đăng nhập {username} đã có người dùng. Hãy chọn tên khác.",
            f"The user name {username} is taken. Choose another one.",
            code="username_taken",
        )
    return get_account(tx, str(values["id"]))


def get_account(tx: Session, account_id: str) -> Account:
    """One account by id.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise _no_account()
    return account_of(row)


def find_account(tx: Session, username: str) -> Account | None:
    """One account by user name (any case), active or not."""
    row = tx.execute(select(accounts).where(_named(username))).one_or_none()
    return None if row is None else account_of(row)


def list_accounts(tx: Session) -> list[Account]:
    """All accounts by user name."""
    return [account_of(row) for row in tx.execute(select(accounts).order_by(accounts.c.username))]


def password_hash_of(tx: Session, username: str) -> str | None:
    """The argon2id string to check a password against; None for nobody or a closed account."""
    found = tx.execute(
        select(accounts.c.password_hash).where(_named(username), accounts.c.active)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def set_role(tx: Session, account_id: str, role: Role) -> None:
    """Gives the account another role."""
    if role not in ROLES:
        raise InvalidRequest(
            f"Vai trò không hợp lệ: {role}.", f"Unknown role: {role}.", field="role"
        )
    update_account(tx, account_id, role=role)


def create_client(
    tx: Session, client_id: str, name: str, secret_hash: str, now: datetime, *, demo: bool = False
) -> Client:
    """Registers another system.

    Raises:
        Conflict: the client id is taken (code ``client_taken``).
    """
    values = {
        "client_id": client_id,
        "name": name,
        "secret_hash": secret_hash,
        "active": True,
        "demo": demo,
        "created_at": now,
    }
    if not insert_once(tx, clients, values):
        raise Conflict(
            f"Mã hệ thống {client_id} đã được đăng ký.",
            f"The client id {client_id} is registered already.",
            code="client_taken",
        )
    return Client(client_id, name, True, demo, now)


def find_client(tx: Session, client_id: str) -> Client | None:
    """One system by its client id, active or not."""
    row = tx.execute(select(clients).where(clients.c.client_id == client_id)).one_or_none()
    return None if row is None else client_of(row)


def list_clients(tx: Session) -> list[Client]:
    """All systems by client id."""
    return [client_of(row) for row in tx.execute(select(clients).order_by(clients.c.client_id))]


def client_secret_hash(tx: Session, client_id: str) -> str | None:
    """The argon2id string to check a client's secret against; None for nobody or inactive."""
    found = tx.execute(
        select(clients.c.secret_hash).where(clients.c.client_id == client_id, clients.c.active)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def set_client_active(tx: Session, client_id: str, active: bool) -> None:
    """Opens or closes a system's access (its tokens stop working with it)."""
    tx.execute(update(clients).where(clients.c.client_id == client_id).values(active=active))


def _named(username: str) -> Any:
    return accounts.c.username == username.strip().lower()


def update_account(tx: Session, account_id: str, **values: Any) -> None:
    """Writes columns of one account.

    Raises:
        NotFound: there is none.
    """
    changed = tx.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(**values)
        .returning(accounts.c.id)
    ).first()
    if changed is None:
        raise _no_account()


def _no_account() -> NotFound:
    return NotFound("Không có tài khoản này.", "There is no such account.")


def account_of(row: Row[Any]) -> Account:
    """The view of a row of the accounts."""
    return Account(
        id=row.id,
        username=row.username,
        name=row.name,
        role=cast(Role, row.role),
        active=row.active,
        demo=row.demo,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
    )


def client_of(row: Row[Any]) -> Client:
    """The view of a row of the clients."""
    return Client(row.client_id, row.name, row.active, row.demo, row.created_at)
