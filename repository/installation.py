"""Who this installation is: one row that tells hosts, indexes and copies apart."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository.schema import installation
from vocabulary.errors import Conflict

OPEN_AGAIN: Final = update(installation).values(state="open", moved_to=None)
"""For a closed installation, whose ordinary writes are refused."""

State = Literal["open", "filling", "moved"]


@dataclass(frozen=True, slots=True)
class Installation:
    """``filling``: a copy is being brought in; ``moved``: another one has taken over.

    ``signs_since``: when a host first began with the keys of both signatures.
    """

    id: str
    state: State
    moved_to: str | None
    created_at: datetime
    signs_since: datetime | None


def this(tx: Session) -> Installation:
    """The installation that the catalogue belongs to."""
    row = tx.execute(select(installation)).one()
    return Installation(row.id, row.state, row.moved_to, row.created_at, row.signs_since)


def set_state(tx: Session, state: State, moved_to: str | None = None) -> None:
    """Notes what becomes of it."""
    tx.execute(update(installation).values(state=state, moved_to=moved_to))


def signs_from(tx: Session, now: datetime) -> None:
    """Notes that papers are signed here from now on."""
    unsigned = installation.c.signs_since.is_(None)
    tx.execute(update(installation).where(unsigned).values(signs_since=now))


def same_secret(tx: Session, audit_key: bytes) -> None:
    """Makes sure that this host has the secret that the first one had.

    With another one the audit log would name the same person by two names, and
    other systems would take our messages for forged.

    Raises:
        Conflict: ``other_audit_key``.
    """
    mark = hmac.new(audit_key, b"sohoa audit key", hashlib.sha256).hexdigest()
    known = tx.execute(select(installation.c.secret_mark)).scalar_one()
    if known is None:
        tx.execute(update(installation).values(secret_mark=mark))
    elif known != mark:
        raise Conflict(
            "Khóa nhật ký của máy này khác khóa của hệ thống. Hãy chép tệp keys/audit.key của "
            "máy đầu tiên tới đây, hoặc đặt SOHOA_AUDIT_KEY_FILE.",
            "The audit key of this host is not the one of this installation. Copy the file "
            "keys/audit.key of the first host here, or set SOHOA_AUDIT_KEY_FILE.",
            code="other_audit_key",
        )
