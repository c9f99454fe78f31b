"""What keeps the service running: workers at work, open jobs counted without the finished ones."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, text

from repository.schema.base import JsonValue, Moment, metadata
from repository.schema.catalogue import jobs

workers: Final = Table(
    "workers",
    metadata,
    Column("owner", String(300), primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("busy", Integer, nullable=False),
    Column("totals", JsonValue, nullable=False),
)

OPEN_JOBS: Final = text("state <> 'done'")
"""As the index has it: with a bound value in place of the word SQLite could not use the index."""

Index(
    "ix_jobs_open",
    jobs.c.kind,
    jobs.c.state,
    jobs.c.run_after,
    sqlite_where=OPEN_JOBS,
    postgresql_where=OPEN_JOBS,
)
