"""Subscriptions (đăng ký nhận tin) of other systems, and what was or is to be told to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from repository.ids import new_id
from repository.insertion import insert_once
from repository.schema import deliveries, evidence_links, evidence_requests, subscriptions
from vocabulary.errors import NotFound

Event = Literal["document.available", "document.superseded", "document.withdrawn"]
EVENTS: Final[tuple[Event, ...]] = (
    "document.available", "document.superseded", "document.withdrawn",
)  # fmt: skip

DeliveryStatus = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a system wants to be told of what."""

    id: str
    client_id: str
    url: str
    events: tuple[Event, ...]
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to tell one subscriber. ``about``: what it is of; told once each."""

    id: str
    subscription_id: str
    event: Event
    about: str
    body: Mapping[str, Any]
    attempts: int
    status: DeliveryStatus
    last_answer: str
    created_at: datetime
    delivered_at: datetime | None


def subscribe(
    tx: Session, client_id: str, url: str, events: Sequence[Event], now: datetime
) -> Subscription:
    """Enter a subscription."""
    values = {
        "id": new_id(), "client_id": client_id, "url": url, "events": list(events),
        "active": True, "created_at": now,
    }  # fmt: skip
    tx.execute(subscriptions.insert().values(**values))
    return of_client(tx, client_id, str(values["id"]))


def of_client(tx: Session, client_id: str, subscription_id: str) -> Subscription:
    """One subscription of this client.

    Raises:
        NotFound: there is none.
    """
    for one in all_of(tx, client_id):
        if one.id == subscription_id:
            return one
    raise NotFound("Không có đăng ký này.", "There is no such subscription.")


def all_of(tx: Session, client_id: str) -> list[Subscription]:
    """The active subscriptions of a client, oldest first."""
    rows = tx.execute(
        select(subscriptions)
        .where(subscriptions.c.client_id == client_id, subscriptions.c.active)
        .order_by(subscriptions.c.created_at, subscriptions.c.id)
    )
    return [_subscription(row) for row in rows]


def end(tx: Session, subscription_id: str) -> None:
    """Nothing more is told."""
    tx.execute(
        update(subscriptions).where(subscriptions.c.id == subscription_id).values(active=False)
    )


def receivers(tx: Session, document_id: str) -> dict[str, tuple[str, str]]:
    """Clients that were given this document: client -> (evidence id, id of the answer), last."""
    rows = tx.execute(
        select(evidence_requests.c.client_id, evidence_links.c.id, evidence_links.c.response_id)
        .join(evidence_requests, evidence_requests.c.id == evidence_links.c.response_id)
        .where(evidence_links.c.document_id == document_id)
        .order_by(evidence_requests.c.created_at)
    )
    return {row.client_id: (row.id, row.response_id) for row in rows}


def note(
    tx: Session,
    subscription: Subscription,
    event: Event,
    about: str,
    body: Mapping[str, Any],
    now: datetime,
) -> str | None:
    """Keep what is to be told; its id, or None where it was noted before."""
    delivery_id = new_id()
    values = {
        "id": delivery_id, "subscription_id": subscription.id, "event": event, "about": about,
        "body": dict(body), "attempts": 0, "status": "waiting", "last_answer": "",
        "created_at": now,
    }  # fmt: skip
    return delivery_id if insert_once(tx, deliveries, values) else None


def delivery(tx: Session, delivery_id: str) -> tuple[Delivery, Subscription] | None:
    """A delivery with its subscription; None where either is gone or ended."""
    row = tx.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    if row is None:
        return None
    mine = subscriptions.c.id == row.subscription_id
    to = tx.execute(select(subscriptions).where(mine, subscriptions.c.active)).one_or_none()
    return None if to is None else (_delivery(row), _subscription(to))


def answered(
    tx: Session, delivery_id: str, status: DeliveryStatus, answer: str, now: datetime
) -> None:
    """What an attempt came to."""
    tx.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(
            attempts=deliveries.c.attempts + 1,
            status=status,
            last_answer=answer[:500],
            delivered_at=now if status == "delivered" else None,
        )
    )


def deliveries_of(
    tx: Session, subscription_id: str, since: datetime | None = None, limit: int = 200
) -> list[Delivery]:
    """What was noted for a subscription, newest first."""
    query = select(deliveries).where(deliveries.c.subscription_id == subscription_id)
    if since is not None:
        query = query.where(deliveries.c.created_at >= since)
    rows = tx.execute(query.order_by(deliveries.c.created_at.desc()).limit(limit))
    return [_delivery(row) for row in rows]


def _subscription(row: Row[Any]) -> Subscription:
    events = cast("tuple[Event, ...]", tuple(row.events))
    return Subscription(row.id, row.client_id, row.url, events, row.active, row.created_at)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.id, row.subscription_id, row.event, row.about, dict(row.body), row.attempts,
        row.status, row.last_answer, row.created_at, row.delivered_at,
    )  # fmt: skip
