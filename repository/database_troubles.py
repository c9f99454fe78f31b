"""What the database's errors mean where the storage, not the statement, is the trouble."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vocabulary.errors import MissingPart

_FULL: Final = ("disk is full", "no space left", "could not extend file")
_REFUSED: Final = (
    "password authentication failed", "no password supplied", "no pg_hba.conf entry",
    "does not exist\n", "permission denied",
)  # fmt: skip
_AWAY: Final = (
    "unable to open", "readonly", "read-only", "i/o error", "connect", "starting up",
    "shutting down", "recovery mode", "too many clients", "name resolution", "terminat",
)  # fmt: skip
_NO_DATABASE: Final = re.compile('database "[^"]*" does not exist')
_BUSY: Final = ("lock timeout", "statement timeout", "database is locked", "deadlock")


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turns troubles of the server or the disk into sentences that say what to do.

    Raises:
        MissingPart: full disk, server away or refusing, or so busy that it gave up.
    """
    try:
        yield
    except PoolTimeout as error:
        raise _busy(url) from error
    except (OperationalError, InternalError) as error:
        said = f"{error.orig}\n".lower()
        if any(word in said for word in _FULL):
            raise _full(url) from error
        if error.connection_invalidated or any(word in said for word in _AWAY):
            raise _not_let_in(url, said) from error
        if any(word in said for word in _BUSY):
            raise _busy(url) from error
        raise


def _not_let_in(url: str, said: str) -> MissingPart:
    if _NO_DATABASE.search(said):
        return _missing(url)
    return _refused(url) if any(word in said for word in _REFUSED) else _away(url)


def _where(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _full(url: str) -> MissingPart:
    where = _where(url)
    return MissingPart(
        f"Ổ đĩa của cơ sở dữ liệu {where} đã đầy. Hãy giải phóng dung lượng rồi thử lại.",
        f"The disk of the catalogue {where} is full. Free some space and try again.",
    )


def _away(url: str) -> MissingPart:
    where = _where(url)
    return MissingPart(
        f"Không mở hoặc không ghi được cơ sở dữ liệu {where}. "
        "Hãy kiểm tra đường dẫn, quyền ghi và máy chủ.",
        f"The catalogue {where} cannot be opened or written. "
        "Check the path, the right to write and the server.",
        code="database_unreachable",
    )


def _refused(url: str) -> MissingPart:
    where = _where(url)
    return MissingPart(
        f"Máy chủ cơ sở dữ liệu {where} không cho đăng nhập. Hãy kiểm tra tên, mật khẩu "
        "(SOHOA_DATABASE_PASSWORD_FILE), tên cơ sở dữ liệu và pg_hba.conf.",
        f"The database server {where} refuses the login. Check the name, the password "
        "(SOHOA_DATABASE_PASSWORD_FILE), the database's name and pg_hba.conf.",
        code="database_refused",
    )


def _missing(url: str) -> MissingPart:
    parsed = make_url(url)
    name, user = parsed.database, parsed.username
    return MissingPart(
        f"Máy chủ cơ sở dữ liệu chưa có cơ sở dữ liệu «{name}». Hãy tạo nó (createdb -E UTF8 "
        f"-O {user} {name}) hoặc sửa tên trong SOHOA_DATABASE_URL ({_where(url)}).",
        f"The database server has no database {name!r}. Make it (createdb -E UTF8 -O {user} "
        f"{name}), or correct the name in SOHOA_DATABASE_URL ({_where(url)}).",
        code="database_missing",
    )


def _busy(url: str) -> MissingPart:
    where = _where(url)
    return MissingPart(
        f"Cơ sở dữ liệu {where} quá bận. Hãy thử lại sau ít phút; nếu còn, xem các phiên treo.",
        f"The catalogue {where} is too busy. Try again soon; if it stays so, look for stuck "
        "sessions.",
        code="database_busy",
    )
