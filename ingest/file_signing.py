"""Signing files of one's own: each is read in a bounded child, the key stays here.

The files that ``sohoa sign`` is given come from anywhere. A child sees one of them, draws
its first page to find an empty place for the stamp, and writes the signed version; what is
to be signed, and what authorities are to be asked, goes through this process, which holds
the key and keeps the answers for the next file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.bounded import Bounds, Nursery
from ingest.fetching import Fetched, not_sound
from ingest.file_signing_tasks import SIGN, lasts, sign_file, sign_for_batch
from ocr.opening import OpenLimits
from signing.batch import Job, Order, Outcome, sign_batch, sweep
from signing.key_outside import KeyOutside, sign_for
from signing.keys import Signer
from signing.renewal import Lasting
from signing.revocation import Revocation, refuse_revoked

_MOST_SIGNATURES = 1
"""Of one file in one run: whatever took over its reader gets no second one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where strangers' files are read, and what that may cost."""

    nursery: Nursery
    limits: OpenLimits = field(default_factory=OpenLimits)
    bounds: Bounds = field(default_factory=Bounds)

    def lasting(self, path: Path) -> Lasting | None:
        """As :func:`signing.renewal.lasting`, in a child."""
        found: Lasting | None = self.nursery.call(lasts, path, bounds=self.bounds)
        return found


@dataclass(frozen=True, slots=True)
class SigningRun:
    """What the files of a run have in common; ``order.key`` never leaves this process."""

    desk: Desk
    order: Order

    def one(self, job: Job) -> None:
        """Sign one file.

        Raises:
            Stopped: why the file cannot be signed.
            SohoaError: as :func:`signing.sign.sign_file`.
        """
        self._refuse_revoked()
        try:
            self._call(sign_file, job)
        except BaseException:
            sweep(job.out)  # a child that was ended leaves its draft
            raise

    def all(self, jobs: Sequence[Job], folder: Path) -> Iterator[Outcome]:
        """Sign many files, as :func:`signing.batch.sign_batch`."""
        self._refuse_revoked()
        return sign_batch(jobs, lambda job: self._call(sign_for_batch, job), folder)

    def _refuse_revoked(self) -> None:
        refuse_revoked(self.order.key.certificate, self.order.strength.revocation.held())

    def _call(self, task: Any, job: Job) -> Any:
        desk = self.desk
        return desk.nursery.call(
            task, job, _handed(self.order), desk.limits, bounds=desk.bounds,
            answer=_Answers(self.order.key),
        )  # fmt: skip


def _handed(order: Order) -> Order:
    """The order as a process may have it that reads files.

    The folder of lists goes along where evidence is taken from it; that the signer's own
    certificate is not on a list was seen here, once for all files.
    """
    strength = order.strength
    if strength.level in ("B-B", "B-T"):
        strength = replace(strength, revocation=Revocation(None, strength.revocation.online))
    return replace(order, key=KeyOutside.of(order.key), strength=strength)


@dataclass(slots=True)
class _Answers:
    """Answers what the reader of one file asks for."""

    key: Signer
    signed: int = 0
    fetched: Fetched = field(default_factory=Fetched)

    def __call__(self, question: Any) -> Any:
        match question:
            case (kind, bytes(data), str(digest)) if kind == SIGN:
                self.signed += 1
                if self.signed > _MOST_SIGNATURES:
                    raise not_sound()
                return sign_for(self.key, data, digest)
        return self.fetched(question)
