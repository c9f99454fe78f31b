"""A remote service signs what waits for it: a whole batch under one authorisation."""

import contextlib
import sys
from datetime import timedelta
from typing import Any, Final

from ingest.house import House
from ingest.signing_troubles import of_signing
from repository import documents, signing_tasks
from repository.ports import Job
from repository.signing_tasks import Task
from signing.awaited import is_elsewhere
from vocabulary.errors import LeaseLost, NotFound, SohoaError
from vocabulary.signers import SignerRole

JOB: Final = "sign_remote"
BY: Final = "signing_service"
"""The actor of signatures that the office's own service made."""

_AGAIN: Final = timedelta(seconds=30)
_MOST: Final = 500
_NAMED: Final = 20
"""Of papers that wait: in so many histories it is said why."""


def sign_waiting(house: House, job: Job) -> bool:
    """Sign all that waits in this turn (``job.key``); whether the job waits for another try."""
    try:
        while _one_batch(house, job):
            house.queue.heartbeat(job)
    except SohoaError as error:
        if isinstance(error, LeaseLost) or not of_signing(error):
            raise
        _told(house, job, error)
        house.queue.postpone(job, str(error), _AGAIN)
        return True
    house.queue.done(job)
    return False


def _one_batch(house: House, job: Job) -> bool:
    """Whether there was anything to sign."""
    from ingest import awaited_signatures
    from signing.deferred import Prepared, cms_of

    signer: Any = house.seal.signer(_role(job)) if house.seal is not None else None
    if signer is None or not is_elsewhere(signer) or signer.how != "remote":
        return False
    tasks = _waiting(house, job, 1)
    if not tasks:
        return False
    tasks = _waiting(house, job, min(signer.most_at_once, _MOST))
    prepared = [Prepared.from_json(dict(task.new.prepared)) for task in tasks]
    made = [
        (task, one)
        for task, one in zip(tasks, prepared, strict=True)
        if signer.still_awaited(one.certificate)
    ]
    if not made:
        awaited_signatures.begin_stale_ones_anew(house)
        return False
    signatures = signer.sign_digests([one.to_sign for _, one in made])
    answers = [
        (task, cms_of(one, signature))
        for (task, one), signature in zip(made, signatures, strict=True)
    ]
    awaited_signatures.keep(house, answers, BY)
    return True


def _waiting(house: House, job: Job, limit: int) -> tuple[Task, ...]:
    with house.database.read() as tx:
        return signing_tasks.waiting(tx, "remote", _role(job), limit=limit).items


def _role(job: Job) -> SignerRole:
    return "officer" if job.key == "officer" else "organisation"


def _told(house: House, job: Job, error: SohoaError) -> None:
    sys.stderr.write(f"sohoa: {job.key}: {error}\n")
    detail = {"code": error.error_code, "message": error.vi}
    with contextlib.suppress(NotFound), house.database.write() as tx:
        for task in signing_tasks.waiting(tx, "remote", _role(job), limit=_NAMED).items:
            documents.note_waiting(tx, task.new.document_id, house.clock.now(), detail)
