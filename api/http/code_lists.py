"""Reason and error codes as schemas of the API's description, each with its sentence."""

from typing import Any, Final

from api.web import words
from ingest.evidence_terms import ANCHORS

_OF_LINKS: Final = ("link_used", "link_expired", "withdrawn", "too_many_previews")


def described_codes() -> dict[str, Any]:
    """``OnceOnlyReason`` and ``EvidenceError``: what programs may branch on."""
    reasons = dict(words.ONCE_ONLY_REASONS)
    errors = {code: f"OOTS {anchor}" for code, anchor in ANCHORS.items()}
    return {
        "OnceOnlyReason": _codes("Why a paper does not count", reasons),
        "EvidenceError": _codes(
            "`code` of a refused evidence request or link; `anchor` is the code of OOTS",
            {**errors, **dict.fromkeys(_OF_LINKS, "410 or 429; ask again")},
        ),
    }


def _codes(what: str, told: dict[str, str]) -> dict[str, Any]:
    lines = "\n".join(f"* `{code}`: {said}" for code, said in told.items())
    return {"type": "string", "enum": list(told), "description": f"{what}.\n\n{lines}"}
