"""The catalogue as portable lines: for backups, and to move to the other database.

A line is one row as JSON. What belongs to a moment and not to the archive
(sessions, leases, who is logging in) stays behind: people log in again, and
open work is asked for anew from the states of the documents.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, Integer, LargeBinary, Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from repository.schema import metadata
from repository.schema.base import Moment
from vocabulary.errors import Conflict, IntegrityFailure

_STAY: Final = frozenset(
    {
        "jobs",
        "job_pauses",
        "sessions",
        "login_failures",
        "installation",
        "workers",
        "object_holds",
        "fixity_checks",
    }  # these two say what holds of the objects in one store
)
_AT_ONCE: Final = 500


def tables() -> list[Table]:
    """The tables that are carried over, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in _STAY]


def lines_of(tx: Session, table: Table) -> Iterator[str]:
    """Every row of a table, one JSON object a line, keys in order."""
    names = [column.name for column in table.columns]
    for row in tx.execute(select(table)).yield_per(_AT_ONCE):
        yield _line(dict(zip(names, row, strict=True)))


class Digest:
    """One number for a set of lines, in whatever order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: str) -> None:
        """Takes one more line into account."""
        self.rows += 1
        hashed = hashlib.sha256(line.encode()).digest()
        self._sum = (self._sum + int.from_bytes(hashed, "big")) % 2**256

    def hex(self) -> str:
        """The number, in hexadecimal."""
        return f"{self._sum:064x}"


def digest_of(tx: Session, table: Table) -> Digest:
    """Of a table as it stands."""
    digest = Digest()
    for line in lines_of(tx, table):
        digest.add(line)
    return digest


def must_be_empty(tx: Session) -> None:
    """Makes sure that nothing would be written over.

    Raises:
        Conflict: ``not_empty``.
    """
    for table in tables():
        if tx.execute(select(func.count()).select_from(table)).scalar_one():
            raise Conflict(
                f"Nơi đến đã có dữ liệu (bảng {table.name}). Hãy chọn cơ sở dữ liệu trống.",
                f"The destination holds data already (table {table.name}). Choose an empty "
                "database.",
                code="not_empty",
            )


def take_in(tx: Session, table: Table, lines: Iterable[str], wanted: tuple[int, str]) -> None:
    """Writes the rows of one table, in the order of :func:`tables`.

    ``wanted``: number of lines and their digest.

    References of a table to itself are filled in at the end: the row that is
    referred to may come later.

    Raises:
        IntegrityFailure: the lines are not the ones ``wanted`` was made of.
    """
    found = Digest()
    inward = [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    later: list[tuple[dict[str, Any], dict[str, Any]]] = []
    batch: list[dict[str, Any]] = []
    for line in lines:
        found.add(line)
        row = _row(table, line)
        pointing = {one.name: row[one.name] for one in inward if row[one.name] is not None}
        if pointing:
            later.append(({one.name: row[one.name] for one in table.primary_key}, pointing))
            row |= dict.fromkeys(pointing)
        batch.append(row)
        if len(batch) == _AT_ONCE:
            tx.execute(insert(table), batch)
            batch = []
    if batch:
        tx.execute(insert(table), batch)
    for key, pointing in later:
        same = [table.c[name] == value for name, value in key.items()]
        tx.execute(update(table).where(*same).values(**pointing))
    if (found.rows, found.hex()) != wanted:
        raise IntegrityFailure(
            f"Bảng {table.name} trong bản sao không còn nguyên vẹn. Hãy dùng bản sao khác.",
            f"The table {table.name} of the copy is not intact. Use another copy.",
            table=table.name,
        )
    _go_on_counting(tx, table)


def _go_on_counting(tx: Session, table: Table) -> None:
    """PostgreSQL numbers rows by a counter that knows nothing of what was brought in."""
    if tx.get_bind().dialect.name != "postgresql":
        return
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or column.autoincrement is not True:
        return
    counter = tx.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": table.name, "column": column.name},
    ).scalar()
    if counter is not None:
        highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        tx.execute(select(func.setval(counter, highest, False)))


def _line(row: dict[str, Any]) -> str:
    return json.dumps(
        {name: _plain(value) for name, value in row.items() if value is not None},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value


def _row(table: Table, line: str) -> dict[str, Any]:
    said = json.loads(line)
    return {column.name: _typed(column.type, said.get(column.name)) for column in table.columns}


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value["base64"])
    return value
