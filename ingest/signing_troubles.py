"""What keeps papers from being signed without any fault of theirs: they wait and go on."""

from typing import Final

from vocabulary.errors import SohoaError

_CODES: Final = frozenset({
    "tsa_unreachable", "signing_failed", "evidence_missing", "revocation_folder_missing",
    "certificate_expired", "certificate_not_yet_valid", "certificate_revoked",
    "certificate_file_missing", "wrong_pin", "wrong_one_time_code", "pin_locked",
    "pin_file_missing", "key_missing", "key_disabled",
    "token_ambiguous", "token_module_missing", "token_absent", "token_pulled_out",
    "token_busy", "token_failed", "batch_too_large", "signature_mismatch",
    "signing_service_unreachable", "signing_service_failed", "signing_service_refused",
})  # fmt: skip


def of_signing(error: Exception) -> bool:
    """Whether what signs is away: keys, tokens, signing services, time stamping authorities."""
    return isinstance(error, SohoaError) and error.error_code in _CODES
