"""How long papers are kept, and what may not go whatever the schedule says: holds."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Permission, allow
from api.http.days import Day
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.idempotency import once
from ingest import holding, keeping_rules
from repository.keeping import holds, rules, schedule
from repository.keeping.holds import Hold
from vocabulary.clock import vietnam_time

routes = area(tag="keeping")

_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Rules(BaseModel):
    """All rules of the schedule; what is not among them is gone."""

    model_config = ConfigDict(extra="forbid")

    rules: Annotated[list[dict[str, Any]], Field(max_length=5000)]


class NewHold(BaseModel):
    """What is held: a document's or subject's id (or ``vn:mst:0901234564``), a dossier's code."""

    model_config = ConfigDict(extra="forbid")

    scope: Literal["document", "dossier", "subject"]
    target: Annotated[str, Field(min_length=1, max_length=64)]
    reason: _Words
    legal_basis: _Words


class Lifting(BaseModel):
    """Why a hold ends."""

    model_config = ConfigDict(extra="forbid")

    reason: _Words


@routes.get("/v1/retention", summary="The retention schedule")
@allow(Permission.READ_KEEPING)
def read_schedule(
    request: Request,
    on: Annotated[Day | None, Query(description="Only the rules in force on this day")] = None,
) -> dict[str, Any]:
    """All rules of all times, or those of a day; ``*`` is every type without a rule of its own."""
    with house_of(request).database.read() as tx:
        found = rules.schedule(tx)
    chosen = found.rules if on is None else found.in_force(on)
    return {"rules": [rule.to_json() for rule in chosen]}


@routes.put("/v1/retention", summary="Put a whole schedule in the place of the one before")
@allow(Permission.SET_RETENTION)
def put_schedule(request: Request, new: Rules) -> dict[str, Any]:
    """422 ``schedule_invalid`` names every mistake. Open lists are judged by it from now on."""
    house, by = house_of(request), caller_of(request).name
    made = schedule.from_json(new.rules)
    keeping_rules.put_in_force(house, made, by)
    return {"rules": [rule.to_json() for rule in made.rules]}


@routes.get("/v1/holds", summary="Legal holds, newest first")
@allow(Permission.READ_KEEPING)
def list_holds(
    request: Request,
    every: Annotated[bool, Query(description="Also those that were lifted")] = False,
) -> dict[str, Any]:
    """At most 1000."""
    with house_of(request).database.read() as tx:
        found = holds.every(tx, active_only=not every)
    return {"items": [_hold(one) for one in found], "next": None}


@routes.post("/v1/holds", summary="Hold papers: nobody can dispose of them", status_code=201)
@allow(Permission.HOLD)
def place_hold(request: Request, new: NewHold) -> Response:
    """Counts at once, also for papers of the dossier or subject that come in later."""
    house, by = house_of(request), caller_of(request).name

    def work() -> tuple[int, dict[str, Any]]:
        made = holding.place(house, new.scope, new.target, new.reason, new.legal_basis, by)
        return 201, _hold(made)

    return once(request, new.model_dump(), work)


@routes.post("/v1/holds/{hold_id}/lift", summary="End a hold")
@allow(Permission.HOLD)
def lift_hold(request: Request, hold_id: str, ending: Lifting) -> dict[str, Any]:
    """409 ``hold_lifted``. Papers under another hold stay held."""
    house, by = house_of(request), caller_of(request).name
    return _hold(holding.lift(house, hold_id, ending.reason, by))


def _hold(hold: Hold) -> dict[str, Any]:
    lifted = hold.lifted_at
    return {
        **asdict(hold),
        "placed_at": vietnam_time(hold.placed_at),
        "lifted_at": vietnam_time(lifted) if lifted else None,
    }
