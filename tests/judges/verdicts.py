"""What the judges answer, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """veraPDF on one file; ``failures`` maps ISO 19005 clause and test to the first message."""

    path: Path
    flavour: str
    passed: bool
    failures: Mapping[str, str]
    error: str | None

    def __str__(self) -> str:
        told = "".join(f"\n  {rule}: {text}" for rule, text in self.failures.items())
        return f"{self.path.name}: {'PASS' if self.passed else 'FAIL'} {self.error or ''}{told}"

    @staticmethod
    def of(path: Path, answer: Mapping[str, Any]) -> "Verdict":
        return Verdict(
            path=path,
            flavour=answer.get("flavour", ""),
            passed=bool(answer.get("compliant", False)),
            failures=answer.get("failures", {}),
            error=answer.get("error"),
        )


@dataclass(frozen=True, slots=True)
class DssSignature:
    """EU DSS on one signature.

    ``level``: "PAdES-BASELINE-B", "-T", "-LT", "-LTA" ...; ``changes_after``:
    none, evidence, form_filling, annotations or other (the gravest);
    ``bytes_after``: bytes of the file behind the signed revision; ``ok``: the
    stricter rule of ``Dss.java``; ``facts``: everything DSS said.
    """

    field: str | None
    signer: str | None
    indication: str
    sub_indication: str | None
    level: str | None
    intact: bool
    trusted: bool
    changes_after: str
    bytes_after: int | None
    ok: bool
    facts: Mapping[str, Any]

    @staticmethod
    def of(answer: Mapping[str, Any]) -> "DssSignature":
        names = (
            "field", "signer", "indication", "sub_indication", "level", "intact", "trusted",
            "changes_after", "bytes_after", "ok",
        )  # fmt: skip
        return DssSignature(**{name: answer[name] for name in names}, facts=answer)


@dataclass(frozen=True, slots=True)
class DssVerdict:
    """EU DSS on one file; ``timestamps``: its document timestamps."""

    path: Path
    ok: bool
    signatures: tuple[DssSignature, ...]
    timestamps: tuple[Mapping[str, Any], ...]
    filled_fields: int
    error: str | None

    @staticmethod
    def of(path: Path, answer: Mapping[str, Any]) -> "DssVerdict":
        return DssVerdict(
            path=path,
            ok=bool(answer.get("ok", False)),
            signatures=tuple(DssSignature.of(item) for item in answer.get("signatures", ())),
            timestamps=tuple(answer.get("timestamps", ())),
            filled_fields=answer.get("filled_fields", 0),
            error=answer.get("error"),
        )
