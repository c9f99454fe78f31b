"""Jinja2 pages: autoescaped, strict about missing values, with the words of api.web.words."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api import access
from api.access import Identity, Permission
from api.web import words
from ingest.house import House
from repository.ports import Highlight

TEMPLATES: Final = Path(__file__).parent / "templates"


def render(
    house: House, identity: Identity | None, template: str, http_status: int = 200, **values: Any
) -> HTMLResponse:
    """A whole page in the common frame."""
    page = _environment().get_template(template)
    body = page.render(
        office=house.office,
        me=identity,
        may=lambda right: identity is not None and access.has(identity, Permission(right)),
        **values,
    )
    return HTMLResponse(body, http_status)


def marked(highlight: Highlight) -> Markup:
    """A piece of text with its hits in ``<mark>``; everything else escaped."""
    parts: list[Markup] = []
    at = 0
    for start, end in highlight.marks:
        parts.append(escape(highlight.text[at:start]))
        parts.append(Markup("<mark>{}</mark>").format(highlight.text[start:end]))
        at = end
    parts.append(escape(highlight.text[at:]))
    return Markup("").join(parts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=words.day,
        moment=words.moment,
        size=words.size,
        marked=marked,
        word=lambda code, table: table.get(code, code),
    )
    environment.globals.update(words=words)
    return environment
