"""Passwords as argon2id hashes.

Parameters are those of RFC 9106 section 4, second recommended option (64 MiB,
3 passes, 4 lanes), argon2-cffi's default; a hash made with older parameters is
made anew at the next successful login.
"""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST: Final = 1024
"""Characters of a password that are looked at; more is refused without hashing."""

_HASHER: Final = PasswordHasher()


def make_hash(password: str) -> str:
    """The argon2id hash to store, with its parameters and salt."""
    return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one behind the stored hash.

    ``None`` (no such account) costs the same time as a wrong password, so that
    the answer's time does not tell which names exist.
    """
    if len(password) > LONGEST:
        return False
    try:
        _HASHER.verify(stored if stored is not None else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return make_hash("a password that no account has")
