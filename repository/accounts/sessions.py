"""Sessions of browsers and bearer tokens: 256 random bits, stored as their SHA-256 only."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BindParameter, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from repository.accounts.people import Account, Client, account_of, client_of, update_account
from repository.ids import new_id
from repository.schema import access_tokens, accounts, clients, personal_tokens, sessions
from vocabulary.errors import NotFound


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


def token_hash(token: str) -> str:
    """How a token is stored: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def set_password(tx: Session, account_id: str, password_hash: str, now: datetime) -> None:
    """Changes the password and ends all sessions."""
    update_account(tx, account_id, password_hash=password_hash)
    close_sessions(tx, account_id, now)


def set_active(tx: Session, account_id: str, active: bool, now: datetime) -> None:
    """Opens or closes an account; closing ends its sessions and revokes its tokens."""
    update_account(tx, account_id, active=active)
    if not active:
        close_sessions(tx, account_id, now)
        tx.execute(
            update(personal_tokens)
            .where(
                personal_tokens.c.account_id == account_id, personal_tokens.c.revoked_at.is_(None)
            )
            .values(revoked_at=now)
        )


def open_session(
    tx: Session, account_id: str, now: datetime, lifetime: timedelta = timedelta(hours=12)
) -> NewSession:
    """Logs a person in: a session token for the cookie and a secret for forms."""
    made = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + lifetime)
    update_account(tx, account_id, last_login_at=now)
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
    return None if row is None else WebSession(account_of(row), row.csrf, row.expires_at)


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
    given = {"digest": token_hash(token), "now": now}
    person = tx.execute(_PERSON_OF, given).one_or_none()
    if person is not None:
        return account_of(person)
    system = tx.execute(_SYSTEM_OF, given).one_or_none()
    return None if system is None else replace(client_of(system), scope=system.scope)


# Made once: every call of a system begins with them.
_DIGEST: Final[BindParameter[str]] = bindparam("digest")
_NOW: Final[BindParameter[datetime]] = bindparam("now", type_=personal_tokens.c.expires_at.type)
_PERSON_OF: Final = (
    select(accounts)
    .join(personal_tokens, accounts.c.id == personal_tokens.c.account_id)
    .where(
        personal_tokens.c.token_hash == _DIGEST,
        personal_tokens.c.revoked_at.is_(None),
        or_(personal_tokens.c.expires_at.is_(None), personal_tokens.c.expires_at > _NOW),
        accounts.c.active,
    )
)
_SYSTEM_OF: Final = (
    select(clients, access_tokens.c.scope)
    .join(access_tokens, clients.c.client_id == access_tokens.c.client_id)
    .where(
        access_tokens.c.token_hash == _DIGEST,
        access_tokens.c.revoked_at.is_(None),
        access_tokens.c.expires_at > _NOW,
        clients.c.active,
    )
)
