"""What is kept how long: schedule, holds, disposals, and what the fixity sweep found."""

from typing import Final

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from repository.schema.base import JsonValue, Moment, id_column, metadata, reference

retention_rules: Final = Table(
    "retention_rules",
    metadata,
    Column("type", String(64), primary_key=True),  # "*" for every type without a rule of its own
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("years", Integer),  # NULL: for ever
    Column("counts_from", String(16), nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("note", Text, nullable=False),
)

legal_holds: Final = Table(
    "legal_holds",
    metadata,
    id_column(),
    Column("scope", String(16), nullable=False),
    Column("target", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("placed_by", String(64), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("lifted_by", String(64)),
    Column("lifted_at", Moment),
    Column("lift_reason", Text),
    Index("ix_legal_holds_target", "scope", "target"),
)

object_holds: Final = Table(
    "object_holds",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("set_at", Moment, nullable=False),
)
"""Objects that were put under hold in the store: a fact of this store, not of the archive."""

disposals: Final = Table(
    "disposals",
    metadata,
    id_column(),
    Column("state", String(16), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("more", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("drafted_by", String(64), nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_at", Moment),
    Column("receipt_sha256", String(64)),
    Column("receipt_bytes", Integer),
    Column("run_by", String(64)),
    Column("ended_at", Moment),
    Column("note", Text, nullable=False),
    Index("ix_disposals_listing", "drafted_at", "id"),
)

disposal_entries: Final = Table(
    "disposal_entries",
    metadata,
    Column("disposal_id", String(32), ForeignKey("disposals.id"), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True, index=True),
    Column("state", String(8), nullable=False),
    Column("said", JsonValue, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

object_removals: Final = Table(
    "object_removals",
    metadata,
    Column("sha256", String(64), primary_key=True),
    reference("document_id", "documents.id", primary_key=True),
    reference("disposal_id", "disposals.id", nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("at", Moment, nullable=False),
)

FAILED: Final = text("state <> 'ok'")

fixity_checks: Final = Table(
    "fixity_checks",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("checked_at", Moment),
    Column("state", String(8), nullable=False),
    Column("claimed_at", Moment),
    Index("ix_fixity_checks_checked_at", "checked_at"),
    Index("ix_fixity_checks_failed", "state", sqlite_where=FAILED, postgresql_where=FAILED),
)
"""What was found of each object, and when: a fact of this store, not of the archive."""
