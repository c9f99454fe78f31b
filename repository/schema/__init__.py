"""The tables of the catalogue (SQLAlchemy Core), written for SQLite and PostgreSQL alike.

The tables are made and changed by the migrations alone (repository/migrations);
a test holds both to be the same. Callers outside this room get frozen views,
never rows.
"""

from repository.schema.base import JsonValue, Moment, metadata
from repository.schema.cases import (
    client_purposes,
    dossier_events,
    dossier_ordinals,
    dossier_papers,
    dossiers,
    evidence_links,
    evidence_requests,
    receipts,
    supplement_requests,
)
from repository.schema.catalogue import (
    access_tokens,
    accounts,
    audit_log,
    batches,
    clients,
    document_events,
    documents,
    fields,
    idempotency_keys,
    jobs,
    login_failures,
    page_readings,
    personal_tokens,
    procedures,
    renditions,
    sessions,
    signatures,
    subject_identifiers,
    subjects,
)

__all__ = [
    "JsonValue",
    "Moment",
    "access_tokens",
    "accounts",
    "audit_log",
    "batches",
    "client_purposes",
    "clients",
    "document_events",
    "documents",
    "dossier_events",
    "dossier_ordinals",
    "dossier_papers",
    "dossiers",
    "evidence_links",
    "evidence_requests",
    "fields",
    "idempotency_keys",
    "jobs",
    "login_failures",
    "metadata",
    "page_readings",
    "personal_tokens",
    "procedures",
    "receipts",
    "renditions",
    "sessions",
    "signatures",
    "subject_identifiers",
    "subjects",
    "supplement_requests",
]
