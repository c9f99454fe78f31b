"""The tables of the catalogue (SQLAlchemy Core), written for SQLite and PostgreSQL alike.

The tables are made and changed by the migrations alone (repository/migrations);
a test holds both to be the same. Callers outside this room get frozen views,
never rows.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAMING: Final = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints need names to be changed later; SQLite gives none of its own."""


class Moment(TypeDecorator[datetime]):
    """A point in time, timezone-aware and in UTC on both sides (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonValue: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
metadata: Final = MetaData(naming_convention=NAMING)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


def _ref(name: str, target: str, **options: Any) -> Column[str]:
    return Column(name, String(32), ForeignKey(target), **options)


accounts: Final = Table(
    "accounts",
    metadata,
    _id(),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_login_at", Moment),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _ref("account_id", "accounts.id", nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

personal_tokens: Final = Table(
    "personal_tokens",
    metadata,
    _id(),
    _ref("account_id", "accounts.id", nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
)

clients: Final = Table(
    "clients",
    metadata,
    Column("client_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

access_tokens: Final = Table(
    "access_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("client_id", String(64), ForeignKey("clients.client_id"), nullable=False),
    Column("scope", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

login_failures: Final = Table(
    "login_failures",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)

subjects: Final = Table(
    "subjects",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
)

subject_identifiers: Final = Table(
    "subject_identifiers",
    metadata,
    Column("scheme", String(16), primary_key=True),
    Column("value", String(32), primary_key=True),
    _ref("subject_id", "subjects.id", nullable=False, index=True),
)

batches: Final = Table(
    "batches",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("declared_files", Integer),
    Column("declared_pages", Integer),
    Column("state", String(16), nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_by", String(64)),
    Column("closed_at", Moment),
)

documents: Final = Table(
    "documents",
    metadata,
    _id(),
    _ref("batch_id", "batches.id", index=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("bytes", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(32)),
    Column("note", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("status_note", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("page_count", Integer),
    Column("declared_pages", Integer),
    Column("type", String(64)),
    _ref("subject_id", "subjects.id", index=True),
    Column("number_symbol", Text),
    Column("issuer", Text),
    Column("issue_date", Date),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("scope", String(64)),
    Column("form", String(32)),
    _ref("duplicate_of", "documents.id"),
    Column("duplicate_choice", String(8)),
    _ref("superseded_by", "documents.id"),
    Column("confirmed_by", String(64)),
    Column("confirmed_at", Moment),
    Column("certified_at", Moment),
    Column("demo", Boolean, nullable=False),
    Column("metadata", JsonValue, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_documents_listing", "created_at", "id"),
    Index("ix_documents_state", "state"),
)

page_readings: Final = Table(
    "page_readings",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reading", LargeBinary, nullable=False),
    Column("words", Integer, nullable=False),
    Column("read_at", Moment, nullable=False),
)

fields: Final = Table(
    "fields",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", JsonValue),
    Column("needs_review", Boolean, nullable=False),
    Column("read_value", JsonValue),
    Column("changed_by", String(64)),
    Column("changed_at", Moment, nullable=False),
)

signatures: Final = Table(
    "signatures",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("record", JsonValue, nullable=False),
)

renditions: Final = Table(
    "renditions",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("bytes", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("made_by", JsonValue, nullable=False),
    Column("created_at", Moment, nullable=False),
)

document_events: Final = Table(
    "document_events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _ref("document_id", "documents.id", nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("detail", JsonValue, nullable=False),
)

jobs: Final = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("key", String(128), nullable=False),
    Column("payload", JsonValue, nullable=False),
    Column("state", String(8), nullable=False),
    Column("again", Boolean, nullable=False),
    Column("owner", String(300)),
    Column("attempt", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("error", Text),
    Column("lease_until", Moment),
    Column("run_after", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("kind", "key"),
    Index("ix_jobs_due", "state", "run_after"),
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
)

procedures: Final = Table(
    "procedures",
    metadata,
    Column("stem", String(8), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("code", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("body", JsonValue, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

dossiers: Final = Table(
    "dossiers",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("procedure", String(40), nullable=False),
    Column("stem", String(8), nullable=False),
    _ref("subject_id", "subjects.id", nullable=False, index=True),
    Column("received_at", Moment, nullable=False),
    Column("channel", String(8), nullable=False),
    Column("due_at", Moment),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index("ix_dossiers_listing", "created_at", "code"),
    Index("ix_dossiers_state", "state"),
)

dossier_ordinals: Final = Table(
    "dossier_ordinals",
    metadata,
    Column("organisation", String(35), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

dossier_papers: Final = Table(
    "dossier_papers",
    metadata,
    Column("dossier", String(64), ForeignKey("dossiers.code"), primary_key=True),
    Column("component", String(64), primary_key=True),  # "" for a result
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True, index=True),
    Column("source", String(16), nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("checked_by", String(64)),
    Column("checked_at", Moment),
)

supplement_requests: Final = Table(
    "supplement_requests",
    metadata,
    _id(),
    Column("dossier", String(64), ForeignKey("dossiers.code"), nullable=False, index=True),
    Column("components", JsonValue, nullable=False),
    Column("message", Text, nullable=False),
    Column("overridden", JsonValue, nullable=False),
    Column("override", JsonValue),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", Moment, nullable=False),
)

dossier_events: Final = Table(
    "dossier_events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("dossier", String(64), ForeignKey("dossiers.code"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("detail", JsonValue, nullable=False),
)

audit_log: Final = Table(
    "audit_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("occurred_at", Moment, nullable=False),
    Column("event_type", String(64), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("document_id", String(32), index=True),
    Column("subject_lookup", String(64), index=True),
    Column("outcome", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

idempotency_keys: Final = Table(
    "idempotency_keys",
    metadata,
    Column("caller", String(64), primary_key=True),
    Column("key", String(240), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("made", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
)
