"""Naming an object that is in the store already, while another one's disposal may remove it."""

from sqlalchemy.orm import Session

from ingest.house import House
from repository.keeping import disposals
from vocabulary.errors import Conflict

GONE: str = "object_gone"


def still_there(house: House, tx: Session, sha256: str) -> None:
    """Call in the transaction that names an object which was put before it.

    Objects are removed in transactions that stand in line with this one, and only when
    nothing names them. So only bytes that were once disposed of, handed in again at that very
    moment, can be missing here; then they are put again.

    Raises:
        Conflict: ``object_gone``: put the bytes again.
    """
    if disposals.ever_removed(tx, sha256) and not house.objects.exists(sha256):
        raise Conflict(
            "Tệp này vừa được hủy theo danh mục. Hãy gửi lại.",
            "This file was being disposed of just now. Send it again.",
            code=GONE,
        )
