"""Passwords, pauses after failures, and where a login may lead."""

from datetime import UTC, datetime, timedelta

import pytest

from api.auth import passwords, throttle
from api.auth.callers import session_token
from api.web.login_pages import _inside
from repository.accounts import LoginFailures

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_password_fits_its_own_hash_alone() -> None:
    stored = passwords.make_hash("mật khẩu")
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, "mật khẩu")
    assert not passwords.fits(stored, "mat khau")
    assert not passwords.fits(None, "mật khẩu")
    assert not passwords.fits(stored, "x" * 5000)
    assert not passwords.outdated(stored)


def test_a_hash_of_other_parameters_is_outdated() -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("mật khẩu")
    assert passwords.fits(weak, "mật khẩu")
    assert passwords.outdated(weak)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (8, 8), (14, 512), (40, 900)]
)
def test_every_failure_after_the_free_ones_doubles_the_pause(failures: int, seconds: int) -> None:
    found = throttle.pause(LoginFailures(failures, NOW), throttle.FREE, NOW)
    assert found == timedelta(seconds=seconds)


def test_the_pause_runs_out() -> None:
    later = NOW + timedelta(seconds=3)
    assert throttle.pause(LoginFailures(6, NOW), throttle.FREE, later) < timedelta()


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/documents?state=done", "/documents?state=done"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
        ("/login?next=/login", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_a_page_of_ours_alone(asked: str, led: str) -> None:
    assert _inside(asked) == led


def test_a_mangled_cookie_is_no_cookie() -> None:
    assert session_token({"cookie": "sohoa_session=abc; other=1"}) == "abc"
    assert session_token({"cookie": ";;;=\x00"}) is None
    assert session_token({}) is None
