"""What a probe found: one check, one verdict, one sentence in each language."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vocabulary.errors import MissingPart


class Verdict(StrEnum):
    """``warn``: works, and something should be known. ``refuse``: no store for an archive."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """``check``: stable name, as in docs/operator.md."""

    check: str
    verdict: Verdict
    vi: str
    en: str


def ok(check: str, vi: str, en: str) -> Finding:
    """The store does what is needed."""
    return Finding(check, Verdict.OK, vi, en)


def warn(check: str, vi: str, en: str) -> Finding:
    """It works all the same."""
    return Finding(check, Verdict.WARN, vi, en)


def refuse(check: str, vi: str, en: str) -> Finding:
    """Papers must not be put there."""
    return Finding(check, Verdict.REFUSE, vi, en)


def raise_refused(findings: Iterable[Finding]) -> None:
    """Stop where a check refuses the store.

    Raises:
        MissingPart: code ``store_refused``; ``checks`` names what does not hold.
    """
    refused = [one for one in findings if one.verdict is Verdict.REFUSE]
    if refused:
        raise MissingPart(
            " ".join(f"{one.check}: {one.vi}" for one in refused),
            " ".join(f"{one.check}: {one.en}" for one in refused),
            code="store_refused",
            checks=[one.check for one in refused],
        )
