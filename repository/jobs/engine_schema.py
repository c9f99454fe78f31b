"""Procrastinate's own tables in the catalogue's database, made and brought up to date.

The engine ships its schema and one file a change; which of them a database has
is kept in a table beside, because the engine itself does not remember.
"""

from pathlib import Path
from typing import Final

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from repository.database import Database
from vocabulary.errors import UsageError

_THERE: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_OURS: Final = text(
    "CREATE TABLE IF NOT EXISTS job_engine_changes (name text PRIMARY KEY, "
    "made_at timestamptz NOT NULL DEFAULT now())"
)
_INDEXES: Final = (
    "CREATE INDEX IF NOT EXISTS sohoa_share ON procrastinate_jobs ((args ->> 'share'), status)",
    "CREATE INDEX IF NOT EXISTS sohoa_failed ON procrastinate_jobs (id) WHERE status = 'failed'",
)


def prepare(database: Database) -> None:
    """Makes or renews the engine's tables; hosts that start together do it once.

    Raises:
        UsageError: the catalogue is not on PostgreSQL.
        MissingPart: the database cannot be reached.
    """
    if not database.url.startswith("postgresql"):
        raise UsageError(
            "SOHOA_JOBS=procrastinate cần cơ sở dữ liệu PostgreSQL: đặt SOHOA_DATABASE_URL, "
            "hoặc bỏ SOHOA_JOBS.",
            "SOHOA_JOBS=procrastinate needs PostgreSQL: set SOHOA_DATABASE_URL, or leave "
            "SOHOA_JOBS out.",
        )
    with database.migrating() as connection:
        changes = sorted(path.name for path in _folder().glob("*.sql"))
        there = connection.execute(_THERE).scalar_one()
        connection.execute(_OURS)
        if not there:
            _run(connection, SchemaManager.get_schema())
            _note(connection, changes)
        else:
            _catch_up(connection, changes)
        for statement in _INDEXES:
            connection.execute(text(statement))


def _catch_up(connection: Connection, changes: list[str]) -> None:
    known = set(connection.execute(text("SELECT name FROM job_engine_changes")).scalars())
    new = [name for name in changes if name not in known]
    for name in new:
        _run(connection, (_folder() / name).read_text("utf-8"))
    _note(connection, new)


def _note(connection: Connection, names: list[str]) -> None:
    for name in names:
        connection.execute(text("INSERT INTO job_engine_changes (name) VALUES (:n)"), {"n": name})


def _folder() -> Path:
    return Path(SchemaManager.get_migrations_path())


def _run(connection: Connection, script: str) -> None:
    """A script of many statements, past the layer that would look for values in it."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(script.encode())
