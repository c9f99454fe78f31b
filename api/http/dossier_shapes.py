"""JSON of dossiers, as surface.md section 6 has it, and what this service tells beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.http.shapes import subject_json
from ingest.cases import Case
from repository import dossiers
from repository.dossiers import Dossier, DossierEvent, SupplementRequest
from repository.procedures import Component
from vocabulary.clock import vietnam_time


def outline(dossier: Dossier) -> dict[str, Any]:
    """A dossier in a list: nothing that names a person."""
    return {
        "code": dossier.code,
        "procedure": dossier.procedure,
        "state": dossier.state,
        "channel": dossier.channel,
        "received_at": vietnam_time(dossier.received_at),
        "due_at": vietnam_time(dossier.due_at) if dossier.due_at else None,
        "closed_at": vietnam_time(dossier.closed_at) if dossier.closed_at else None,
        "version": dossier.version,
        "demo": dossier.demo,
        "url": f"/v1/dossiers/{dossier.code}",
    }


def whole(tx: Session, case: Case) -> dict[str, Any]:
    """Components with what stands for them, results, requests, history."""
    code = case.dossier.code
    requests = dossiers.requests_of(tx, code)
    return {
        **outline(case.dossier),
        "procedure_name": case.procedure.name,
        "subject": subject_json(tx, case.subject.id),
        "cases": [{"code": one, "name": name, "applies": one in case.dossier.cases}
                  for one, name in case.cases.items()],
        "components": [_component(case, one) for one in case.procedure.components],
        "results": [_result(case, one.type, one.name, one.required)
                    for one in case.procedure.results],
        "requests": [_request(one) for one in requests],
        "warnings": warnings(case, requests),
        "history": [_event(one) for one in dossiers.history(tx, code)],
    }  # fmt: skip


def warnings(case: Case, requests: Sequence[SupplementRequest]) -> list[dict[str, Any]]:
    """What a person should know before going on; each with a stable code."""
    found: list[dict[str, Any]] = []
    if len(requests) > 1:  # Decision 766/QĐ-TTg, indicator 2.1 as the portal counts it
        found.append({"code": "requested_more_than_once", "requests": len(requests)})
    states = case.states
    awaited = [one.code for one in case.procedure.components
               if one.required and states[one.code] == "awaited"]  # fmt: skip
    if awaited:
        found.append({"code": "components_awaited", "components": awaited})
    for component in case.procedure.components:
        for document, reasons in case.troubles(component).items():
            found.append({"code": "paper_lost", "component": component.code,
                          "document": document, "reasons": list(reasons)})  # fmt: skip
    return found


def _component(case: Case, component: Component) -> dict[str, Any]:
    papers = case.papers_for(component.code)
    answer = case.answers.answer(component.code)
    return {
        "component": component.code,
        "name": component.name,
        "required": component.required,
        "state": case.states[component.code],
        "documents": [one.document for one in papers],
        "papers": [
            {
                "document": one.document,
                "source": one.source,
                "by": one.added_by,
                "at": vietnam_time(one.added_at),
                "checked_by": one.checked_by,
                "checked_at": vietnam_time(one.checked_at) if one.checked_at else None,
                "url": f"/v1/documents/{one.document}",
            }
            for one in papers
        ],
        "available": list(case.on_offer(component.code)),
        "answer": answer.answer if answer else "must_request",
        "missing": list(answer.missing) if answer else [],
    }


def _result(case: Case, kind: str, name: str, required: bool) -> dict[str, Any]:
    unfit = {one.document: list(one.reasons) for one in dossiers.unfit_results(case.results)}
    mine = [one.id for one in case.results if one.type == kind]
    return {
        "type": kind,
        "name": name,
        "required": required,
        "documents": mine,
        "unfit": {document: unfit[document] for document in mine if document in unfit},
    }


def _request(request: SupplementRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "components": list(request.components),
        "message": request.message,
        "overridden": list(request.overridden),
        "override": request.override.to_json() if request.override else None,
        "by": request.by,
        "at": vietnam_time(request.at),
    }


def _event(event: DossierEvent) -> dict[str, Any]:
    detail: Mapping[str, Any] = event.detail
    return {
        "at": vietnam_time(event.at),
        "actor": event.actor,
        "event": event.event,
        "detail": dict(detail),
    }
