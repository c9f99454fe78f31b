"""Purposes: for which procedures another system may ask, and a token narrowed to some of them.

Nothing is granted unless somebody did. A token may be narrowed when it is fetched
(RFC 6749 section 3.3): ``purpose:2.002381``, several by blanks. What was taken back from a
client is gone from its tokens, too, at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.insertion import insert_once
from repository.procedures import stem_of
from repository.schema import client_purposes
from vocabulary.errors import InvalidRequest

ANY_PURPOSE: Final = "*"
"""Stands for every procedure in a grant."""

_PREFIX: Final = "purpose:"


@dataclass(frozen=True, slots=True)
class Grant:
    """One purpose of a client: the stem of a procedure's code, or ``*``."""

    client_id: str
    stem: str
    granted_at: datetime


def grant(tx: Session, client_id: str, procedure: str, now: datetime) -> bool:
    """A system may ask for a procedure, or for any (``*``); False where it might already.

    Raises:
        InvalidRequest: not a procedure code.
    """
    values = {"client_id": client_id, "stem": _stem(procedure), "granted_at": now}
    return insert_once(tx, client_purposes, values)


def take_back(tx: Session, client_id: str, procedure: str) -> bool:
    """The purpose is granted no more; False where it was not.

    Raises:
        InvalidRequest: not a procedure code.
    """
    gone = tx.execute(
        delete(client_purposes)
        .where(client_purposes.c.client_id == client_id, client_purposes.c.stem == _stem(procedure))
        .returning(client_purposes.c.stem)
    )
    return gone.first() is not None


def granted_to(tx: Session, client_id: str | None = None) -> list[Grant]:
    """Grants of one client, or of all, by client and procedure."""
    query = select(client_purposes).order_by(client_purposes.c.client_id, client_purposes.c.stem)
    if client_id is not None:
        query = query.where(client_purposes.c.client_id == client_id)
    return [Grant(row.client_id, row.stem, row.granted_at) for row in tx.execute(query)]


def may_ask_for(tx: Session, client_id: str, procedure: str) -> bool:
    """Whether a purpose was granted; nothing is, unless somebody did."""
    rows = tx.execute(
        select(client_purposes.c.stem).where(
            client_purposes.c.client_id == client_id,
            client_purposes.c.stem.in_((ANY_PURPOSE, stem_of(procedure))),
        )
    )
    return rows.first() is not None


def narrowed(tx: Session, client_id: str, asked: str) -> str:
    """The scope of a token as it is kept: what was asked for, in normal form; "" for all.

    Raises:
        InvalidRequest: ``invalid_scope``: not of this form, or more than was granted.
    """
    wanted = asked.split()
    if not wanted:
        return ""
    granted = {one.stem for one in granted_to(tx, client_id)}
    kept = set()
    for one in wanted:
        stem = _of_scope(one)
        if stem is None or (stem not in granted and ANY_PURPOSE not in granted):
            raise InvalidRequest(
                f"Phạm vi {one} không được cấp cho hệ thống này. Dùng purpose:mã-thủ-tục đã cấp.",
                f"The scope {one} was not granted to this client. "
                "Use purpose:procedure-code for what was granted.",
                code="invalid_scope",
                field="scope",
            )
        kept.add(stem)
    return scope_of(kept)


def scope_of(stems: Collection[str]) -> str:
    """Purposes as the scope of a token (RFC 6749 section 3.3)."""
    return " ".join(_PREFIX + one for one in sorted(stems))


def within(scope: str, procedure: str) -> bool:
    """Whether a token of this scope carries a purpose; one that was not narrowed carries any.

    Raises:
        InvalidRequest: not a procedure code.
    """
    carried = set(scope.split())
    return not carried or bool(carried & {_PREFIX + ANY_PURPOSE, _PREFIX + stem_of(procedure)})


def _of_scope(one: str) -> str | None:
    if not one.startswith(_PREFIX):
        return None
    try:
        return _stem(one.removeprefix(_PREFIX))
    except InvalidRequest:
        return None


def _stem(procedure: str) -> str:
    return ANY_PURPOSE if procedure == ANY_PURPOSE else stem_of(procedure)
