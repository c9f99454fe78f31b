"""People and systems that may log in. Only hashes of secrets are stored here.

Passwords and client secrets come as argon2id strings made and checked by the
edge. Tokens are 256 random bits, so a plain SHA-256 of them is enough to store.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.schema import (
    access_tokens,
    accounts,
    clients,
    login_failures,
    personal_tokens,
    sessions,
)
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
    """Another system; its role is always ``system``."""

    client_id: str
    name: str
    active: bool
    demo: bool
    created_at: datetime
    role: Role = "system"


@dataclass(frozen=True, slots=True)
class WebSession:
    """A logged-in browser: whose it is and the secret its forms must carry."""

    account: Account
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser gets; ``token`` exists in clear only here."""

    token: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewToken:
    """A bearer token as shown once to its owner."""

    id: str
    token: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A personal bearer token as listed to its owner, without the secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoginFailures:
    """Failed attempts under one key (a user name, an address) since the last success."""

    failures: int
    last_at: datetime | None


def token_hash(token: str) -> str:
    """How a token is stored: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


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
    return _account(row)


def find_account(tx: Session, username: str) -> Account | None:
    """One account by user name (any case), active or not."""
    row = tx.execute(select(accounts).where(_named(username))).one_or_none()
    return None if row is None else _account(row)


def list_accounts(tx: Session) -> list[Account]:
    """All accounts by user name."""
    return [_account(row) for row in tx.execute(select(accounts).order_by(accounts.c.username))]


def password_hash_of(tx: Session, username: str) -> str | None:
    """The argon2id string to check a password against; None for nobody or a closed account."""
    found = tx.execute(
        select(accounts.c.password_hash).where(_named(username), accounts.c.active)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def set_password(tx: Session, account_id: str, password_hash: str, now: datetime) -> None:
    """Changes the password and ends all sessions."""
    _update_account(tx, account_id, password_hash=password_hash)
    close_sessions(tx, account_id, now)


def set_active(tx: Session, account_id: str, active: bool, now: datetime) -> None:
    """Opens or closes an account; closing ends its sessions and revokes its tokens."""
    _update_account(tx, account_id, active=active)
    if not active:
        close_sessions(tx, account_id, now)
        tx.execute(
            update(personal_tokens)
            .where(
                personal_tokens.c.account_id == account_id, personal_tokens.c.revoked_at.is_(None)
            )
            .values(revoked_at=now)
        )


def set_role(tx: Session, account_id: str, role: Role) -> None:
    """Gives the account another role."""
    if role not in ROLES:
        raise InvalidRequest(
            f"Vai trò không hợp lệ: {role}.", f"Unknown role: {role}.", field="role"
        )
    _update_account(tx, account_id, role=role)


def open_session(
    tx: Session, account_id: str, now: datetime, lifetime: timedelta = timedelta(hours=12)
) -> NewSession:
    """Logs a person in: a session token for the cookie and a secret for forms."""
    made = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + lifetime)
    _update_account(tx, account_id, last_login_at=now)
    tx.execute(delete(sessions).where(sessions.c.expires_at < now))
    tx.execute(
        sessions.insert().values(
            token_hash=token_hash(made.token),
            account_id=account_id,
            csrf=made.csrf,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    return made


def find_session(tx: Session, token: str, now: datetime) -> WebSession | None:
    """The session of a cookie if it is still good and its account active."""
    row = tx.execute(
        select(accounts, sessions.c.csrf, sessions.c.expires_at)
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.expires_at > now,
            sessions.c.revoked_at.is_(None),
            accounts.c.active,
        )
    ).one_or_none()
    return None if row is None else WebSession(_account(row), row.csrf, row.expires_at)


def close_session(tx: Session, token: str, now: datetime) -> None:
    """Logs out."""
    tx.execute(
        update(sessions)
        .where(sessions.c.token_hash == token_hash(token), sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def close_sessions(tx: Session, account_id: str, now: datetime) -> None:
    """Logs a person out everywhere."""
    tx.execute(
        update(sessions)
        .where(sessions.c.account_id == account_id, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def create_personal_token(
    tx: Session, account_id: str, name: str, now: datetime, expires_at: datetime | None = None
) -> NewToken:
    """A bearer token for a person's scripts, with that person's rights."""
    made = NewToken(new_id(), secrets.token_urlsafe(32), expires_at)
    tx.execute(
        personal_tokens.insert().values(
            id=made.id,
            account_id=account_id,
            name=name,
            token_hash=token_hash(made.token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return made


def personal_tokens_of(tx: Session, account_id: str) -> list[PersonalToken]:
    """A person's tokens, newest first."""
    rows = tx.execute(
        select(personal_tokens)
        .where(personal_tokens.c.account_id == account_id)
        .order_by(personal_tokens.c.created_at.desc(), personal_tokens.c.id)
    )
    return [
        PersonalToken(row.id, row.name, row.created_at, row.expires_at, row.revoked_at)
        for row in rows
    ]


