"""The generated catalogue on a PostgreSQL server of the bench's own, durable as an office's."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.report import say
from repository.database import Database
from repository.schema import metadata
from tests.servers.postgresql import PostgreSql


@contextmanager
def on_postgresql(catalogue: Path) -> Iterator[str]:
    """The address of a copy of a SQLite catalogue; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="sohoa-bench-"))
    folder.chmod(0o755)
    cluster = PostgreSql(folder, durable=True)
    try:
        url = cluster.database()
        database = Database(url)
        database.migrate()
        database.close()
        _copy(catalogue, url.replace("+psycopg", ""))
        yield url
    finally:
        cluster.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _copy(catalogue: Path, address: str) -> None:
    with sqlite3.connect(catalogue) as lite, psycopg.connect(address) as server:
        server.execute("SET timezone = 'UTC'")
        server.execute("SET session_replication_role = replica")
        server.execute(f"TRUNCATE {', '.join(metadata.tables)}")
        for table in metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = lite.execute(f"SELECT {names} FROM {table.name}")
            say(f"copying {table.name} ...")
            with server.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        server.commit()
        server.autocommit = True
        server.execute("ANALYZE")
    lite.close()
