"""Reason and error codes as schemas of the API's description, each with its sentence."""

import json
from importlib import resources
from typing import Any, Final

from api.web import words
from ingest.evidence_terms import ANCHORS

_OF_LINKS: Final = ("link_used", "link_expired", "withdrawn", "too_many_previews")


def described_codes() -> dict[str, Any]:
    """``OnceOnlyReason``, ``EvidenceError`` and ``ErrorCode``: what programs may branch on."""
    reasons = dict(words.ONCE_ONLY_REASONS)
    errors = {code: f"OOTS {anchor}" for code, anchor in ANCHORS.items()}
    table = resources.files("api").joinpath("error_codes.json").read_text("utf-8")
    return {
        "ErrorCode": _errors(json.loads(table)),
        "OnceOnlyReason": _codes("Why a paper does not count", reasons),
        "EvidenceError": _codes(
            "`code` of a refused evidence request or link; `anchor` is the code of OOTS",
            {**errors, **dict.fromkeys(_OF_LINKS, "410 or 429; ask again")},
        ),
    }


def _errors(table: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Every `code` of a problem; … stands for what the answer fills in."""
    lines = "\n".join(
        f"* `{code}` ({told['status']}): {told['said']}" for code, told in table.items()
    )
    return {
        "type": "string",
        "enum": list(table),
        "description": f"`code` of a problem, with its status. The list is open.\n\n{lines}",
    }


def _codes(what: str, told: dict[str, str]) -> dict[str, Any]:
    lines = "\n".join(f"* `{code}`: {said}" for code, said in told.items())
    return {"type": "string", "enum": list(told), "description": f"{what}.\n\n{lines}"}
