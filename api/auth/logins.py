"""Logging in: people by password, systems by client credentials."""

from datetime import timedelta
from typing import Final

from api.access import Identity, Role
from api.auth import passwords, throttle
from ingest.house import House
from repository import accounts, audit, purposes
from repository.accounts import NewSession, NewToken
from repository.audit import AuditEntry
from vocabulary.errors import InvalidRequest, NotAuthenticated

ACCESS_TOKEN_LIFE: Final = timedelta(minutes=30)


def log_in(
    house: House,
    username: str,
    password: str,
    address: str,
    *,
    length: timedelta,
    earlier: str | None = None,
) -> NewSession:
    """Open a new session for a person; ``earlier`` is the browser's old one, which ends.

    Raises:
        NotAuthenticated: wrong name or password (one answer for both), or code
            ``too_many_attempts``.
    """
    now = house.clock.now()
    stored = _proved(house, username, password, address)
    renewed = passwords.make_hash(password) if passwords.outdated(stored) else None
    with house.database.write() as tx:
        account = accounts.find_account(tx, username)
        assert account is not None
        if renewed is not None:
            accounts.set_password(tx, account.id, renewed, now)
        if earlier is not None:
            accounts.close_session(tx, earlier, now)
        throttle.succeeded(tx, username)
        audit.append(tx, AuditEntry("login", account.username, now, detail={"address": address}))
        return accounts.open_session(tx, account.id, now, length)


def confirm_person(house: House, username: str, password: str) -> Identity:
    """Who sits at this machine's keyboard, for acts that must be a person's own.

    Raises:
        NotAuthenticated: as :func:`log_in`.
    """
    _proved(house, username, password, "console")
    with house.database.write() as tx:
        account = accounts.find_account(tx, username)
        assert account is not None
        throttle.succeeded(tx, username)
    roles = frozenset({Role(account.role)})
    return Identity(account.id, account.username, account.name, roles, "token")


def _proved(house: House, username: str, password: str, address: str) -> str:
    """The hash that the password fits."""
    with house.database.write() as tx:
        throttle.attempt(tx, username, address, house.clock.now())
        stored = accounts.password_hash_of(tx, username)
    # Outside of the transaction: it takes its time.
    if not passwords.fits(stored, password) or stored is None:
        _note_failure(house, "login.failed", username, address)
        raise NotAuthenticated(
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            "The user name or password is wrong.",
            code="wrong_credentials",
        )
    return stored


def log_out(house: House, token: str, name: str) -> None:
    """End a browser's session."""
    now = house.clock.now()
    with house.database.write() as tx:
        accounts.close_session(tx, token, now)
        audit.append(tx, AuditEntry("logout", name, now))


def client_token(
    house: House, client_id: str, secret: str, address: str, scope: str = ""
) -> tuple[NewToken, str]:
    """A short-lived access token for a system (RFC 6749 section 4.4), and its scope.

    Raises:
        InvalidRequest: ``invalid_scope``: a purpose that was not granted.
        NotAuthenticated: wrong client or secret, or code ``too_many_attempts``.
    """
    now = house.clock.now()
    name = f"client:{client_id}"
    with house.database.write() as tx:
        throttle.attempt(tx, name, address, now)
        stored = accounts.client_secret_hash(tx, client_id)
    if not passwords.fits(stored, secret):
        _note_failure(house, "token.refused", name, address)
        raise NotAuthenticated(
            "Mã hệ thống hoặc khóa bí mật không đúng.",
            "The client id or secret is wrong.",
            code="invalid_client",
        )
    with house.database.write() as tx:
        throttle.succeeded(tx, name)
        try:
            kept = purposes.narrowed(tx, client_id, scope)
        except InvalidRequest as error:  # who it is was right: that must be kept
            refused = error
        else:
            detail = {"address": address, **({"scope": kept} if kept else {})}
            audit.append(tx, AuditEntry("token", client_id, now, detail=detail))
            granted = purposes.scope_of([one.stem for one in purposes.granted_to(tx, client_id)])
            made = accounts.issue_access_token(tx, client_id, now, ACCESS_TOKEN_LIFE, kept)
            return made, kept or granted
        entry = AuditEntry("token.refused", client_id, now, outcome="refused",
                           detail={"address": address, "code": "invalid_scope"})  # fmt: skip
        audit.append(tx, entry)
    raise refused


def _note_failure(house: House, event: str, name: str, address: str) -> None:
    now = house.clock.now()
    with house.database.write() as tx:
        throttle.failed(tx, address, now)
        entry = AuditEntry(event, name[:64], now, outcome="refused", detail={"address": address})
        audit.append(tx, entry)
