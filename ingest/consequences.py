"""What a paper's change sets off, in the transaction of the change."""

from sqlalchemy.orm import Session

from ingest import dossiers, webhooks
from ingest.house import House
from repository import documents, result_codes
from vocabulary.clock import VIETNAM


def follow(house: House, tx: Session, document_id: str) -> None:
    """A paper in force gets its code; other systems are told of it, and so are open dossiers.

    To be called wherever a paper comes into force, changes or ends. Again for the same state
    it changes nothing.
    """
    document, now = documents.get(tx, document_id), house.clock.now()
    webhooks.tell(house, tx, document)
    result_codes.give(tx, house.office.codes, document, now, now.astimezone(VIETNAM).date())
    dossiers.tell_of(house, tx, document)
