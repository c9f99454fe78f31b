"""Subscriptions: other systems are told what became of the papers that concern them."""

from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from ingest import webhooks
from repository import subscriptions
from repository.subscriptions import EVENTS, Delivery, Event, Subscription
from vocabulary.clock import vietnam_time

routes = area("/v1/subscriptions", "reuse")


class Wanted(BaseModel):
    """Where to be told of what."""

    url: str = Field(max_length=2000, examples=["https://dvc.example.gov.vn/sohoa"])
    events: list[Event] = Field(default_factory=lambda: list(EVENTS), min_length=1)


class Again(BaseModel):
    """From when on to tell again; what failed is told in any case."""

    since: AwareDatetime | None = None


@routes.post("", status_code=201, summary="Subscribe")
@allow(Permission.ASK_FOR_EVIDENCE)
def subscribe(request: Request, wanted: Wanted) -> Response:
    """``secret`` is shown once; 422 ``callback_not_allowed`` for hosts that nobody has named."""
    house, who = house_of(request), caller_of(request).name
    webhooks.check_address(house, wanted.url)
    with house.database.write() as tx:
        made = subscriptions.subscribe(
            tx, who, wanted.url, tuple(dict.fromkeys(wanted.events)), house.clock.now()
        )
    return JSONResponse({**_shown(made), "secret": webhooks.secret_of(house, made.id)}, 201)


@routes.get("", summary="My subscriptions")
@allow(Permission.ASK_FOR_EVIDENCE)
def list_subscriptions(request: Request) -> dict[str, Any]:
    """Without their secrets."""
    with house_of(request).database.read() as tx:
        found = subscriptions.all_of(tx, caller_of(request).name)
    return {"items": [_shown(one) for one in found], "next": None}


@routes.delete("/{subscription_id}", status_code=204, summary="End a subscription")
@allow(Permission.ASK_FOR_EVIDENCE)
def end(request: Request, subscription_id: str) -> Response:
    """Nothing more is told."""
    with house_of(request).database.write() as tx:
        found = subscriptions.of_client(tx, caller_of(request).name, subscription_id)
        subscriptions.end(tx, found.id)
    return Response(status_code=204)


@routes.get("/{subscription_id}/deliveries", summary="What was told, newest first")
@allow(Permission.ASK_FOR_EVIDENCE)
def list_deliveries(request: Request, subscription_id: str) -> dict[str, Any]:
    """With the answers that came; at most 200."""
    with house_of(request).database.read() as tx:
        found = subscriptions.of_client(tx, caller_of(request).name, subscription_id)
        items = [_told(one) for one in subscriptions.deliveries_of(tx, found.id)]
    return {"items": items, "next": None}


@routes.post("/{subscription_id}/replay", status_code=202, summary="Tell again")
@allow(Permission.ASK_FOR_EVIDENCE)
def replay(request: Request, subscription_id: str, asked: Again | None = None) -> Response:
    """What failed, and everything since a moment."""
    house = house_of(request)
    since: datetime | None = asked.since if asked else None
    with house.database.write() as tx:
        found = subscriptions.of_client(tx, caller_of(request).name, subscription_id)
        chosen = [
            one
            for one in subscriptions.deliveries_of(tx, found.id)
            if one.status == "failed" or (since is not None and one.created_at >= since)
        ]
        for one in chosen:
            webhooks.again(house, tx, one.id)
    return JSONResponse({"replayed": len(chosen)}, 202)


def _shown(one: Subscription) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": list(one.events),
        "created_at": vietnam_time(one.created_at),
    }


def _told(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "event": one.event,
        "status": one.status,
        "attempts": one.attempts,
        "last_answer": one.last_answer,
        "created_at": vietnam_time(one.created_at),
        "delivered_at": vietnam_time(one.delivered_at) if one.delivered_at else None,
    }
