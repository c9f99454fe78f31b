"""From a request's credentials to who is calling.

A bearer token (a person's own, or a system's by client credentials) counts
before the session cookie; wrong credentials are refused, never ignored.
"""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from api.access import Identity, Role
from api.auth import scraping
from ingest.house import House
from repository import accounts
from repository.accounts import Account, Client, WebSession
from vocabulary.errors import NotAuthenticated

COOKIE: Final = "sohoa_session"


def identify(house: House, headers: Mapping[str, str]) -> Identity | None:
    """Who is calling; None where no credentials came, or the session has ended.

    Raises:
        NotAuthenticated: a bearer token is wrong, revoked or too old.
    """
    given = headers.get("authorization")
    if given is not None:
        return _bearer(house, given)
    token = session_token(headers)
    if token is None:
        return None
    with house.database.glance() as tx:
        session = accounts.find_session(tx, token, house.clock.now())
    return None if session is None else of_session(session)


def scraper(token: bytes | None, path: str, headers: Mapping[str, str]) -> Identity | None:
    """Prometheus with the office's token: it may read the figures and nothing else."""
    if path != "/metrics" or not scraping.shows(token, headers.get("authorization", "")):
        return None
    return Identity("metrics", "metrics", "Prometheus", frozenset({Role.SYSTEM}), "token")


def session_token(headers: Mapping[str, str]) -> str | None:
    """The session cookie of a browser."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def of_session(session: WebSession) -> Identity:
    """The person behind a browser session."""
    account = session.account
    return Identity(
        account_id=account.id,
        name=account.username,
        display_name=account.name,
        roles=frozenset({Role(account.role)}),
        via="session",
        csrf=session.csrf,
    )


def _bearer(house: House, given: str) -> Identity:
    scheme, _, token = given.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        with house.database.glance() as tx:
            found = accounts.find_bearer(tx, token.strip(), house.clock.now())
        if found is not None:
            return _of_bearer(found)
    raise NotAuthenticated(
        "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy lấy mã mới.",
        "The bearer token is wrong, expired or revoked. Get a new one.",
        code="invalid_token",
    )


def _of_bearer(found: Account | Client) -> Identity:
    if isinstance(found, Client):
        return Identity(
            found.client_id,
            found.client_id,
            found.name,
            frozenset({Role.SYSTEM}),
            "client",
            scope=found.scope,
        )
    return Identity(found.id, found.username, found.name, frozenset({Role(found.role)}), "token")
