"""Previews of evidence: what would be given to whom for what, and what the holder said.

No personal data: the holder is named by the audit log's keyed hash, papers by their ids. The
link's token and the browser that opened it are kept as hashes only.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from repository.schema import evidence_previews as kept

PreviewState = Literal["waiting", "agreed", "refused"]
"""Waiting for the holder; agreed; refused. Time alone makes ``expired`` of the first two."""

TRIES: Final = 5
"""Wrong numbers after which a link is dead."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One question to a holder.

    ``matter``: hash of what is asked, without the ids that change from call to call.
    ``documents``: what would be given. ``scheme``: kind of number the holder is asked for.
    """

    id: str
    client_id: str
    request_id: str
    conversation_id: str
    matter: str
    token_hash: str
    scheme: str
    subject_lookup: str
    procedure: str
    case_ref: str
    legal_basis: tuple[Mapping[str, str], ...]
    type: str
    documents: tuple[str, ...]
    state: PreviewState
    tries: int
    browser_hash: str | None
    reason: str | None
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    decided_at: datetime | None


def keep(tx: Session, preview: Preview) -> None:
    """A new question to a holder."""
    values = asdict(preview)
    values["legal_basis"] = [dict(one) for one in preview.legal_basis]
    values["documents"] = list(preview.documents)
    tx.execute(kept.insert().values(**values))


def of_conversation(tx: Session, client_id: str, conversation_id: str) -> Preview | None:
    """The preview of a conversation of this client."""
    mine = (kept.c.client_id == client_id) & (kept.c.conversation_id == conversation_id)
    return _first(tx, mine)


def of_request(tx: Session, client_id: str, request_id: str) -> Preview | None:
    """The preview that began with this request of this client."""
    mine = (kept.c.client_id == client_id) & (kept.c.request_id == request_id)
    return _first(tx, mine)


def by_token(tx: Session, token_hash: str) -> Preview | None:
    """The preview of a link."""
    return _first(tx, kept.c.token_hash == token_hash)


def waiting_for(tx: Session, client_id: str, subject_lookup: str, now: datetime) -> int:
    """How many questions of this client to this holder are open."""
    count = select(func.count()).where(
        kept.c.client_id == client_id,
        kept.c.subject_lookup == subject_lookup,
        kept.c.state == "waiting",
        kept.c.expires_at > now,
    )
    return int(tx.execute(count).scalar_one())


def note_try(tx: Session, preview_id: str) -> None:
    """A wrong number was given."""
    mine = kept.c.id == preview_id
    tx.execute(update(kept).where(mine).values(tries=kept.c.tries + 1))


def open_once(tx: Session, preview_id: str, browser_hash: str, now: datetime) -> bool:
    """Give the link's one use to a browser; False where another one has it."""
    free = (kept.c.id == preview_id) & kept.c.opened_at.is_(None)
    done = tx.execute(
        update(kept)
        .where(free)
        .values(opened_at=now, browser_hash=browser_hash)
        .returning(kept.c.id)
    )
    return done.first() is not None


def decide(
    tx: Session, preview_id: str, state: PreviewState, reason: str | None, now: datetime,
    until: datetime,
) -> bool:  # fmt: skip
    """What the holder said, once; ``until``: how long it counts."""
    open_still = (kept.c.id == preview_id) & (kept.c.state == "waiting")
    done = tx.execute(
        update(kept)
        .where(open_still)
        .values(state=state, reason=reason, decided_at=now, expires_at=until)
        .returning(kept.c.id)
    )
    return done.first() is not None


def _first(tx: Session, wanted: Any) -> Preview | None:
    row = tx.execute(select(kept).where(wanted).order_by(kept.c.created_at.desc())).first()
    return None if row is None else _preview(row)


def _preview(row: Row[Any]) -> Preview:
    values = dict(row._mapping)
    values["legal_basis"] = tuple(values["legal_basis"])
    values["documents"] = tuple(values["documents"])
    return Preview(**values)
