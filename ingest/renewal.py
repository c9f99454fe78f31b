"""Long-term care of archival files: what falls due, and prolonging it in time.

The original is never touched. A prolonged file begins with the bytes of the one before,
takes its place as the archival file, and the one before is kept as a past one.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from ingest.house import House
from ingest.signing_troubles import of_signing
from repository import audit, documents
from repository.audit import AuditEntry
from repository.documents import FallingDue
from vocabulary.errors import IntegrityFailure, MissingPart, SohoaError

BY = "system"


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of one archival file; ``trouble`` says why it still falls due."""

    due: FallingDue
    state: Literal["renewed", "done_meanwhile", "stopped"]
    until: datetime | None = None
    trouble: SohoaError | None = None


def falling_due(house: House, within: timedelta) -> list[FallingDue]:
    """Archival files that stop proving themselves within a time, first ones first."""
    with house.database.read() as tx:
        return documents.falling_due(tx, house.clock.now() + within)


def renew_due(house: House, within: timedelta) -> Iterator[Renewed]:
    """Prolong what falls due; an authority that is silent ends the run, the rest stays due.

    Raises:
        MissingPart: no time stamping authority is set, or it does not answer.
    """
    for due in falling_due(house, within):
        try:
            yield _renewed(house, due)
        except MissingPart as error:
            if error.error_code == "evidence_missing":  # of this file alone
                yield Renewed(due, "stopped", trouble=error)
                continue
            raise
        except SohoaError as error:
            yield Renewed(due, "stopped", trouble=error)


def _renewed(house: House, due: FallingDue) -> Renewed:
    from ingest.fetching import Fetched
    from ingest.signature_tasks import prolong

    if house.seal is None or house.seal.authority_url is None:
        raise MissingPart(
            "Gia hạn cần dịch vụ cấp dấu thời gian. Hãy đặt SOHOA_TSA_URL.",
            "Prolonging needs a time stamping authority. Set SOHOA_TSA_URL.",
            code="tsa_missing",
        )
    strength = replace(house.seal, level="B-LTA", tsa_url=house.seal.authority_url).strength()
    with (
        TemporaryDirectory(dir=house.scratch) as folder,
        house.objects.local(due.sha256) as before,
    ):
        out = Path(folder) / "renewed.pdf"
        # In a child: an original that came signed is its own archival file, and a stranger's.
        house.nursery.call(prolong, before, out, strength, bounds=house.bounds, answer=Fetched())
        until = _checked(house, before, out)
        stored = house.objects.put_file(out)
    now = house.clock.now()
    with house.database.write() as tx:
        taken = documents.renew_rendition(tx, due.document_id, due.sha256, stored, until, now)
        if taken:
            detail = {"before": due.sha256, "sha256": stored.sha256}
            entry = AuditEntry("archive.renewed", BY, now, due.document_id, detail=detail)
            audit.append(tx, entry)
    return Renewed(due, "renewed" if taken else "done_meanwhile", until)


def _checked(house: House, before: Path, out: Path) -> datetime | None:
    """What was made is better than what it replaces, or it is not taken."""
    from ingest.signature_tasks import judge_signatures, lasts_until

    judge = (house.anchors, None, False, house.revocation_folder)
    earlier, _ = house.nursery.call(judge_signatures, before, *judge)
    later, _ = house.nursery.call(judge_signatures, out, *judge)
    until: datetime | None = house.nursery.call(lasts_until, out)
    same = len(earlier.signatures) == len(later.signatures)
    worse = later.verdict == "invalid" and earlier.verdict != "invalid"
    if not same or worse or until is None:
        raise IntegrityFailure(
            "Bản gia hạn không đạt kiểm tra nên không được dùng. Bản cũ vẫn giữ nguyên.",
            "The prolonged file did not pass the check and is not used. The old one stays.",
            code="renewal_not_sound",
        )
    return until


def care(house: House, within: timedelta) -> None:
    """The worker's daily duty; what cannot be done is said and tried again the next day."""
    try:
        for one in renew_due(house, within):
            if one.trouble is not None:
                _log(f"{one.due.document_id}: {one.trouble}")
    except (SohoaError, OSError) as error:
        if not isinstance(error, SohoaError) or not of_signing(error):
            _log(f"renewal: {error}")


def _log(line: str) -> None:
    sys.stderr.write(f"sohoa: {line}\n")
