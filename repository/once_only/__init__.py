"""Once-only (không yêu cầu nộp lại giấy tờ đã có): the pure decision and what it is fed with."""

from repository.once_only.decision import (
    ACCEPTED_AS,
    NATIONWIDE,
    Answer,
    CheckResult,
    ComponentAnswer,
    Considered,
    DocumentHeld,
    SignatureState,
    decide,
    reasons_against,
    reasons_of_loss,
    reasons_of_state,
)
from repository.once_only.holdings import (
    check,
    check_version,
    documents_held,
    held_by,
    signature_state,
)

__all__ = [
    "ACCEPTED_AS",
    "NATIONWIDE",
    "Answer",
    "CheckResult",
    "ComponentAnswer",
    "Considered",
    "DocumentHeld",
    "SignatureState",
    "check",
    "check_version",
    "decide",
    "documents_held",
    "held_by",
    "reasons_against",
    "reasons_of_loss",
    "reasons_of_state",
    "signature_state",
]
