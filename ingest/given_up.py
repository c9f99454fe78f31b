"""Papers whose work was given up get a named state: nothing accepted stays without one."""

import logging
from typing import Final

from sqlalchemy import select

from ingest import outbox
from ingest.house import House
from ingest.intake import JOB
from ingest.requeue import ENDED
from repository import documents
from repository.schema import documents as table

LOG: Final = logging.getLogger("sohoa.worker")
_AT_ONCE: Final = 500


def stop_given_up(house: House) -> int:
    """Stops (``engine_failed``) the papers whose job failed where no worker was left to say so.

    The queue gives a job up that has cost several workers their life without progress: the
    last of them could not note it any more. A person may let the paper try again. Returns
    how many.
    """
    failed = {key: error for kind, key, error in house.queue.failures() if kind == JOB}
    if not failed:
        return 0
    lost: list[str] = []
    keys = list(failed)
    with house.database.read() as tx:
        for at in range(0, len(keys), _AT_ONCE):
            these = table.c.id.in_(keys[at : at + _AT_ONCE])
            lost += tx.execute(
                select(table.c.id).where(these, table.c.state.not_in(ENDED))
            ).scalars()
    for one in lost:
        with house.database.write() as tx:
            if documents.get(tx, one).state in ENDED:
                continue
            house.queue.cancel(tx, JOB, one)  # asked for again this moment: a person decides
            documents.stop(tx, one, "engine_failed", failed[one], house.clock.now())
            outbox.changed(house, tx, one)
        LOG.error("a paper was given up", extra={"kind": JOB, "key": one})
    return len(lost)
