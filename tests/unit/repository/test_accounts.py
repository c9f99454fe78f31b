"""Accounts: only hashes are stored, and what is closed, revoked or over opens nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from repository import accounts
from repository.accounts import Account, Client
from repository.database import Database
from tests.unit.repository.paper import NOW, later
from vocabulary.errors import Conflict, InvalidRequest, NotFound

HASH = "$argon2id$stored"


def clerk(tx: Session, username: str = "clerk") -> Account:
    return accounts.create_account(tx, username, "Nguyễn Thị Thư", "clerk", HASH, NOW)


def test_a_user_name_is_one_person_in_any_case(database: Database) -> None:
    with database.write() as tx:
        made = clerk(tx, " Clerk ")
        assert made.username == "clerk"
        assert accounts.find_account(tx, "CLERK") == made
        assert accounts.password_hash_of(tx, "Clerk") == HASH
        with pytest.raises(Conflict):
            clerk(tx)
        assert accounts.list_accounts(tx) == [made]


def test_roles_and_names_are_checked(database: Database) -> None:
    with database.write() as tx:
        for username, role in [("x", "king"), ("", "clerk"), ("x" * 65, "clerk")]:
            with pytest.raises(InvalidRequest):
                accounts.create_account(tx, username, "A", role, HASH, NOW)  # type: ignore[arg-type]
        one = clerk(tx)
        accounts.set_role(tx, one.id, "officer")
        assert accounts.get_account(tx, one.id).role == "officer"
        with pytest.raises(InvalidRequest):
            accounts.set_role(tx, one.id, "king")  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            accounts.set_role(tx, "nobody", "clerk")


def test_nobody_has_no_password(database: Database) -> None:
    with database.read() as tx:
        assert accounts.password_hash_of(tx, "nobody") is None
        assert accounts.client_secret_hash(tx, "nobody") is None


def test_a_session_opens_with_its_token_until_it_ends(database: Database) -> None:
    with database.write() as tx:
        one = clerk(tx)
        made = accounts.open_session(tx, one.id, NOW, timedelta(hours=1))
        found = accounts.find_session(tx, made.token, later(59))
        assert found is not None
        assert (found.account.id, found.csrf, found.expires_at) == (one.id, made.csrf, later(60))
        assert found.account.last_login_at == NOW
        assert accounts.find_session(tx, made.token, later(60)) is None
        assert accounts.find_session(tx, made.csrf, later(1)) is None
        accounts.close_session(tx, made.token, later(1))
        assert accounts.find_session(tx, made.token, later(2)) is None


def test_no_secret_is_in_the_database_in_clear(database: Database) -> None:
    with database.write() as tx:
        one = clerk(tx)
        session = accounts.open_session(tx, one.id, NOW)
        personal = accounts.create_personal_token(tx, one.id, "script", NOW)
        accounts.create_client(tx, "portal", "Cổng", HASH, NOW)
        access = accounts.issue_access_token(tx, "portal", NOW)
    with database.read() as tx:
        stored = " ".join(
            str(row)
            for table in ("sessions", "personal_tokens", "access_tokens")
            for row in tx.execute(text(f"SELECT * FROM {table}"))
        )
    for secret in (session.token, personal.token, access.token):
        assert secret not in stored
        assert accounts.token_hash(secret) in stored


@pytest.mark.parametrize("act", ["close account", "change password"])
def test_closing_an_account_or_changing_the_password_ends_its_sessions(
    database: Database, act: str
) -> None:
    with database.write() as tx:
        one = clerk(tx)
        session = accounts.open_session(tx, one.id, NOW)
        token = accounts.create_personal_token(tx, one.id, "script", NOW)
        if act == "close account":
            accounts.set_active(tx, one.id, False, NOW)
            assert accounts.password_hash_of(tx, "clerk") is None
            accounts.set_active(tx, one.id, True, NOW)
            assert accounts.find_bearer(tx, token.token, NOW) is None
        else:
            accounts.set_password(tx, one.id, "new", NOW)
            assert accounts.password_hash_of(tx, "clerk") == "new"
        assert accounts.find_session(tx, session.token, NOW) is None


def test_personal_tokens_have_their_owners_rights_until_revoked_or_over(
    database: Database,
) -> None:
    with database.write() as tx:
        one, other = clerk(tx), clerk(tx, "other")
        endless = accounts.create_personal_token(tx, one.id, "script", NOW)
        short = accounts.create_personal_token(tx, one.id, "short", later(1), later(10))
        assert accounts.find_bearer(tx, endless.token, later(9_999_999)) == one
        assert accounts.find_bearer(tx, short.token, later(9)) == one
        assert accounts.find_bearer(tx, short.token, later(10)) is None
        assert [token.name for token in accounts.personal_tokens_of(tx, one.id)] == [
            "short",
            "script",
        ]
        with pytest.raises(NotFound):
            accounts.revoke_personal_token(tx, other.id, endless.id, NOW)
        for _ in range(2):
            accounts.revoke_personal_token(tx, one.id, endless.id, NOW)
        assert accounts.find_bearer(tx, endless.token, NOW) is None


def test_systems_get_short_tokens_while_they_are_active(database: Database) -> None:
    with database.write() as tx:
        made = accounts.create_client(tx, "portal", "Cổng", HASH, NOW)
        with pytest.raises(Conflict):
            accounts.create_client(tx, "portal", "Cổng", HASH, NOW)
        token = accounts.issue_access_token(tx, "portal", NOW, timedelta(minutes=15))
        found = accounts.find_bearer(tx, token.token, later(14))
        assert isinstance(found, Client)
        assert (found, found.role) == (made, "system")
        assert accounts.find_bearer(tx, token.token, later(15)) is None
        assert accounts.client_secret_hash(tx, "portal") == HASH
        accounts.set_client_active(tx, "portal", False)
        assert accounts.find_bearer(tx, token.token, later(1)) is None
        assert accounts.client_secret_hash(tx, "portal") is None


def test_an_unknown_token_is_nobodys(database: Database) -> None:
    with database.read() as tx:
        assert accounts.find_bearer(tx, "guess", NOW) is None
        assert accounts.find_session(tx, "guess", NOW) is None


def test_failures_are_counted_until_a_success(database: Database) -> None:
    with database.write() as tx:
        assert accounts.failures_of(tx, "clerk").failures == 0
        for count in range(1, 4):
            assert accounts.note_failure(tx, "clerk", later(count)).failures == count
        assert accounts.failures_of(tx, "clerk").last_at == later(3)
        assert accounts.failures_of(tx, "other").failures == 0
        accounts.clear_failures(tx, "clerk")
        assert accounts.failures_of(tx, "clerk").failures == 0
