"""Work that the states of the papers call for, asked for anew where no job is there."""

from typing import Final

from sqlalchemy import select

from ingest import disposal_run, remote_signing, webhooks
from ingest.house import House
from ingest.intake import JOB
from repository.ports import Urgency
from repository.schema import deliveries, disposals, documents, signing_tasks

ENDED: Final = ("done", "needs_review", "stopped")
"""States that a paper leaves only by a person's hand."""

_AT_ONCE: Final = 500


def ask_again(house: House) -> int:
    """Asks for the way of every paper that has not ended, messages not delivered, lists begun.

    Asking for what waits or runs already changes nothing that counts. Returns how many.
    """
    with house.database.read() as tx:
        open_ = select(documents.c.id).where(documents.c.state.not_in(ENDED))
        wanted = [(JOB, one) for one in tx.execute(open_).scalars()]
        waiting = select(deliveries.c.id).where(deliveries.c.status == "waiting")
        wanted += [(webhooks.JOB, one) for one in tx.execute(waiting).scalars()]
        roles = select(signing_tasks.c.role).where(
            signing_tasks.c.how == "remote", signing_tasks.c.answered_at.is_(None)
        )
        wanted += [(remote_signing.JOB, one) for one in tx.execute(roles.distinct()).scalars()]
        begun = select(disposals.c.id).where(disposals.c.state == "running")
        wanted += [(disposal_run.JOB, one) for one in tx.execute(begun).scalars()]
    for at in range(0, len(wanted), _AT_ONCE):
        with house.database.write() as tx:
            for kind, key in wanted[at : at + _AT_ONCE]:
                house.queue.enqueue(tx, kind, key, {}, urgency=Urgency.BACKLOG)
    return len(wanted)
