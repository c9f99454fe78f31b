"""Whether this version can use a catalogue: its server is not too old, its tables not too new."""

from typing import Final

import psycopg
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from vocabulary.errors import MissingPart

OLDEST_SERVER: Final = 13
"""The oldest PostgreSQL that the queue's engine and our statements were made for."""


def server_must_fit(connection: Connection) -> None:
    """Refuses a server that is too old; SQLite comes with Python and is new enough.

    Raises:
        MissingPart: ``database_too_old``.
    """
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, psycopg.Connection):
        return
    major = driver.info.server_version // 10_000
    if major < OLDEST_SERVER:
        raise MissingPart(
            f"Máy chủ PostgreSQL {major} quá cũ: cần {OLDEST_SERVER} trở lên. Hãy nâng cấp máy chủ "
            "rồi chạy lại.",
            f"PostgreSQL {major} is too old: {OLDEST_SERVER} or newer is needed. Upgrade the "
            "server, then run again.",
            code="database_too_old",
        )


def tables_must_be_known(connection: Connection, config: Config) -> None:
    """Refuses a catalogue that a newer version of the program has changed.

    Raises:
        MissingPart: ``catalogue_newer``.
    """
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        named = ", ".join(sorted(unknown))
        raise MissingPart(
            f"Danh mục đã được phiên bản mới hơn của chương trình sửa (dạng {named}). Hãy cài "
            "phiên bản mới trên máy này; đừng chạy bản cũ.",
            f"The catalogue has the form {named} of a newer version of this program. Install the "
            "newer version on this host; do not run the old one.",
            code="catalogue_newer",
        )
