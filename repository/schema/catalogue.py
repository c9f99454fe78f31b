"""People, batches, documents, jobs, procedures, the audit log."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from repository.schema.base import JsonValue, Moment, id_column, metadata, reference

accounts: Final = Table(
    "accounts",
    metadata,
    id_column(),
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
    reference("account_id", "accounts.id", nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

personal_tokens: Final = Table(
    "personal_tokens",
    metadata,
    id_column(),
    reference("account_id", "accounts.id", nullable=False, index=True),
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
    id_column(),
    Column("name", Text, nullable=False),
)

subject_identifiers: Final = Table(
    "subject_identifiers",
    metadata,
    Column("scheme", String(16), primary_key=True),
    Column("value", String(32), primary_key=True),
    reference("subject_id", "subjects.id", nullable=False, index=True),
)

batches: Final = Table(
    "batches",
    metadata,
    id_column(),
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
    id_column(),
    reference("batch_id", "batches.id", index=True),
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
    reference("subject_id", "subjects.id", index=True),
    Column("number_symbol", Text),
    Column("issuer", Text),
    Column("issue_date", Date),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("scope", String(64)),
    Column("form", String(32)),
    reference("duplicate_of", "documents.id"),
    Column("duplicate_choice", String(8)),
    reference("superseded_by", "documents.id"),
    Column("ends_with", String(32), index=True),
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
    Column("holds_until", Moment, index=True),
)

past_renditions: Final = Table(
    "past_renditions",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("made_by", JsonValue, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)

signing_tasks: Final = Table(
    "signing_tasks",
    metadata,
    id_column(),
    reference("document_id", "documents.id", nullable=False),
    Column("role", String(16), nullable=False),
    Column("how", String(16), nullable=False),
    Column("signer", Text, nullable=False),
    Column("certificate_sha256", String(64), nullable=False),
    Column("draft_sha256", String(64), nullable=False),
    Column("draft_bytes", Integer, nullable=False),
    Column("prepared", JsonValue, nullable=False),
    Column("kept", JsonValue, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("answer", LargeBinary),
    Column("answered_by", String(64)),
    Column("answered_at", Moment),
    UniqueConstraint("document_id", "role", name="uq_signing_tasks_document_id_role"),
    Index("ix_signing_tasks_waiting", "how", "answered_at", "created_at"),
)

document_events: Final = Table(
    "document_events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    reference("document_id", "documents.id", nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("detail", JsonValue, nullable=False),
)

jobs: Final = Table(
    "jobs",
    metadata,
    id_column(),
    Column("kind", String(32), nullable=False),
    Column("key", String(128), nullable=False),
    Column("payload", JsonValue, nullable=False),
    Column("state", String(8), nullable=False),
    Column("again", Boolean, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("share", String(64), nullable=False, server_default=""),
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
    Index("ix_jobs_due", "state", "priority", "run_after"),
    Index("ix_jobs_share", "share", "state"),
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
)

job_pauses: Final = Table(
    "job_pauses",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("since", Moment, nullable=False),
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

installation: Final = Table(
    "installation",
    metadata,
    id_column(),
    Column("state", String(16), nullable=False),
    Column("moved_to", Text),
    Column("secret_mark", String(64)),
    Column("created_at", Moment, nullable=False),
    Column("signs_since", Moment),
    CheckConstraint("state IN ('open', 'filling', 'moved')", name="state"),
)
"""One row: which installation this is. ``moved``: another one has taken over.

``signs_since``: when a host first began with the keys of both signatures."""
