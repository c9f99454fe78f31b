"""The figures as a page: every number opens the dossiers behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.stats import codes_behind, facts_of
from api.problems import status_of
from api.web import dossier_words
from api.web.listing import day_of, query_string
from api.web.rendering import render
from repository import figures, scores
from vocabulary.errors import SohoaError

routes = area(in_schema=False)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One number of a figure and the address of the dossiers behind it."""

    name: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A row of the table: the ratio, its two sides, and what is told apart."""

    code: str
    name: str
    percent: str | None
    sides: tuple[ShownPart, ShownPart]
    apart: tuple[ShownPart, ...]
    points: str | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The dossiers behind a number that was asked for."""

    title: str
    codes: tuple[str, ...]


@routes.get("/figures")
@allow(Permission.READ_FIGURES)
def figures_page(
    request: Request,
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    until: Annotated[str, Query(alias="to", max_length=10)] = "",
    figure: Annotated[str, Query(max_length=50)] = "",
    part: Annotated[str, Query(max_length=50)] = "numerator",
) -> Response:
    """Of the dossiers received in a time; without days, the current year so far."""
    try:
        first, last, facts = facts_of(request, day_of(since), day_of(until))
        days = {"from": first.isoformat(), "to": last.isoformat()}
        now = house_of(request).clock.now()
        found = [figures.found(one, facts, now) for one in figures.FIGURES]
        behind = _behind(found, figure, part) if figure else None
    except SohoaError as problem:  # what was typed stands; no figures beside a time not counted
        typed = {"from": since, "to": until}
        return _page(request, typed, status_of(problem), problem=problem.vi)
    return _page(
        request,
        days,
        table=f"/v1/stats?{query_string(**days, format='csv')}",
        workbook=f"/v1/stats?{query_string(**days, format='xlsx')}",
        figures=[_shown(one, days, last) for one in found],
        spared=figures.spared(facts),
        received=len(facts),
        behind=behind,
    )


def _page(
    request: Request, days: Mapping[str, str], http_status: int = 200, **values: Any
) -> Response:
    nothing = {"figures": (), "received": None, "behind": None, "problem": ""}
    house, caller = house_of(request), caller_of(request)
    return render(house, caller, "figures.html", http_status, days=days, **nothing | values)


def _behind(found: Sequence[figures.Found], figure: str, part: str) -> Behind:
    asked = found[figures.FIGURES.index(figures.figure(figure))]
    title = f"{asked.figure.vi}: {dossier_words.PARTS.get(part, part)}"
    return Behind(title, codes_behind(asked, part))


def _shown(found: figures.Found, days: Mapping[str, str], on: date) -> ShownFigure:
    def part(name: str, codes: tuple[str, ...]) -> ShownPart:
        query = query_string(**days, figure=found.figure.code, part=name)
        word = dossier_words.PARTS.get(name, name)
        return ShownPart(word, len(codes), f"/figures?{query}#behind")

    percent = found.percent
    return ShownFigure(
        code=found.figure.code,
        name=found.figure.vi,
        percent=None if percent is None else f"{percent.replace('.', ',')} %",
        sides=(part("numerator", found.numerator), part("denominator", found.denominator)),
        apart=tuple(part(name, codes) for name, codes in found.apart.items()),
        points=_points(found, on),
    )


def _points(found: figures.Found, on: date) -> str | None:
    """Points of the portal in words: with the threshold, then plainly where that differs."""
    points = scores.points_of(found.figure.code, len(found.numerator), len(found.denominator), on)
    if points is None:
        return None
    told = [points.points] if points.points == points.plain else [points.points, points.plain]
    return f"{' hoặc '.join(told).replace('.', ',')} / {points.score.most}"
