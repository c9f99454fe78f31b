"""Links of the API's description: which calls take the id that a call has made (OpenAPI 3.1)."""

from typing import Any, Final

_ID: Final = "$response.body#/id"
_MADE: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("/v1/documents", "201", "/v1/documents/{document_id}", "document_id", _ID),
    ("/v1/batches", "201", "/v1/batches/{batch_id}", "batch_id", _ID),
    ("/v1/dossiers", "201", "/v1/dossiers/{code}", "code", "$response.body#/code"),
    ("/v1/subscriptions", "201", "/v1/subscriptions/{subscription_id}", "subscription_id", _ID),
    ("/v1/holds", "201", "/v1/holds/{hold_id}", "hold_id", _ID),
    ("/v1/disposals", "201", "/v1/disposals/{disposal_id}", "disposal_id", _ID),
    ("/v1/documents/{document_id}/copies", "201", "/v1/copies/{code}", "code",
     "$response.body#/code"),
    ("/v1/documents/{document_id}/copies", "201", "/verify/{code}", "code",
     "$response.body#/code"),
    ("/v1/evidence-requests", "200", "/v1/evidence-requests/{request_id}", "request_id",
     "$response.body#/request_id"),
    ("/v1/evidence-requests", "200", "/v1/evidence/{evidence_id}", "evidence_id",
     "$response.body#/evidence/0/id"),
    ("/v1/evidence-requests", "200", "/v1/receipts/{receipt_id}", "receipt_id",
     "$response.body#/receipt/receipt_id"),
)  # fmt: skip
"""A POST, its status, the addresses that go on from it, their parameter, where its value is."""


def add_links(schema: dict[str, Any]) -> None:
    """Name, beside each answer that makes something, the calls that go on with it."""
    for made_at, status, begins, parameter, value in _MADE:
        answer = schema["paths"][made_at]["post"]["responses"][status]
        for path, operations in schema["paths"].items():
            if path == begins or path.startswith(f"{begins}/"):
                for operation in operations.values():
                    answer.setdefault("links", {})[operation["operationId"]] = {
                        "operationId": operation["operationId"],
                        "parameters": {parameter: value},
                    }
