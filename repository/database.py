"""The catalogue's database: two engines, short transactions, migrations.

SQLite, measured with four threads of read-modify-write: the driver's default
loses three quarters of the updates silently; BEGIN IMMEDIATE loses none. So
writers take the write lock at the start (one connection a process, others
queue for it), readers run deferred and may not write at all.
"""

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from vocabulary.errors import MissingPart

BUSY_SECONDS: Final = 60
MIGRATIONS: Final = Path(__file__).parent / "migrations"


class Database:
    """Opens the catalogue at a SQLAlchemy URL (``sqlite:///path`` or ``postgresql+psycopg://``).

    Safe for many threads and, on one machine, many processes; a forked child
    opens its own connections. WAL needs a local disk, not a network share.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._thread = threading.local()
        try:
            parsed = make_url(url)
            parsed.get_dialect().import_dbapi()
        except (ArgumentError, ImportError) as error:
            raise MissingPart(
                "Không dùng được địa chỉ cơ sở dữ liệu: đặt SOHOA_DATABASE_URL=sqlite:///đường-dẫn.",
                "The catalogue's address cannot be used: set SOHOA_DATABASE_URL=sqlite:///path.",
            ) from error
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise MissingPart(
                    "Cơ sở dữ liệu SQLite cần một tệp: đặt SOHOA_DATABASE_URL=sqlite:///đường-dẫn.",
                    "The SQLite catalogue needs a file: set SOHOA_DATABASE_URL=sqlite:///path.",
                )
            self._writer = _sqlite_engine(url, immediate=True)
            self._reader = _sqlite_engine(url, immediate=False)
        else:
            self._writer = self._reader = create_engine(url, pool_pre_ping=True)
        _OPEN.add(self)

    def migrate(self) -> None:
        """Brings the tables to this version's form; several processes may call it at once.

        Raises:
            MissingPart: the database cannot be opened or written.
        """
        with _explained(self.url), self._writer.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the catalogue; nothing can be written through it."""
        with _explained(self.url), Session(self._reader, autoflush=False) as tx:
            try:
                yield tx
            finally:
                tx.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is on stable storage when the block ends, or never was.

        Keep it short and never open a second one inside: there is one writer at a time.

        Raises:
            MissingPart: the storage is full or may not be written.
        """
        if getattr(self._thread, "writes", False):
            raise RuntimeError("this thread has a write transaction open: it would wait for itself")
        self._thread.writes = True
        try:
            with _explained(self.url), Session(self._writer, autoflush=False) as tx, tx.begin():
                yield tx
        finally:
            self._thread.writes = False

    def close(self) -> None:
        """Closes all connections of this process."""
        self._writer.dispose()
        self._reader.dispose()

    def connection(self) -> Connection:
        """A reading connection for checks of the schema."""
        return self._reader.connect()

    def forget_connections(self) -> None:
        """In a forked child: the parent's connections are not ours, neither to use nor close."""
        self._writer.dispose(close=False)
        self._reader.dispose(close=False)


_OPEN: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _after_fork() -> None:
    for database in list(_OPEN):
        database.forget_connections()


os.register_at_fork(after_in_child=_after_fork)


def _sqlite_engine(url: str, *, immediate: bool) -> Engine:
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if immediate else {"pool_size": 8}
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_timeout=BUSY_SECONDS,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin by the statement below alone
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # accept = durable
        cursor.execute("PRAGMA foreign_keys=ON")
        if not immediate:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Says what to do where the storage, not the statement, is the trouble."""
    try:
        yield
    except OperationalError as error:
        said = str(error.orig).lower()
        where = make_url(url).render_as_string(hide_password=True)
        if "disk is full" in said:
            raise MissingPart(
                f"Ổ đĩa của cơ sở dữ liệu {where} đã đầy. Hãy giải phóng dung lượng rồi thử lại.",
                f"The disk of the catalogue {where} is full. Free some space and try again.",
            ) from error
        if any(word in said for word in ("unable to open", "readonly", "connect", "i/o error")):
            raise MissingPart(
                f"Không mở hoặc không ghi được cơ sở dữ liệu {where}. "
                "Hãy kiểm tra đường dẫn, quyền ghi và máy chủ.",
                f"The catalogue {where} cannot be opened or written. "
                "Check the path, the right to write and the server.",
            ) from error
        raise
