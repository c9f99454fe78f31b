"""Whether this version can use a catalogue as it is: its server, and the form of its tables."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from vocabulary.errors import MissingPart

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""Each change of the tables is a file, named by its number: ``v0017_what_it_does.py``."""

OLDEST_SERVER: Final = 13
"""The oldest PostgreSQL that the queue's engine and our statements were made for."""


def server_must_fit(connection: Connection) -> None:
    """Refuses a server that is too old; SQLite comes with Python and is new enough.

    Raises:
        MissingPart: ``database_too_old``.
    """
    if connection.dialect.name != "postgresql":
        return
    driver: Any = connection.connection.dbapi_connection
    major = driver.info.server_version // 10_000
    if major < OLDEST_SERVER:
        raise MissingPart(
            f"Máy chủ PostgreSQL {major} quá cũ: cần {OLDEST_SERVER} trở lên. Hãy nâng cấp máy chủ "
            "rồi chạy lại.",
            f"PostgreSQL {major} is too old: {OLDEST_SERVER} or newer is needed. Upgrade the "
            "server, then run again.",
            code="database_too_old",
        )


def are_of_this_version(connection: Connection) -> bool:
    """Whether the tables have the newest migration's form, as nearly every start finds them."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    form = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    newest = max((MIGRATIONS / "versions").glob("v[0-9]*.py")).name
    return form == [newest[1:5]]
