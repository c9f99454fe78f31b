"""The catalogue's database: short transactions, one writer at a time, migrations.

Rules that span rows ("the first of these", "not yet used", the audit chain)
hold because writers that read and then write come one after another: SQLite's
write lock, PostgreSQL's advisory lock. Writes that a single row's lock makes
safe may go side by side (``write(alone=False)``). Readers may not write at all.
"""

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from repository.database_engines import postgresql_engines, sqlite_engines
from repository.database_fits import are_of_this_version, server_must_fit
from repository.database_troubles import explained
from repository.glimpse import Glimpse, OfSession, of_server
from repository.together import last_answer
from vocabulary.errors import Conflict, UsageError

_WRITERS: Final = 0x50B0A001
"""PostgreSQL's advisory lock of those who write alone; "so hoa" in a number."""
_MIGRATORS: Final = 0x50B0A002


_ALONE: Final = text("SELECT pg_advisory_xact_lock(:key)")
_LOOK: Final = "SELECT coalesce(moved_to, '') FROM installation WHERE state = 'moved'"
_MOVED: Final = text(_LOOK)
_IDLE_MS: Final = 20_000
"""A writer that says nothing for so long was stopped or cut off in the middle, and all others
wait for it: the server ends its transaction. Nothing of it was written."""

_NOT_IDLE: Final = "SELECT set_config('idle_in_transaction_session_timeout', '{}', true)"
_LOCK: Final = f"SELECT pg_advisory_xact_lock({_WRITERS})"


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
            raise UsageError(
                "Không dùng được địa chỉ cơ sở dữ liệu: đặt SOHOA_DATABASE_URL=sqlite:///đường-dẫn.",
                "The catalogue's address cannot be used: set SOHOA_DATABASE_URL=sqlite:///path.",
            ) from error
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise UsageError(
                    "Cơ sở dữ liệu SQLite cần một tệp: đặt SOHOA_DATABASE_URL=sqlite:///đường-dẫn.",
                    "The SQLite catalogue needs a file: set SOHOA_DATABASE_URL=sqlite:///path.",
                )
            self._writer, self._reader = sqlite_engines(url)
            self._glancer = self._reader
        else:
            self._writer, self._reader = postgresql_engines(url)
            self._glancer = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        self._one_file = parsed.get_backend_name() == "sqlite"
        _OPEN.add(self)

    def migrate(self) -> None:
        """Brings the tables to this version's form; several processes may call it at once.

        Raises:
            MissingPart: the database cannot be opened or written, its server is too old
                (``database_too_old``), its tables are of a newer version
                (``catalogue_newer``).
        """
        with self.migrating() as connection:
            server_must_fit(connection)
            if not are_of_this_version(connection):
                from repository import changing_form  # loading it costs as much as all the rest

                changing_form.upgrade(connection)

    def downgrade(self, revision: str) -> None:
        """Takes the tables back to an earlier form (``base``: none); what they cannot hold is lost.

        Raises:
            MissingPart: the database cannot be opened or written.
        """
        from repository import changing_form

        with self.migrating() as connection:
            changing_form.downgrade(connection, revision)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction for changes of tables; of processes that start together, one at a time."""
        with explained(self.url), self._writer.begin() as connection:
            if not self._one_file:
                connection.execute(_ALONE, {"key": _MIGRATORS})
            yield connection

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the catalogue; nothing can be written through it."""
        with explained(self.url), Session(self._reader, autoflush=False) as tx:
            yield tx
            tx.commit()  # nothing was written; a ROLLBACK has the driver forget what is prepared

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """For a single statement, which needs no transaction to be consistent.

        Two trips to a server less; on a file the same as :meth:`read`.
        """
        with explained(self.url), Session(self._glancer, autoflush=False) as tx:
            yield tx

    @contextmanager
    def glimpse(self) -> Iterator[Glimpse]:
        """As :meth:`read`, for questions that are asked often; on a server in fewer ways."""
        if self._one_file:
            with self.read() as tx:
                yield OfSession(tx)
            return
        with explained(self.url), of_server(self._glancer) as glimpse:
            yield glimpse

    @contextmanager
    def write(self, *, alone: bool = True, slow: bool = False) -> Iterator[Session]:
        """A transaction that is on stable storage when the block ends, or never was.

        Keep it short and never open a second one inside: there is one writer at a time.

        Args:
            alone: no other such writer runs meanwhile, so what was read still holds when
                it is written. Without it (PostgreSQL only; SQLite has one writer) the
                caller first locks the one row that decides, and appends nothing to the
                audit chain.
            slow: other things are done between the statements (objects are copied), so
                the server does not take a silent writer for a dead one.

        Raises:
            MissingPart: the storage is full or may not be written.
            Conflict: ``moved``: another installation has taken over, this one is for reading.
        """
        if getattr(self._thread, "writes", False):
            raise RuntimeError("this thread has a write transaction open: it would wait for itself")
        self._thread.writes = True
        try:
            with explained(self.url), Session(self._writer, autoflush=False) as tx, tx.begin():
                moved = self._take_turn(tx, alone, slow)
                if moved is not None:
                    raise _gone(moved)
                yield tx
        finally:
            self._thread.writes = False

    def _take_turn(self, tx: Session, alone: bool, slow: bool) -> str | None:
        """Waits for this writer's turn, in one trip; where the office has moved to, if it has."""
        row: Sequence[Any] | None
        if self._one_file:
            row = tx.execute(_MOVED).one_or_none()
        else:
            # Statements, not one: each sees what the lock's last holder left.
            limit = [] if slow else [_NOT_IDLE.format(_IDLE_MS)]
            said = [*limit, *([_LOCK] if alone else []), _LOOK]
            row = last_answer(tx, said)
        return None if row is None else str(row[0])

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


def _gone(to: str) -> Conflict:
    return Conflict(
        f"Dữ liệu này đã chuyển sang {to}; ở đây chỉ còn để đọc. Hãy dùng thiết lập của hệ mới.",
        f"This data has moved to {to}; here it can only be read. Use the new settings.",
        code="moved",
    )
