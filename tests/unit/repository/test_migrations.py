"""Changes of the tables, up and down, on both databases, with rows in them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Date, Integer, LargeBinary, MetaData, Table, inspect, select, text
from sqlalchemy.orm import Session

from repository.database import Database
from repository.database_fits import MIGRATIONS
from repository.schema import metadata
from repository.schema.base import Moment

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
_CHOICES = {("jobs", "state"): "waiting", ("installation", "state"): "open"}


def revisions() -> list[str]:
    """From the newest to the first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def fill(tx: Session) -> None:
    """One row into each table."""
    for table in metadata.sorted_tables:
        if table.name != "installation":  # that one is there from the start
            tx.execute(table.insert(), [a_row(table)])


def a_row(table: Table) -> dict[str, Any]:
    """One row that the table takes; references go to the one row of the other table."""
    return {
        column.name: _value(table, column)
        for column in table.columns
        if not (
            column.primary_key and isinstance(column.type, Integer) and column.autoincrement is True
        )
    }


def _value(table: Table, column: Any) -> Any:
    if (table.name, column.name) in _CHOICES:
        return _CHOICES[table.name, column.name]
    for key in column.foreign_keys:
        other = key.column.table
        return None if other is table else _value(other, key.column)
    if isinstance(column.type, Moment):
        return NOW
    kind = column.type
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, Date):
        return date(2026, 11, 23)
    if isinstance(kind, LargeBinary):
        return b"\x00\xff"
    if type(kind).__name__ in ("JSON", "JSONB", "Variant"):
        return {"tên": "Nguyễn Thị Ánh"}
    return f"đ{column.name}"[: getattr(kind, "length", None) or 20]


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """What stands in each table that is there, in the columns that are there."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.connection() as connection:
        there = MetaData()
        there.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name in there.tables:
                known = [c for c in table.columns if c.name in there.tables[table.name].columns]
                found[table.name] = [
                    dict(row._mapping) for row in connection.execute(select(*known))
                ]
    return found


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_every_change_can_be_taken_back_and_made_again_with_rows_in_the_tables(
    database: Database,
) -> None:
    with database.write() as tx:
        fill(tx)
    full = rows(database)
    assert all(full.values())
    newest, *older = revisions()
    for below in [*older, "base"]:
        before = rows(database)
        database.downgrade(below)
        after = rows(database)
        for name, kept in after.items():
            assert len(kept) == len(before[name]) == 1, f"{name} lost its row on the way to {below}"
    with database.connection() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.migrate()
    with database.read() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest
    assert {name for name, kept in rows(database).items() if kept} == {"installation"}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_rows_of_an_older_version_are_there_after_the_change(database: Database) -> None:
    """An office that comes from the version before finds all that it had."""
    with database.write() as tx:
        fill(tx)
    full = rows(database)
    for below in revisions()[1:]:
        database.downgrade(below)
        kept = rows(database)
        database.migrate()
        again = rows(database)
        for name, old in kept.items():
            assert len(again[name]) == len(old)
            assert {**again[name][0], **old[0]} == again[name][0]
        assert set(again) == set(full)
