"""Operation: is it alive, is it ready, how much is there to do."""

import shutil
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.access import PUBLIC, Permission, allow
from api.http.desk import house_of
from api.http.guard import area
from ingest.house import House
from repository import documents
from vocabulary.errors import SohoaError

routes = area("", "operation")


@routes.get("/healthz", summary="Alive")
@allow(PUBLIC)
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@routes.get("/readyz", summary="Ready: every part answers")
@allow(PUBLIC)
def ready(request: Request) -> Response:
    """503 names the parts that do not answer, without saying why (the log does)."""
    house = house_of(request)
    parts = {
        "database": _answers(lambda: _count(house)),
        "objects": _answers(house.objects.answers),
        "search": _answers(lambda: house.index.check()),
        "jobs": _answers(lambda: house.queue.waiting()),
    }
    good = all(parts.values())
    return JSONResponse(
        {"status": "ready" if good else "not_ready", "parts": parts}, 200 if good else 503
    )


@routes.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
@allow(Permission.OPERATE)
def metrics(request: Request) -> Response:
    """Counts only: nothing here names a person or a paper."""
    house = house_of(request)
    with house.database.read() as tx:
        counts = documents.counts(tx)
    lines = [
        *_family("sohoa_documents", "Documents by processing state.", "state", counts.by_state),
        *_family("sohoa_documents_status", "Documents by worth.", "status", counts.by_status),
        *_family("sohoa_stopped", "Stopped documents by reason.", "reason", counts.by_reason),
        *_family("sohoa_pages_read", "Pages read.", "", {"": counts.pages_read}),
        *_family("sohoa_jobs_waiting", "Jobs that wait.", "", {"": house.queue.waiting()}),
        *_family(
            "sohoa_jobs_unfinished", "Waiting or running.", "", {"": house.queue.unfinished()}
        ),
        *_family("sohoa_indexed", "Documents in the index.", "", _indexed(house)),
        *_family("sohoa_scratch_free_bytes", "Free for work.", "", {"": _free(house)}),
    ]
    body = "\n".join(lines) + "\n"
    return PlainTextResponse(body, media_type="text/plain; version=0.0.4; charset=utf-8")


def _answers(ask: Any) -> bool:
    try:
        ask()
    except (SohoaError, OSError):
        return False
    return True


def _count(house: House) -> None:
    with house.database.read() as tx:
        documents.counts(tx)


def _indexed(house: House) -> dict[str, int]:
    """Nothing while the index does not answer: the other figures must not fail with it."""
    try:
        return {"": house.index.count()}
    except SohoaError:
        return {}


def _free(house: House) -> int:
    return shutil.disk_usage(house.scratch).free


def _family(name: str, told: str, label: str, values: Any) -> list[str]:
    lines = [f"# HELP {name} {told}", f"# TYPE {name} gauge"]
    for key, value in sorted(values.items()):
        lines.append(f'{name}{{{label}="{key}"}} {value}' if label else f"{name} {value}")
    return lines
