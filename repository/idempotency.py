"""What a caller's key has made already: written in the transaction that makes it.

So a call that is repeated after its answer was lost (a cut line, a killed
service) finds what the first one made, whatever happened in between.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository.schema import idempotency_keys
from vocabulary.errors import InvalidRequest


def made_before(tx: Session, caller: str, key: str, fingerprint: str) -> str | None:
    """The id of what this key made, None if it has made nothing yet.

    Raises:
        InvalidRequest: it made something else (``idempotency_key_reused``).
    """
    row = tx.execute(
        select(idempotency_keys.c.fingerprint, idempotency_keys.c.made).where(
            idempotency_keys.c.caller == caller, idempotency_keys.c.key == key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise InvalidRequest(
            "Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
            "This Idempotency-Key was used for another request. Use a new one.",
            code="idempotency_key_reused",
        )
    return str(row.made)


def made_by(tx: Session, caller: str, key: str) -> str | None:
    """The id of what this key made, for keys that nobody but us gives."""
    made = tx.scalar(
        select(idempotency_keys.c.made).where(
            idempotency_keys.c.caller == caller, idempotency_keys.c.key == key
        )
    )
    return None if made is None else str(made)


def remember(
    tx: Session, caller: str, key: str, fingerprint: str, made: str, now: datetime
) -> None:
    """Keep what the key has made, in the transaction that makes it."""
    tx.execute(
        idempotency_keys.insert().values(
            caller=caller, key=key, fingerprint=fingerprint, made=made, created_at=now
        )
    )
