"""Dossiers and what hangs on them; evidence for other systems; subjects linked and joined."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from repository.schema.base import JsonValue, Moment, id_column, metadata, reference

client_purposes: Final = Table(
    "client_purposes",
    metadata,
    Column("client_id", String(64), ForeignKey("clients.client_id"), primary_key=True),
    Column("stem", String(8), primary_key=True),
    Column("granted_at", Moment, nullable=False),
)

dossiers: Final = Table(
    "dossiers",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("procedure", String(40), nullable=False),
    Column("stem", String(8), nullable=False),
    reference("subject_id", "subjects.id", nullable=False, index=True),
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
    Column("cases", JsonValue),
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

result_codes: Final = Table(
    "result_codes",
    metadata,
    Column("code", String(200), primary_key=True),
    reference("document_id", "documents.id", nullable=False, index=True),
    Column("dossier", String(64), ForeignKey("dossiers.code")),
    Column("stem", String(200), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("given_at", Moment, nullable=False),
    Index("ix_result_codes_stem", "stem", "ordinal"),
)

supplement_requests: Final = Table(
    "supplement_requests",
    metadata,
    id_column(),
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

evidence_requests: Final = Table(
    "evidence_requests",
    metadata,
    id_column(),  # of the answer
    Column("client_id", String(64), ForeignKey("clients.client_id"), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("conversation_id", String(36), nullable=False),
    Column("answer", JsonValue, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("client_id", "request_id"),
)

evidence_links: Final = Table(
    "evidence_links",
    metadata,
    id_column(),
    reference("response_id", "evidence_requests.id", nullable=False, index=True),
    reference("document_id", "documents.id", nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

receipts: Final = Table(
    "receipts",
    metadata,
    id_column(),
    Column("owner", String(64), nullable=False),
    Column("body", JsonValue, nullable=False),
    Column("created_at", Moment, nullable=False),
)

copies: Final = Table(
    "copies",
    metadata,
    Column("code", String(12), primary_key=True),
    reference("document_id", "documents.id", index=True),
    Column("dossier", String(64), ForeignKey("dossiers.code"), index=True),
    Column("sha256", String(64)),
    Column("said", JsonValue, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    id_column(),
    Column("client_id", String(64), ForeignKey("clients.client_id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("events", JsonValue, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    id_column(),
    reference("subscription_id", "subscriptions.id", nullable=False, index=True),
    Column("event", String(32), nullable=False),
    Column("about", String(32), nullable=False),
    Column("body", JsonValue, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("last_answer", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    UniqueConstraint("subscription_id", "event", "about"),
)

subject_links: Final = Table(
    "subject_links",
    metadata,
    id_column(),
    reference("subject_id", "subjects.id", nullable=False, index=True),
    Column("scheme", String(16), nullable=False),
    Column("value", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("linked_by", String(64), nullable=False),
    Column("linked_at", Moment, nullable=False),
)

subject_merges: Final = Table(
    "subject_merges",
    metadata,
    id_column(),
    reference("kept", "subjects.id", nullable=False, index=True),
    reference("gone", "subjects.id", nullable=False, index=True),
    Column("identifiers", JsonValue, nullable=False),
    Column("documents", JsonValue, nullable=False),
    Column("dossiers", JsonValue, nullable=False),
    Column("reason", Text, nullable=False),
    Column("merged_by", String(64), nullable=False),
    Column("merged_at", Moment, nullable=False),
    Column("undone_by", String(64)),
    Column("undone_at", Moment),
)

evidence_previews: Final = Table(
    "evidence_previews",
    metadata,
    id_column(),
    Column("client_id", String(64), ForeignKey("clients.client_id"), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("conversation_id", String(36), nullable=False),
    Column("matter", String(64), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scheme", String(16), nullable=False),
    Column("subject_lookup", String(64), nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("case_ref", String(100), nullable=False),
    Column("legal_basis", JsonValue, nullable=False),
    Column("type", String(64), nullable=False),
    Column("documents", JsonValue, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("browser_hash", String(64)),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("decided_at", Moment),
    UniqueConstraint("client_id", "conversation_id"),
    Index("ix_evidence_previews_request", "client_id", "request_id"),
)
