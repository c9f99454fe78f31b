"""Engines of the two databases: how connections begin, and what they may do.

SQLite, measured with four threads of read-modify-write: the driver's default
loses three quarters of the updates silently; BEGIN IMMEDIATE loses none.
"""

import select
import sqlite3
import time
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

BUSY_SECONDS: Final = 60
_AGAIN_SECONDS: Final = 0.01
_CONNECT_SECONDS: Final = 5
_STATEMENT_MS: Final = 120_000
"""A statement that takes longer is lost; nothing here should take a tenth of it."""
_TRUSTED_SECONDS: Final = 30.0
"""How long a connection may lie unused before it is asked whether it lives."""
_SILENT_S: Final = 20
"""Seconds without a sign from the other end of a connection until either end gives it up.

The system's own limits are a quarter of an hour for who sends and two hours for who
waits: so long a host without network would hang, and the locks that it held would keep all
others from writing.
"""


def sqlite_engines(url: str) -> tuple[Engine, Engine]:
    """(writer, reader): writers queue in the process and take the file's lock at the start."""
    return _sqlite_engine(url, immediate=True), _sqlite_engine(url, immediate=False)


def postgresql_engines(url: str) -> tuple[Engine, Engine]:
    """(writer, reader) over one pool; the reader sees one moment and may write nothing."""
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=40,  # as many as FastAPI's threads: none waits for a connection
        pool_timeout=BUSY_SECONDS,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "sohoa",
            "options": f"-c statement_timeout={_STATEMENT_MS} -c timezone=UTC "
            f"-c lock_timeout={BUSY_SECONDS * 1000} -c jit=off {watched_there()}",
            **watched_here(),
        },
    )
    event.listen(engine, "checkin", _lies_unused)
    event.listen(engine, "checkout", _still_there)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine, reader


def _lies_unused(_connection: Any, record: Any) -> None:
    record.info["unused_since"] = time.monotonic()


def _still_there(connection: Any, record: Any, _proxy: Any) -> None:
    """A restarted server costs a reconnect, not an error; asking it each time would cost a trip.

    A server that ends a connection sends a word or closes the socket, which is seen here
    without asking. A way that went silently is found by asking after a while unused.

    Raises:
        DisconnectionError: the pool opens another connection.
    """
    unused_since = record.info.get("unused_since")
    if unused_since is None:
        return
    if connection.closed:
        raise DisconnectionError
    said_something = select.poll()
    said_something.register(connection.fileno(), select.POLLIN)
    if said_something.poll(0) or time.monotonic() - unused_since > _TRUSTED_SECONDS:
        _ask(connection)


def _ask(connection: Any) -> None:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except connection.OperationalError as error:
        raise DisconnectionError from error


def watched_here() -> dict[str, int]:
    """Options of a connection (libpq): this end notices when the other is gone."""
    return {
        "keepalives_idle": _SILENT_S // 2,
        "keepalives_interval": _SILENT_S // 4,
        "keepalives_count": 2,
        "tcp_user_timeout": _SILENT_S * 1000,
    }


def watched_there() -> str:
    """The same for the server's end, which would keep the locks of a host that is gone."""
    return (
        f"-c tcp_keepalives_idle={_SILENT_S // 2} -c tcp_keepalives_interval={_SILENT_S // 4} "
        f"-c tcp_keepalives_count=2 -c tcp_user_timeout={_SILENT_S * 1000}"
    )


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Of processes that open a new file together one changes its mode, the others try again.

    SQLite's own waiting does not cover this: who waits would keep the other from changing it.
    """
    given_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > given_up:
                raise
            time.sleep(_AGAIN_SECONDS)


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
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # accept = durable
        cursor.execute("PRAGMA foreign_keys=ON")
        if not immediate:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
