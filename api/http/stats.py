"""Figures: each with numerator, denominator and the dossiers behind both; JSON, CSV or Excel."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http import workbook
from api.http.days import Day
from api.http.desk import house_of
from api.http.guard import area
from api.http.procedures import today
from repository import figures, scores
from repository.figures import Facts, Found
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest

routes = area("/v1/stats", "figures")

Form = Annotated[Literal["json", "csv", "xlsx"], Query(alias="format")]
From = Annotated[Day | None, Query(alias="from", description="First day of receipt.")]
To = Annotated[Day | None, Query(alias="to", description="Last day of receipt.")]
_LIMIT: Final = timedelta(days=3660)
_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/json": {}, "text/csv": {}, workbook.MEDIA_TYPE: {}}}
}


@routes.get("", summary="All figures of the dossiers received in a time", responses=_TABLE)
@allow(Permission.READ_FIGURES)
def all_figures(
    request: Request,
    since: From = None,
    until: To = None,
    form: Form = "json",
) -> Response:
    """Without days: the current year so far."""
    first, last, facts = facts_of(request, since, until)
    found = [_figure(request, one.code, facts, first, last) for one in figures.FIGURES]
    if form == "csv":
        return _csv(found)
    if form == "xlsx":
        return _xlsx(request, found, facts)
    return JSONResponse({"items": found, "spared": figures.spared(facts), "next": None})


@routes.get("/{figure}", summary="One figure", responses=_TABLE)
@allow(Permission.READ_FIGURES)
def one_figure(
    request: Request,
    figure: str,
    since: From = None,
    until: To = None,
    form: Form = "json",
) -> Response:
    """404 ``no_such_figure`` names those there are."""
    figures.figure(figure)
    first, last, facts = facts_of(request, since, until)
    found = _figure(request, figure, facts, first, last)
    if form == "csv":
        return _csv([found])
    return _xlsx(request, [found], facts) if form == "xlsx" else JSONResponse(found)


@routes.get("/{figure}/dossiers", summary="The dossiers behind a figure")
@allow(Permission.READ_FIGURES)
def dossiers_behind(
    request: Request,
    figure: str,
    part: Annotated[str, Query(description="numerator, denominator, or a name of apart")],
    since: From = None,
    until: To = None,
) -> dict[str, Any]:
    """Codes in the order of receipt."""
    one = figures.figure(figure)
    _, _, facts = facts_of(request, since, until)
    found = figures.found(one, facts, house_of(request).clock.now())
    codes = codes_behind(found, part)
    items = [{"code": code, "url": f"/v1/dossiers/{code}"} for code in codes]
    return {"items": items, "next": None}


def codes_behind(found: Found, part: str) -> tuple[str, ...]:
    """The dossiers of one part of a figure, in the order of receipt.

    Raises:
        InvalidRequest: the figure has no such part.
    """
    parts = {"numerator": found.numerator, "denominator": found.denominator, **found.apart}
    if part not in parts:
        raise InvalidRequest(
            f"part phải là một trong: {', '.join(parts)}.",
            f"part must be one of: {', '.join(parts)}.",
            field="part",
        )
    return parts[part]


def facts_of(
    request: Request, since: date | None, until: date | None
) -> tuple[date, date, list[Facts]]:
    """First day, last day and the dossiers received from one to the other, both counted.

    Raises:
        InvalidRequest: the days are in the wrong order, or more than ten years apart.
    """
    last = until or today(request)
    first = since or date(last.year, 1, 1)
    if first > last or last - first > _LIMIT:
        raise InvalidRequest(
            "Ngày đầu phải không sau ngày cuối, và không quá mười năm.",
            "The first day must not be after the last, nor more than ten years before it.",
            field="from",
        )
    begin = datetime.combine(first, time.min, VIETNAM)
    end = datetime.combine(last, time.min, VIETNAM) + timedelta(days=1)
    with house_of(request).database.read() as tx:
        return first, last, figures.facts_between(tx, begin, end)


def _figure(
    request: Request, code: str, facts: list[Facts], first: date, last: date
) -> dict[str, Any]:
    found: Found = figures.found(figures.figure(code), facts, house_of(request).clock.now())
    behind = f"/v1/stats/{code}/dossiers?from={first.isoformat()}&to={last.isoformat()}&part="
    return {
        "figure": code,
        "name": found.figure.vi,
        "name_en": found.figure.en,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "numerator": len(found.numerator),
        "denominator": len(found.denominator),
        "percent": found.percent,
        "score": _score(found, last),
        "dossiers": {part: behind + part for part in ("numerator", "denominator", *found.apart)},
        "apart": {name: len(codes) for name, codes in found.apart.items()},
    }


def _score(found: Found, on: date) -> dict[str, Any] | None:
    """Points of the national portal; null where it gives none for this figure."""
    points = scores.points_of(found.figure.code, len(found.numerator), len(found.denominator), on)
    if points is None:
        return None
    return {
        "metric": points.score.metric,
        "max": points.score.most,
        "full_from_percent": points.score.full_from,
        "points": points.points,
        "points_plain": points.plain,
    }


def _csv(found: list[dict[str, Any]]) -> Response:
    """UTF-8 with a byte order mark: Excel reads Vietnamese right only so."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["figure", "name", "from", "to", "numerator", "denominator", "percent"])
    for one in found:
        writer.writerow([one[name] for name in (
            "figure", "name", "from", "to", "numerator", "denominator", "percent")])  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="figures.csv"'}
    body = ("\ufeff" + out.getvalue()).encode()
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _xlsx(request: Request, found: list[dict[str, Any]], facts: list[Facts]) -> Response:
    """A workbook: the figures, and the dossiers behind both sides of each."""
    now = house_of(request).clock.now()
    behind = []
    for one in found:
        each = figures.found(figures.figure(one["figure"]), facts, now)
        parts = {"numerator": each.numerator, "denominator": each.denominator, **each.apart}
        behind += [(one["figure"], part, code) for part, codes in parts.items() for code in codes]
    headers = {"Content-Disposition": 'attachment; filename="figures.xlsx"'}
    body = workbook.figures_workbook(found, behind, now)
    return Response(body, media_type=workbook.MEDIA_TYPE, headers=headers)