def revoke_personal_token(tx: Session, account_id: str, token_id: str, now: datetime) -> None:
    """Ends a token of this person.

    Raises:
        NotFound: the person has no such token.
    """
    mine = and_(personal_tokens.c.id == token_id, personal_tokens.c.account_id == account_id)
    row = tx.execute(select(personal_tokens.c.revoked_at).where(mine)).one_or_none()
    if row is None:
        raise NotFound("Không có mã truy cập này.", "There is no such token.")
    if row.revoked_at is None:
        tx.execute(update(personal_tokens).where(mine).values(revoked_at=now))


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
    return None if row is None else _client(row)


def client_secret_hash(tx: Session, client_id: str) -> str | None:
    """The argon2id string to check a client's secret against; None for nobody or inactive."""
    found = tx.execute(
        select(clients.c.secret_hash).where(clients.c.client_id == client_id, clients.c.active)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def set_client_active(tx: Session, client_id: str, active: bool) -> None:
    """Opens or closes a system's access (its tokens stop working with it)."""
    tx.execute(update(clients).where(clients.c.client_id == client_id).values(active=active))


def issue_access_token(
    tx: Session,
    client_id: str,
    now: datetime,
    lifetime: timedelta = timedelta(minutes=15),
    scope: str = "",
) -> NewToken:
    """A short access token of a system (OAuth 2 client credentials, RFC 6749 section 4.4)."""
    token = secrets.token_urlsafe(32)
    made = NewToken(token_hash(token), token, now + lifetime)
    tx.execute(delete(access_tokens).where(access_tokens.c.expires_at < now))
    tx.execute(
        access_tokens.insert().values(
            token_hash=made.id,
            client_id=client_id,
            scope=scope,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    return made


def find_bearer(tx: Session, token: str, now: datetime) -> Account | Client | None:
    """Whose bearer token this is, personal or of a system, if it is still good."""
    digest = token_hash(token)
    person = tx.execute(
        select(accounts)
        .join(personal_tokens, accounts.c.id == personal_tokens.c.account_id)
        .where(
            personal_tokens.c.token_hash == digest,
            personal_tokens.c.revoked_at.is_(None),
            or_(personal_tokens.c.expires_at.is_(None), personal_tokens.c.expires_at > now),
            accounts.c.active,
        )
    ).one_or_none()
    if person is not None:
        return _account(person)
    system = tx.execute(
        select(clients)
        .join(access_tokens, clients.c.client_id == access_tokens.c.client_id)
        .where(
            access_tokens.c.token_hash == digest,
            access_tokens.c.revoked_at.is_(None),
            access_tokens.c.expires_at > now,
            clients.c.active,
        )
    ).one_or_none()
    return None if system is None else _client(system)


def failures_of(tx: Session, key: str) -> LoginFailures:
    """Failed logins under a key; the edge decides from it how long to wait."""
    row = tx.execute(select(login_failures).where(login_failures.c.key == key)).one_or_none()
    return LoginFailures(0, None) if row is None else LoginFailures(row.failures, row.last_at)


def note_failure(tx: Session, key: str, now: datetime) -> LoginFailures:
    """Counts a failed login; unknown user names are counted like known ones."""
    if not insert_once(tx, login_failures, {"key": key, "failures": 1, "last_at": now}):
        tx.execute(
            update(login_failures)
            .where(login_failures.c.key == key)
            .values(failures=login_failures.c.failures + 1, last_at=now)
        )
    return failures_of(tx, key)


def clear_failures(tx: Session, key: str) -> None:
    """After a successful login."""
    tx.execute(delete(login_failures).where(login_failures.c.key == key))


def _named(username: str) -> Any:
    return accounts.c.username == username.strip().lower()


def _update_account(tx: Session, account_id: str, **values: Any) -> None:
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


def _account(row: Row[Any]) -> Account:
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


def _client(row: Row[Any]) -> Client:
    return Client(row.client_id, row.name, row.active, row.demo, row.created_at)
